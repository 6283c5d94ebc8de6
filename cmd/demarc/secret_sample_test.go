//go:build !hostile

package main

// usualSample is the sample of an ordinary test run.
var usualSample = sample{40, 30, 3, 3}
