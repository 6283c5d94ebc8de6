package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// Memory has three lines of defence. What is read is bounded by what it holds: see
// package regular and the loader. The collector is told not to let garbage grow
// beyond what a run needs. And a watch ends the process before the machine does,
// with a sentence and an exit code of demarc's own: what Go says when memory or a
// stack ends is a page, and its exit code means something else here.

const (
	// spareMemory is what garbage may fill without being collected, however little
	// of it is in use.
	spareMemory = 768 << 20
	// usualMemory is what a run stays within, garbage and all, where two thirds of
	// that are enough for what is in use.
	usualMemory = 880 << 20
	// mostStack is far beyond what the nesting needs that the loader lets through.
	// At four times as much Go ends the process.
	mostStack = 256 << 20
	// watchAfter is for how long a run goes unwatched, as most runs are over by then.
	watchAfter = 100 * time.Millisecond
	watchEvery = 20 * time.Millisecond
)

// A stage is what is being done, for the case that it cannot be finished, and what
// was done before it.
type stage struct {
	text atomic.Pointer[string]
	work atomic.Int64 // that reading source took: see analyzer.Coverage
}

func (s *stage) set(text string) { s.text.Store(&text) }

func (s *stage) String() string {
	if text := s.text.Load(); text != nil {
		return *text
	}
	return "starting"
}

// sourceRead is how many bytes of source were read.
var sourceRead atomic.Int64

// memoryForInput is what garbage may take beside that: where much is read it would
// be collected again and again.
func memoryForInput() uint64 {
	const (
		much  = 8 << 20
		aByte = 60 // what reading one leaves behind
	)
	return aByte * uint64(max(sourceRead.Load()-much, 0))
}

// A memoryWatch looks at the memory of the process.
type memoryWatch struct {
	ceiling uint64 // of what is in use
	given   bool   // by GOMEMLIMIT: the collector is told already
	stage   *stage
	stderr  io.Writer
	limit   int64 // what the collector was told last
}

// watchMemory begins to watch, a while from now: a short run never pays for it.
func watchMemory(s *stage, stderr io.Writer) {
	given := debug.SetMemoryLimit(-1)
	set := os.Getenv("GOMEMLIMIT") != "" // "off" is a limit too: none
	if !set {
		debug.SetMemoryLimit(spareMemory)
	}
	time.AfterFunc(watchAfter, func() {
		w := &memoryWatch{ceiling: ceiling(memoryOfMachine(), given), given: set, stage: s, stderr: stderr, limit: spareMemory}
		for {
			if why := w.look(usageNow()); why != "" {
				fmt.Fprintf(stderr, "demarc: %s\n", why)
				endings.run()
				os.Exit(exitIncomplete)
			}
			time.Sleep(watchEvery)
		}
	})
}

// ceiling is what a run may use: three quarters of what the machine or the
// container has to give, and no more than GOMEMLIMIT. Zero: not known.
func ceiling(machine uint64, given int64) uint64 {
	most := machine / 4 * 3
	if given < math.MaxInt64 && (most == 0 || uint64(given) < most) {
		most = uint64(given)
	}
	return most
}

// A usage is the memory that the process has at a moment.
type usage struct {
	live   uint64 // of the heap, as the last collection found it
	all    uint64 // that the machine has given
	stacks uint64
}

func usageNow() usage {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"},
	}
	metrics.Read(samples)
	return usage{
		live: samples[0].Value.Uint64(), all: samples[1].Value.Uint64() - samples[2].Value.Uint64(), stacks: samples[3].Value.Uint64(),
	}
}

// look tells the collector what the run needs, and says why it cannot go on;
// empty: it can.
func (w *memoryWatch) look(u usage) string {
	switch {
	case u.stacks > mostStack:
		return fmt.Sprintf("%s needs too deep a recursion: what is read is nested too deeply", w.stage)
	case w.ceiling > 0 && max(u.live, u.all) > w.ceiling:
		return fmt.Sprintf("%s needs more than %s of memory, which is what it may have here: read fewer directories at a time, or set GOMEMLIMIT higher on a larger machine",
			w.stage, inMemory(w.ceiling))
	}
	if !w.given {
		w.adapt(u.live)
	}
	return ""
}

// adapt lets garbage take as much as what is in use, or what usualMemory leaves.
func (w *memoryWatch) adapt(live uint64) {
	input := memoryForInput()
	limit := int64(max(spareMemory+input, 2*live))
	if usual := usualMemory + input; live <= usual/3*2 {
		limit = min(limit, int64(usual))
	}
	if w.ceiling > 0 {
		limit = min(limit, int64(w.ceiling/10*9))
	}
	if change := limit - w.limit; change > w.limit/10 || -change > w.limit/10 {
		debug.SetMemoryLimit(limit)
		w.limit = limit
	}
}

func inMemory(n uint64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// endings are what has to be done before the process ends, wherever in it that is
// decided.
var endings cleanups

// cleanups is a set of functions. The zero set is empty.
type cleanups struct {
	mu  sync.Mutex
	all map[*func()]bool
}

// add adds a function, until it is told that there is no need any more.
func (c *cleanups) add(do func()) (rest func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[*func()]bool{}
	}
	key := &do
	c.all[key] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.all, key)
	}
}

// run calls them all. It lets nobody add another after that.
func (c *cleanups) run() {
	c.mu.Lock()
	for do := range c.all {
		(*do)()
	}
}
