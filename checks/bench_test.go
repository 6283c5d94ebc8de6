package checks_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/tfconfig"
	"github.com/demarc/demarc/checks"
)

// BenchmarkSource measures a scan of source against its floor, which is
// reading and parsing the same files on every core. Floor, load and checks run
// in turn within one iteration, so that the ratios hold on a machine whose
// speed drifts.
//
//	GOGC=400 go test ./checks -run '^$' -bench Source -benchtime 10x
//
// TREE=/dir measures a configuration of one's own.
func BenchmarkSource(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) { source(b, analyzertest.Tree(n/11)) })
	}
	if dir := os.Getenv("TREE"); dir != "" {
		b.Run("tree", func(b *testing.B) { source(b, os.DirFS(dir)) })
	}
}

// BenchmarkNested is BenchmarkSource of modules in modules, thirty deep, with
// some 33 resources each: the cost of a resource must not grow with their
// number.
//
//	GOGC=400 go test ./checks -run '^$' -bench Nested -benchtime 5x
func BenchmarkNested(b *testing.B) {
	for _, n := range []int{30, 90, 300} {
		b.Run(fmt.Sprintf("modules=%d", n), func(b *testing.B) { source(b, analyzertest.Nested(n, 33)) })
	}
}

func source(b *testing.B, fsys fs.FS) {
	names, size := configuration(b, fsys)
	b.SetBytes(size)
	all, opt := checks.All(), options()
	opt.Today = analyzertest.Today
	var floor, load, judging time.Duration
	resources := 0
	for b.Loop() {
		start := time.Now()
		parse(fsys, names)
		parsed := time.Now()
		set, err := tfconfig.Load(context.Background(), tfconfig.Options{FS: fsys, Paths: []string{"."}})
		loaded := time.Now()
		if err != nil {
			b.Fatal(err)
		}
		rep := judge.Run(context.Background(), set, all, opt)
		judging += time.Since(loaded)
		load += loaded.Sub(parsed)
		floor += parsed.Sub(start)
		resources = len(rep.Resources)
	}
	b.ReportMetric(float64(load)/float64(floor), "load/floor")
	b.ReportMetric(float64(judging)/float64(floor), "checks/floor")
	b.ReportMetric(float64(load+judging)/float64(floor), "scan/floor")
	b.ReportMetric(float64((load+judging).Microseconds())/float64(b.N)/float64(max(resources, 1)), "µs/resource")
}

func configuration(tb testing.TB, fsys fs.FS) (names []string, size int64) {
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".tf") {
			return err
		}
		info, err := e.Info()
		names, size = append(names, name), size+info.Size()
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return names, size
}

// parse is the floor: the library's parser over every file, on every core.
func parse(fsys fs.FS, names []string) {
	parsed := make([]*hcl.File, len(names))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				if src, err := fs.ReadFile(fsys, names[i]); err == nil {
					parsed[i], _ = hclsyntax.ParseConfig(src, names[i], hcl.InitialPos)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkChecks measures the check phase alone, on the generated tree.
//
//	go test ./checks -run '^$' -bench Checks -cpu 1
func BenchmarkChecks(b *testing.B) {
	set, err := tfconfig.Load(context.Background(), tfconfig.Options{FS: analyzertest.Tree(90), Paths: []string{"."}})
	if err != nil {
		b.Fatal(err)
	}
	all, opt := checks.All(), options()
	opt.Today = analyzertest.Today
	b.ReportAllocs()
	var rep *judge.Report
	for b.Loop() {
		rep = judge.Run(context.Background(), set, all, opt)
	}
	n := float64(len(rep.Resources))
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/resource")
	b.ReportMetric(float64(len(rep.Findings))/n, "findings/resource")
}
