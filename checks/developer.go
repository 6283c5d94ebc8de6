package checks

import "github.com/demarc/demarc/analyzer"

func developer() []row { return nil }

// developerDefaults are what AWS makes of attributes that are not set.
func developerDefaults() []analyzer.Default { return nil }
