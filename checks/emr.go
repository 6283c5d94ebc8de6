package checks

import "github.com/demarc/demarc/analyzer"

func emr() []row { return nil }

// emrDefaults are what AWS makes of attributes that are not set.
func emrDefaults() []analyzer.Default { return nil }
