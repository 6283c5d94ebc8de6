package tfconfig

import (
	"context"

	"github.com/demarc/demarc/analyzer"
)

// Spending is what a load took of the work that it is allowed.
type Spending struct {
	Work, Allowed int64
	Roots         int
	Root          string // the one that took most
	RootWork      int64
	Again         bool  // some root needed more than its share at first
	Trace         int64 // what one trace may cost
}

// LoadSpending is Load with what it took. A trace may cost as much as is given
// here; 0: as much as for everyone.
func LoadSpending(ctx context.Context, opt Options, trace int64) (*analyzer.Set, Spending, error) {
	l := newLoader(opt)
	results, err := l.load(ctx)
	if err != nil {
		return nil, Spending{}, err
	}
	s := Spending{Work: l.worked, Allowed: l.allowed, Roots: len(results)}
	for _, r := range results {
		if trace > 0 {
			r.ev.trace = trace
		}
		s.Trace = r.ev.trace
		if n := r.ev.budget.Spent(); n > s.RootWork {
			s.Root, s.RootWork = r.root.Dir, n
		}
	}
	s.Again = s.RootWork > s.Allowed/int64(len(results))
	return l.set(results), s, nil
}
