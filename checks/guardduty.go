package checks

import "github.com/demarc/demarc/analyzer"

func guardduty() []row { return nil }

// guarddutyDefaults are what AWS makes of attributes that are not set.
func guarddutyDefaults() []analyzer.Default { return nil }
