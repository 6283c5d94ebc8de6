//go:build !hostile

package main

// usualSample is that of an ordinary run of the tests.
var usualSample = sample{40, 30, 3, 3}
