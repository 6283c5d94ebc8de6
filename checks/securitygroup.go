package checks

import "github.com/demarc/demarc/analyzer"

func securitygroup() []row { return nil }

// securitygroupDefaults are what AWS makes of attributes that are not set.
func securitygroupDefaults() []analyzer.Default { return nil }
