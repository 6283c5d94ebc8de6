package tfplan

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
)

// planSize returns the size of the generated plan in bytes: 20 MB, or DEMARC_PLAN_MB.
func planSize() int {
	if mb, err := strconv.Atoi(os.Getenv("DEMARC_PLAN_MB")); err == nil && mb > 0 {
		return mb << 20
	}
	return 20 << 20
}

// largePlan makes a plan of the size from a real plan: each copy is a separate
// module, so that every reference has one target.
func largePlan(tb testing.TB, size int) []byte {
	tb.Helper()
	src := real(tb, "vpc-flow-log")
	var plan map[string]json.RawMessage
	if err := json.Unmarshal(src, &plan); err != nil {
		tb.Fatal(err)
	}
	var changes []json.RawMessage
	var config struct {
		Providers json.RawMessage `json:"provider_config"`
		Root      json.RawMessage `json:"root_module"`
	}
	decodeJSON(tb, plan["resource_changes"], &changes)
	decodeJSON(tb, plan["configuration"], &config)

	copies := size/len(src) + 1
	var out bytes.Buffer
	out.Grow(size + size/4)
	out.WriteString(`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{}}`)
	out.WriteString(`,"resource_changes":[`)
	for i := range copies {
		for j, c := range changes {
			if i+j > 0 {
				out.WriteByte(',')
			}
			out.WriteString(strings.Replace(string(c), `"address":"`, fmt.Sprintf(`"address":"module.copy%d.`, i), 1))
		}
	}
	fmt.Fprintf(&out, `],"prior_state":%s,"configuration":{"provider_config":%s,"root_module":{"module_calls":{`, plan["prior_state"], config.Providers)
	for i := range copies {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `"copy%d":{"source":"./copy","module":%s}`, i, config.Root)
	}
	out.WriteString(`}}}}`)
	return out.Bytes()
}

func decodeJSON(tb testing.TB, src []byte, into any) {
	tb.Helper()
	if err := json.Unmarshal(src, into); err != nil {
		tb.Fatal(err)
	}
}

// real returns one of the plans that Terraform made of a real configuration.
func real(tb testing.TB, name string) []byte {
	tb.Helper()
	packed, err := os.Open("testdata/" + name + ".json.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		tb.Fatal(err)
	}
	src, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

func BenchmarkLoad(b *testing.B) {
	src := largePlan(b, planSize())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		set, err := Load(context.Background(), bytes.NewReader(src), Options{Name: "plan.json"})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(set.Roots[0].Resources)), "resources")
	}
}

// BenchmarkFloor measures the unavoidable cost: a strict decode of the same bytes,
// one change at a time into a map.
func BenchmarkFloor(b *testing.B) {
	src := largePlan(b, planSize())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if err := floor(bytes.NewReader(src)); err != nil {
			b.Fatal(err)
		}
	}
}

func floor(r io.Reader) error {
	d := newDecoder(context.Background(), r)
	return d.object(func(name string) error {
		if name != "resource_changes" {
			return d.SkipValue()
		}
		return d.array(func() error {
			var change map[string]any
			return jsonv2.UnmarshalDecode(d.Decoder, &change)
		})
	})
}

// BenchmarkRatio alternates the two, so that both see the same machine, and reports
// the time of Load in floors.
func BenchmarkRatio(b *testing.B) {
	src := largePlan(b, planSize())
	var loads, floors time.Duration
	for b.Loop() {
		began := time.Now()
		if err := floor(bytes.NewReader(src)); err != nil {
			b.Fatal(err)
		}
		floors += time.Since(began)
		began = time.Now()
		if _, err := Load(context.Background(), bytes.NewReader(src), Options{Name: "plan.json"}); err != nil {
			b.Fatal(err)
		}
		loads += time.Since(began)
	}
	b.ReportMetric(loads.Seconds()/floors.Seconds(), "floors")
}

// BenchmarkValues measures the cost of values when all are requested.
func BenchmarkValues(b *testing.B) {
	src := largePlan(b, planSize())
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		b.StopTimer()
		set, err := Load(context.Background(), bytes.NewReader(src), Options{Name: "plan.json"})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		for _, r := range set.Roots[0].Resources {
			r.Values()
		}
	}
}

// BenchmarkMemory reports the memory of a loaded plan, relative to its file.
func BenchmarkMemory(b *testing.B) {
	src := largePlan(b, planSize())
	for b.Loop() {
		before := heap()
		set, err := Load(context.Background(), bytes.NewReader(src), Options{Name: "plan.json"})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(heap()-before)/float64(len(src)), "kept/byte")
		runtime.KeepAlive(set)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
