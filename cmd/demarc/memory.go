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

// Memory has three lines of defence. The size of the input is limited by its kind:
// see package regular and the loader. The garbage collector is set to keep garbage
// below the needs of a run. And a watch ends the process before the machine does,
// with a sentence and an exit code of demarc's own: Go's message at the end of
// memory or stack is a page long, and its exit code has another meaning here.

const (
	// spareMemory is the memory that garbage may fill without a collection, however
	// little is in use.
	spareMemory = 768 << 20
	// usualMemory is the limit of a run, including garbage, if two thirds of it are
	// enough for the memory in use.
	usualMemory = 880 << 20
	// mostStack is far above the needs of the nesting that the loader allows. At
	// four times this size Go ends the process.
	mostStack = 256 << 20
	// watchAfter is the time for which a run is not watched, because most runs end
	// within it.
	watchAfter = 100 * time.Millisecond
	watchEvery = 20 * time.Millisecond
)

// A stage is the current step, for the message if it cannot be finished, and the
// work done before it.
type stage struct {
	text atomic.Pointer[string]
	work atomic.Int64 // used to read source: see analyzer.Coverage
}

func (s *stage) set(text string) { s.text.Store(&text) }

func (s *stage) String() string {
	if text := s.text.Load(); text != nil {
		return *text
	}
	return "starting"
}

// sourceRead is the number of bytes of source that were read.
var sourceRead atomic.Int64

// memoryForInput returns the additional memory that garbage may take: a large input would
// otherwise be collected again and again.
func memoryForInput() uint64 {
	const (
		much  = 8 << 20
		aByte = 60 // garbage from reading a byte
	)
	return aByte * uint64(max(sourceRead.Load()-much, 0))
}

// A memoryWatch watches the memory of the process.
type memoryWatch struct {
	ceiling uint64 // for memory in use
	given   bool   // by GOMEMLIMIT: the collector's limit is already set
	stage   *stage
	stderr  io.Writer
	limit   int64 // the collector's last limit
}

// watchMemory begins to watch after a delay: a short run does not pay for it.
func watchMemory(s *stage, stderr io.Writer) {
	given := debug.SetMemoryLimit(-1)
	set := os.Getenv("GOMEMLIMIT") != "" // "off" is a setting too: no limit
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

// ceiling returns the memory that a run may use: three quarters of the memory of the
// machine or the container, and no more than GOMEMLIMIT. Zero: unknown.
func ceiling(machine uint64, given int64) uint64 {
	most := machine / 4 * 3
	if given < math.MaxInt64 && (most == 0 || uint64(given) < most) {
		most = uint64(given)
	}
	return most
}

// A usage is the memory of the process at one time.
type usage struct {
	live   uint64 // of the heap, at the last collection
	all    uint64 // from the machine
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

// look sets the collector's limit, and returns why the run cannot continue; empty:
// it can.
func (w *memoryWatch) look(u usage) string {
	switch {
	case u.stacks > mostStack:
		return fmt.Sprintf("%s needs too deep a recursion: the input is nested too deeply", w.stage)
	case w.ceiling > 0 && max(u.live, u.all) > w.ceiling:
		return fmt.Sprintf("%s needs more than %s of memory, the limit here: read fewer directories at a time, or set GOMEMLIMIT higher on a larger machine",
			w.stage, inMemory(w.ceiling))
	}
	if !w.given {
		w.adapt(u.live)
	}
	return ""
}

// adapt lets garbage take as much memory as is in use, or the rest of usualMemory.
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

// endings are the functions to run before the process ends, wherever in it that is
// decided.
var endings cleanups

// cleanups is a set of functions. The zero set is empty.
type cleanups struct {
	mu  sync.Mutex
	all map[*func()]bool
}

// add adds a function; the returned function removes it.
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

// run calls all functions. After that, add blocks.
func (c *cleanups) run() {
	c.mu.Lock()
	for do := range c.all {
		(*do)()
	}
}
