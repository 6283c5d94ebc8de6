package checks

import "github.com/demarc/demarc/analyzer"

func ssm() []row { return nil }

// ssmDefaults are what AWS makes of attributes that are not set.
func ssmDefaults() []analyzer.Default { return nil }
