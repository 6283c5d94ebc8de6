package budget

import "testing"

func TestSpend(t *testing.T) {
	b := New(10)
	if !b.Spend(10) || b.Over() || b.Left() != 0 || b.Spent() != 10 {
		t.Errorf("all of it: over %v, left %d, spent %d", b.Over(), b.Left(), b.Spent())
	}
	b = New(10)
	if b.Spend(11) || !b.Over() || b.Spend(0) || b.Left() != 0 || b.Spent() != 10 {
		t.Errorf("too much: over %v, left %d, spent %d", b.Over(), b.Left(), b.Spent())
	}
	b = New(10)
	if b.Spend(-1) || !b.Over() {
		t.Error("an overflow gave units back")
	}
	var none *Budget
	if !none.Spend(1<<40) || none.Over() || none.Spent() != 0 {
		t.Error("a nil budget has an end")
	}
}
