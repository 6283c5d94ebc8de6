package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A bar shows the progress of a long operation on standard error. It is silent if
// standard error is no terminal, and for the first second.
type bar struct {
	out   io.Writer // nil: silent
	label string
	now   func() time.Time

	mu    sync.Mutex
	next  time.Time // when to draw
	drawn bool
}

func (p *process) progress(label string) *bar {
	b := &bar{label: label, now: time.Now}
	if isTerminal(p.stderr) {
		b.out, b.next = p.stderr, time.Now().Add(time.Second)
	}
	return b
}

// step records the progress. It may be called from several goroutines.
func (b *bar) step(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.out == nil || total == 0 || b.now().Before(b.next) {
		return
	}
	const cells = 24
	full := min(cells, cells*done/total)
	fmt.Fprintf(b.out, "\r%s %s%s %d of %d files", b.label, strings.Repeat("█", full), strings.Repeat("░", cells-full), done, total)
	b.next, b.drawn = b.now().Add(100*time.Millisecond), true
}

// done removes the bar.
func (b *bar) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn {
		fmt.Fprint(b.out, "\r\x1b[2K")
	}
	b.out = nil
}
