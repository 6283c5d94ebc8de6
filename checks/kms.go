package checks

import "github.com/demarc/demarc/analyzer"

func kms() []row { return nil }

// kmsDefaults are what AWS makes of attributes that are not set.
func kmsDefaults() []analyzer.Default { return nil }
