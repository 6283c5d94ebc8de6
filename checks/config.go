package checks

import "github.com/demarc/demarc/analyzer"

func config() []row { return nil }

// configDefaults are what AWS makes of attributes that are not set.
func configDefaults() []analyzer.Default { return nil }
