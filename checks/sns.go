package checks

import "github.com/demarc/demarc/analyzer"

func sns() []row { return nil }

// snsDefaults are what AWS makes of attributes that are not set.
func snsDefaults() []analyzer.Default { return nil }
