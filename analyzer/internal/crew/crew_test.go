package crew

import (
	"bytes"
	"sync/atomic"
	"testing"
)

func TestGroup(t *testing.T) {
	var g Group
	var done atomic.Int32
	for range 8 {
		g.Go(func() { done.Add(1) })
	}
	g.Wait()
	if done.Load() != 8 {
		t.Errorf("%d of 8 are done", done.Load())
	}
}

func TestPanicReachesTheWaiter(t *testing.T) {
	var g Group
	var done atomic.Int32
	defer func() {
		broke, ok := recover().(*Panic)
		if !ok || broke.String() != "a bad row" || !bytes.Contains(broke.Trace(), []byte("crew_test.go")) {
			t.Errorf("recovered %v", broke)
		}
		if done.Load() != 4 {
			t.Errorf("%d of the other 4 are done", done.Load())
		}
	}()
	for i := range 5 {
		g.Go(func() {
			if i == 2 {
				panic("a bad row")
			}
			done.Add(1)
		})
	}
	g.Wait()
	t.Error("Wait returned")
}
