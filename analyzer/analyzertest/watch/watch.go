// Package watch holds what fuzzed input may cost. It stands apart from package
// analyzertest so that the tests of every package can import it.
package watch

import (
	"fmt"
	"runtime/metrics"
	"testing"
	"time"
)

// The ceilings of one input, which is small: the budgets of demarc allow the
// same for all of them. The time is a belt: it ends what hangs without
// allocating, and nothing that ends by itself comes near it.
const (
	mostAllocated = 4 << 30 // bytes in all
	mostHeld      = 1 << 30 // bytes at once
	mostTime      = time.Minute
)

// Run runs f on an input of a size, and fails the test where f allocates more
// than that may cost. What goes beyond while it runs, or hangs, ends the
// process, so that a fuzzer keeps the input.
func Run(t testing.TB, size int, f func()) {
	t.Helper()
	before := read(allocated)
	stop := make(chan struct{})
	defer close(stop)
	go guard(size, before, stop)
	f()
	if n := read(allocated) - before; n > mostAllocated {
		t.Errorf("an input of %d bytes allocates %d MiB, at most %d", size, n>>20, mostAllocated>>20)
	}
}

func guard(size int, before uint64, stop chan struct{}) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); ; {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		switch n, held := read(allocated)-before, read(live); {
		case n > 2*mostAllocated:
			panic(fmt.Sprintf("an input of %d bytes allocates more than %d MiB", size, n>>20))
		case held > mostHeld:
			panic(fmt.Sprintf("an input of %d bytes holds more than %d MiB", size, held>>20))
		case time.Since(began) > mostTime:
			panic(fmt.Sprintf("an input of %d bytes takes more than %v", size, mostTime))
		}
	}
}

// What the runtime knows of this process, in bytes.
const (
	allocated = "/gc/heap/allocs:bytes"
	live      = "/gc/heap/live:bytes" // at the last collection
)

func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
