//go:build hostile

package main

// usualSample is that of the hostile suite.
var usualSample = sample{1, 60, 2, 5}
