package checks

import "github.com/demarc/demarc/analyzer"

func glacier() []row { return nil }

// glacierDefaults are what AWS makes of attributes that are not set.
func glacierDefaults() []analyzer.Default { return nil }
