package checks

import "github.com/demarc/demarc/analyzer"

func eks() []row { return nil }

// eksDefaults are what AWS makes of attributes that are not set.
func eksDefaults() []analyzer.Default { return nil }
