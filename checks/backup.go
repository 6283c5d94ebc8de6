package checks

import "github.com/demarc/demarc/analyzer"

func backup() []row { return nil }

// backupDefaults are what AWS makes of attributes that are not set.
func backupDefaults() []analyzer.Default { return nil }
