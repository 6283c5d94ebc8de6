package checks

import "github.com/demarc/demarc/analyzer"

func cloudwatch() []row { return nil }

// cloudwatchDefaults are what AWS makes of attributes that are not set.
func cloudwatchDefaults() []analyzer.Default { return nil }
