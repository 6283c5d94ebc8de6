package checks

import "github.com/demarc/demarc/analyzer"

func search() []row { return nil }

// searchDefaults are what AWS makes of attributes that are not set.
func searchDefaults() []analyzer.Default { return nil }
