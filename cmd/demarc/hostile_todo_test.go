//go:build hostile

package main

// hostileTodo says of rows, named as the test prints them, what does not hold
// yet. They are run, and one that holds fails until its line is taken out.
var hostileTodo = map[string]string{}
