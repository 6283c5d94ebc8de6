package checks

import "github.com/demarc/demarc/analyzer"

func api() []row { return nil }

// apiDefaults are what AWS makes of attributes that are not set.
func apiDefaults() []analyzer.Default { return nil }
