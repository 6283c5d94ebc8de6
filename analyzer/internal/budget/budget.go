// Package budget counts the work that input causes, so that untrusted input
// cannot cause more than its size allows. Work is counted, not timed: the same
// input exceeds its budget at the same point on every machine.
package budget

// A Budget is an amount of work in units. A unit represents about 100 ns of one
// core, or 40 bytes that stay in memory. A nil Budget is unlimited. A Budget is
// for one goroutine at a time.
type Budget struct {
	given int64
	left  int64
}

// New returns a budget of the given number of units.
func New(units int64) *Budget { return &Budget{units, units} }

// Spend takes units and reports whether there were enough. If there were not,
// none are left, so that later cheaper work is not done by chance. A negative
// number means that the amount overflowed an int.
func (b *Budget) Spend(units int) bool {
	if b == nil {
		return true
	}
	if units < 0 || int64(units) > b.left {
		b.left = -1
		return false
	}
	b.left -= int64(units)
	return true
}

// Over reports whether Spend has failed.
func (b *Budget) Over() bool { return b != nil && b.left < 0 }

// Left is the number of units that Spend can still take.
func (b *Budget) Left() int64 {
	if b == nil {
		return 1<<63 - 1
	}
	return max(b.left, 0)
}

// Spent is the number of units taken; all of them if Spend has failed.
func (b *Budget) Spent() int64 {
	if b == nil {
		return 0
	}
	return b.given - max(b.left, 0)
}
