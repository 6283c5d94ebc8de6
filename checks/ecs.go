package checks

import "github.com/demarc/demarc/analyzer"

func ecs() []row { return nil }

// ecsDefaults are what AWS makes of attributes that are not set.
func ecsDefaults() []analyzer.Default { return nil }
