package checks

import "github.com/demarc/demarc/analyzer"

func iam() []row { return nil }

// iamDefaults are what AWS makes of attributes that are not set.
func iamDefaults() []analyzer.Default { return nil }
