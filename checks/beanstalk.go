package checks

import "github.com/demarc/demarc/analyzer"

func beanstalk() []row { return nil }

// beanstalkDefaults are what AWS makes of attributes that are not set.
func beanstalkDefaults() []analyzer.Default { return nil }
