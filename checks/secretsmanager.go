package checks

import "github.com/demarc/demarc/analyzer"

func secretsmanager() []row { return nil }

// secretsmanagerDefaults are what AWS makes of attributes that are not set.
func secretsmanagerDefaults() []analyzer.Default { return nil }
