package checks

import "github.com/demarc/demarc/analyzer"

func sqs() []row { return nil }

// sqsDefaults are what AWS makes of attributes that are not set.
func sqsDefaults() []analyzer.Default { return nil }
