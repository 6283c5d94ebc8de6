package checks

import "github.com/demarc/demarc/analyzer"

func ebs() []row { return nil }

// ebsDefaults are what AWS makes of attributes that are not set.
func ebsDefaults() []analyzer.Default { return nil }
