// Package crew runs goroutines and rethrows the first panic in Wait, where it
// can be recovered. Without it, a panic in a goroutine ends the process.
package crew

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// A Group is a sync.WaitGroup that passes on a panic. The zero Group is ready
// to use.
type Group struct {
	wg    sync.WaitGroup
	once  sync.Once
	broke *Panic
}

// A Panic is the value with which Wait panics.
type Panic struct {
	Value any // value of the first panic
	stack []byte
}

// Trace is the stack of the goroutine that panicked.
func (p *Panic) Trace() []byte { return p.stack }

// String is the value of the panic, without the stack.
func (p *Panic) String() string { return fmt.Sprint(p.Value) }

// Go calls f in a new goroutine.
func (g *Group) Go(f func()) {
	g.wg.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				g.once.Do(func() { g.broke = &Panic{v, debug.Stack()} })
			}
		}()
		f()
	})
}

// Wait waits for every goroutine, and panics with a *Panic if one did.
func (g *Group) Wait() {
	g.wg.Wait()
	if g.broke != nil {
		panic(g.broke)
	}
}
