package checks

import "github.com/demarc/demarc/analyzer"

func elb() []row { return nil }

// elbDefaults are what AWS makes of attributes that are not set.
func elbDefaults() []analyzer.Default { return nil }
