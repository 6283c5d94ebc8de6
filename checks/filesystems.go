package checks

import "github.com/demarc/demarc/analyzer"

func filesystems() []row { return nil }

// filesystemsDefaults are what AWS makes of attributes that are not set.
func filesystemsDefaults() []analyzer.Default { return nil }
