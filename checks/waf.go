package checks

import "github.com/demarc/demarc/analyzer"

func waf() []row { return nil }

// wafDefaults are what AWS makes of attributes that are not set.
func wafDefaults() []analyzer.Default { return nil }
