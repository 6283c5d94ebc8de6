package checks

import "github.com/demarc/demarc/analyzer"

func streams() []row { return nil }

// streamsDefaults are what AWS makes of attributes that are not set.
func streamsDefaults() []analyzer.Default { return nil }
