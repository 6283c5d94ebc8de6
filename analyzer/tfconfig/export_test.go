package tfconfig

import (
	"context"

	"github.com/demarc/demarc/analyzer"
)

// Spending is the work that a load used, and the work that it was allowed.
type Spending struct {
	Work, Allowed int64
	Roots         int
	Root          string // the root that used most
	RootWork      int64
	Again         bool  // some root first needed more than its share
	Trace         int64 // the limit of one trace
}

// LoadSpending is Load with the work that it used. trace is the limit of one trace;
// 0: the usual limit.
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
