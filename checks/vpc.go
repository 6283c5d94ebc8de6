package checks

import "github.com/demarc/demarc/analyzer"

func vpc() []row { return nil }

// vpcDefaults are what AWS makes of attributes that are not set.
func vpcDefaults() []analyzer.Default { return nil }
