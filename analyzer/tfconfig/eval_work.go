package tfconfig

import (
	"cmp"
	"context"

	"github.com/demarc/demarc/analyzer/internal/budget"
)

// What a load may cost grows with what it reads, so that a large configuration
// has what it needs and a small one cannot cost much. In units of package budget.
const (
	leastWork   = 20_000_000 // some 2 s of one core, or 800 MB
	workAByte   = 20         // ten times what it costs to parse a byte
	leastTrace  = 20_000     // of one trace: those of real modules cost 16,000 at most
	mostTrace   = 50_000
	mostRepeats = 3
)

// evaluateAll evaluates roots on every core. Each has an equal share of the work
// that the load may cause. What some leave is shared among those that need more,
// which are evaluated again: the result does not depend on which root is first.
func (l *loader) evaluateAll(ctx context.Context, roots []rootDir) []*evaluated {
	results := make([]*evaluated, len(roots))
	all := make([]int, len(roots))
	for i := range all {
		all[i] = i
	}
	l.allowed = cmp.Or(l.opt.Work, leastWork+workAByte*l.bytes())
	left, most := l.allowed, int64(0)
	for range mostRepeats {
		share := left / int64(max(len(all), 1))
		if share <= most {
			break
		}
		most = share
		parallel(ctx, len(all), func(i int) {
			results[all[i]] = l.evaluate(ctx, roots[all[i]], budget.New(share))
		})
		if ctx.Err() != nil {
			return nil
		}
		var again []int
		for _, i := range all {
			left -= results[i].ev.budget.Spent()
			if results[i].ev.budget.Over() {
				again = append(again, i)
			}
		}
		if all = again; len(all) == 0 {
			break
		}
	}
	l.worked = l.allowed - left
	l.allowTraces(results)
	return results
}

// allowTraces says what one trace may cost: of all that the load may cost, the
// part that each value would have if all were traced.
func (l *loader) allowTraces(results []*evaluated) {
	values := int64(1)
	for _, r := range results {
		values += r.ev.values
	}
	for _, r := range results {
		r.ev.trace = min(max(l.allowed/values, leastTrace), mostTrace)
	}
}

// bytes is how much was parsed.
func (l *loader) bytes() int64 {
	n := int64(0)
	for _, lazy := range l.modules {
		if lazy.mod == nil {
			continue
		}
		for _, f := range lazy.mod.files {
			n += int64(f.size)
		}
	}
	return n
}
