package checks

import "github.com/demarc/demarc/analyzer"

func autoscaling() []row { return nil }

// autoscalingDefaults are what AWS makes of attributes that are not set.
func autoscalingDefaults() []analyzer.Default { return nil }
