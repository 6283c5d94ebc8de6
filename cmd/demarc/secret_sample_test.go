//go:build !hostile

package main

// How much of the law about secrets runs in an ordinary test: one fixture of so
// many, and one leaf of so many in each, up to a bound.
const (
	secretSample = 40
	secretLeaves = 30
	secretWays   = 3 // all leaves at once: one way of so many
	mostLeaves   = 3
)
