package checks

import "github.com/demarc/demarc/analyzer"

func lambda() []row { return nil }

// lambdaDefaults are what AWS makes of attributes that are not set.
func lambdaDefaults() []analyzer.Default { return nil }
