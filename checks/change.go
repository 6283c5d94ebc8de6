package checks

import "github.com/demarc/demarc/analyzer"

func change() []row { return nil }

// changeDefaults are what AWS makes of attributes that are not set.
func changeDefaults() []analyzer.Default { return nil }
