//go:build hostile

package main

// The whole law about secrets: every fixture, and every leaf in turn.
const (
	secretSample = 1
	secretLeaves = 1
	mostLeaves   = 1 << 20
)
