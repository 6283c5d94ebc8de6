package checks

import "github.com/demarc/demarc/analyzer"

func s3() []row { return nil }

// s3Defaults are what AWS makes of attributes that are not set.
func s3Defaults() []analyzer.Default { return nil }
