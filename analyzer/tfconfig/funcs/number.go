package funcs

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func numberRows() []row {
	num := cty.Number
	return []row{
		{name: "abs", ret: num, fn: stdlib.AbsoluteFunc},
		{name: "ceil", ret: num, fn: stdlib.CeilFunc},
		{name: "floor", ret: num, fn: stdlib.FloorFunc},
		{name: "log", ret: num, fn: stdlib.LogFunc},
		{name: "max", ret: num, fn: stdlib.MaxFunc},
		{name: "min", ret: num, fn: stdlib.MinFunc},
		{name: "parseint", ret: num, fn: stdlib.ParseIntFunc, guard: digitsGuard},
		{name: "pow", ret: num, fn: stdlib.PowFunc},
		{name: "range", ret: cty.List(num), fn: stdlib.RangeFunc}, // limits itself to 1,024 elements
		{name: "signum", ret: num, fn: stdlib.SignumFunc},
		{name: "sum", ret: num, fn: sumFunc()},
	}
}
