package checks

import "github.com/demarc/demarc/analyzer"

func cloudtrail() []row { return nil }

// cloudtrailDefaults are what AWS makes of attributes that are not set.
func cloudtrailDefaults() []analyzer.Default { return nil }
