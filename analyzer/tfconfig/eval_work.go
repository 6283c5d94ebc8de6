package tfconfig

import (
	"cmp"
	"context"

	"github.com/demarc/demarc/analyzer/internal/budget"
)

// The limit of work grows with the size of the input, so that a large configuration
// has enough and a small one cannot cost much. In units of package budget.
const (
	leastWork   = 20_000_000 // about 2 s of one core, or 800 MB
	workAByte   = 20         // ten times the cost of parsing a byte
	leastTrace  = 20_000     // per trace: traces in real modules cost 16,000 at most
	mostTrace   = 50_000
	mostRepeats = 3
)

// evaluateAll evaluates roots on every core. Each root has an equal share of the
// work that the load allows. The unused work is shared among the roots that need
// more, which are evaluated again: the result does not depend on the order of the
// roots.
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

// allowTraces sets the limit of one trace: the work of the whole load divided by the
// number of values, as if all were traced.
func (l *loader) allowTraces(results []*evaluated) {
	values := int64(1)
	for _, r := range results {
		values += r.ev.values
	}
	for _, r := range results {
		r.ev.trace = min(max(l.allowed/values, leastTrace), mostTrace)
	}
}

// bytes returns the number of parsed bytes.
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
