package checks

import "github.com/demarc/demarc/analyzer"

func ec2() []row { return nil }

// ec2Defaults are what AWS makes of attributes that are not set.
func ec2Defaults() []analyzer.Default { return nil }
