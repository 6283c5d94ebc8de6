package main

import (
	"bytes"
	"io"
	"testing"
	"time"
)

// TestSameBytes scans the same directories repeatedly: whatever runs at the same
// time, and whatever the order of maps, the report is the same.
func TestSameBytes(t *testing.T) {
	const times = 20
	for _, format := range []string{"json", "text", "sarif"} {
		for _, dir := range []string{"quickstart", "language"} {
			t.Run(format+" of "+dir, func(t *testing.T) {
				first := scanned(dir, format)
				if len(first) == 0 {
					t.Fatal("no report")
				}
				for range times - 1 {
					if again := scanned(dir, format); !bytes.Equal(first, again) {
						t.Fatalf("two reports differ:\n%s", firstDifference(first, again))
					}
				}
			})
		}
	}
}

func scanned(dir, format string) []byte {
	var out bytes.Buffer
	p := &process{
		dir: "../../fixtures/" + dir, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: builtin, stdin: &bytes.Buffer{}, stdout: &out, stderr: io.Discard,
	}
	p.run([]string{"scan", "--show", "all", "--format", format, "."})
	return out.Bytes()
}

func firstDifference(a, b []byte) string {
	as, bs := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(as), len(bs)) {
		if !bytes.Equal(as[i], bs[i]) {
			return string(as[i]) + "\n" + string(bs[i])
		}
	}
	return "one is longer"
}
