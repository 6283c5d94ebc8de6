//go:build hostile

package main

// The whole law about secrets: every fixture, and every leaf in turn.
const (
	secretSample = 1
	secretLeaves = 1
	secretWays   = 1 // all leaves at once: one way of so many
	mostLeaves   = 1 << 20
)
