package checks

import "github.com/demarc/demarc/analyzer"

func dynamodb() []row { return nil }

// dynamodbDefaults are what AWS makes of attributes that are not set.
func dynamodbDefaults() []analyzer.Default { return nil }
