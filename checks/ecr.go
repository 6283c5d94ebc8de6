package checks

import "github.com/demarc/demarc/analyzer"

func ecr() []row { return nil }

// ecrDefaults are what AWS makes of attributes that are not set.
func ecrDefaults() []analyzer.Default { return nil }
