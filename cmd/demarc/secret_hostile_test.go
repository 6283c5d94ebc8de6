//go:build hostile

package main

// usualSample is the sample of the hostile suite.
var usualSample = sample{1, 60, 2, 5}
