package checks

import "github.com/demarc/demarc/analyzer"

func edge() []row { return nil }

// edgeDefaults are what AWS makes of attributes that are not set.
func edgeDefaults() []analyzer.Default { return nil }
