// Package crew runs work on several goroutines. A panic in one of them ends
// the work and reaches whoever waits for it, who may recover it; on its own it
// would end the process.
package crew

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// A Group is a sync.WaitGroup that carries a panic over. The zero Group is
// ready.
type Group struct {
	wg    sync.WaitGroup
	once  sync.Once
	broke *Panic
}

// A Panic is what Wait panics with.
type Panic struct {
	Value any // of the first panic
	stack []byte
}

// Trace is the stack of the goroutine that panicked.
func (p *Panic) Trace() []byte { return p.stack }

// String is the value of the panic, without the stack.
func (p *Panic) String() string { return fmt.Sprint(p.Value) }

// Go calls f in a goroutine of its own.
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
