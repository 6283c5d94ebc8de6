package checks

import "github.com/demarc/demarc/analyzer"

func analytics() []row { return nil }

// analyticsDefaults are what AWS makes of attributes that are not set.
func analyticsDefaults() []analyzer.Default { return nil }
