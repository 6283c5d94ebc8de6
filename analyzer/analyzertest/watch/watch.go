// Package watch limits the cost of fuzzed input. It is separate from package
// analyzertest so that the tests of every package can import it.
package watch

import (
	"fmt"
	"runtime/metrics"
	"testing"
	"time"
)

// The limits of one input, which is small: the budgets of demarc are the same for
// all small inputs. The time limit is a safeguard: it ends a process that hangs
// without allocating, and nothing that ends by itself comes near it.
const (
	mostAllocated = 4 << 30 // bytes in total
	mostHeld      = 1 << 30 // bytes at one time
	mostTime      = time.Minute
)

// Run runs f on an input of a size, and fails the test if f allocates more than the
// limit for the size. An f that exceeds a limit while it runs, or hangs, ends the
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

// The runtime's metrics of this process, in bytes.
const (
	allocated = "/gc/heap/allocs:bytes"
	live      = "/gc/heap/live:bytes" // at the last collection
)

func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
