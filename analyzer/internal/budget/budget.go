// Package budget counts the work that input causes, so that input which nobody
// vouches for cannot cause more than its size allows. Work is counted and not
// timed: the same input is given up at the same place on every machine.
package budget

// A Budget is an amount of work in units. A unit stands for about 100 ns of one
// core, or for 40 bytes that stay in memory. A nil Budget has no end. It is for
// one goroutine at a time.
type Budget struct {
	given int64
	left  int64
}

// New returns a budget of so many units.
func New(units int64) *Budget { return &Budget{units, units} }

// Spend takes units and reports whether there were enough. Where there were not,
// none are left: what comes after is not done because it happens to cost less.
// What is negative was too much for an int.
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

// Left is what Spend can still take.
func (b *Budget) Left() int64 {
	if b == nil {
		return 1<<63 - 1
	}
	return max(b.left, 0)
}

// Spent is what was taken; all of it where Spend has failed.
func (b *Budget) Spent() int64 {
	if b == nil {
		return 0
	}
	return b.given - max(b.left, 0)
}
