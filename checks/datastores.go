package checks

import "github.com/demarc/demarc/analyzer"

func datastores() []row { return nil }

// datastoresDefaults are what AWS makes of attributes that are not set.
func datastoresDefaults() []analyzer.Default { return nil }
