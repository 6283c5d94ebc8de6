package funcs

import (
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func timeRows() []row {
	str := cty.String
	return []row{
		{name: "formatdate", ret: str, fn: stdlib.FormatDateFunc},
		{name: "plantimestamp", ret: str, fn: unpredictable("plantimestamp")},
		{name: "timeadd", ret: str, fn: stdlib.TimeAddFunc},
		{name: "timecmp", ret: cty.Number, fn: textFunc(cty.Number, timecmp, "timestamp_a", "timestamp_b")},
		{name: "timestamp", ret: str, fn: unpredictable("timestamp")},
	}
}

func timecmp(s ...string) (cty.Value, error) {
	var at [2]time.Time
	for i := range at {
		t, err := time.Parse(time.RFC3339, s[i])
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(i, "not a valid RFC3339 timestamp")
		}
		at[i] = t
	}
	return cty.NumberIntVal(int64(at[0].Compare(at[1]))), nil
}
