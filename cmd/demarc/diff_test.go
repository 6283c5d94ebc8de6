package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer/report"
)

// A difference is the part of the JSON form that these tests read.
type difference struct {
	Line   []transfer
	Shifts []struct {
		Old, New  *struct{ Root, Definition, Service, Model string }
		Transfers []transfer
		Kept      []string
	}
	Duties   []duty
	Untold   []struct{ Side string } `json:"cannot_tell"`
	NewGaps  []gap                   `json:"new_gaps"`
	Closed   []gap                   `json:"closed_gaps"`
	Existing int                     `json:"existing_gaps"`
}

type duty struct {
	Layer string
	Old   string `json:"old_state"`
	New   string `json:"new_state"`
}

type transfer struct{ Layer, Direction string }

type gap struct{ Check, Root, Address, Attribute, File, Before, Now string }

// compareFixtures compares two directories of fixtures, without their settings,
// which belong to the new side.
func compareFixtures(t *testing.T, old, new string) difference {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{
		dir: "../../fixtures", today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: builtin, stdin: &bytes.Buffer{}, stdout: &stdout, stderr: &stderr,
	}
	if code := p.run([]string{"diff", "--format", "json", "--config", os.DevNull, "./" + old, "./" + new}); code == exitUsage {
		t.Fatalf("diff %s %s: %s", old, new, &stderr)
	}
	var d difference
	if err := json.Unmarshal(stdout.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDiffOfHosting: the operator of a database decides who patches it, backs it up
// and routes to it; in both directions.
func TestDiffOfHosting(t *testing.T) {
	there := []transfer{
		{"server-side-encryption", "grew"}, {"network-configuration", "grew"}, {"platform-and-application", "grew"},
		{"operating-system", "gained"}, {"business-continuity", "grew"},
	}
	back := []transfer{
		{"server-side-encryption", "shrank"}, {"network-configuration", "shrank"}, {"platform-and-application", "shrank"},
		{"operating-system", "handed"}, {"business-continuity", "shrank"},
	}
	for _, tt := range []struct {
		old, new string
		want     []transfer
	}{{"diff/rds", "diff/ec2", there}, {"diff/ec2", "diff/rds", back}} {
		d := compareFixtures(t, tt.old, tt.new)
		if len(d.Shifts) != 1 {
			t.Fatalf("%s to %s: %d shifts", tt.old, tt.new, len(d.Shifts))
		}
		if diff := cmp.Diff(tt.want, d.Shifts[0].Transfers); diff != "" {
			t.Errorf("%s to %s (-want +got)\n%s", tt.old, tt.new, diff)
		}
		if diff := cmp.Diff(tt.want, d.Line); diff != "" {
			t.Errorf("%s to %s, over everything (-want +got)\n%s", tt.old, tt.new, diff)
		}
	}
}

// TestDiffOfTheSame: a configuration does not differ from itself.
func TestDiffOfTheSame(t *testing.T) {
	for _, dir := range []string{"checks", "language", "quickstart", "diff"} {
		d := compareFixtures(t, dir, dir)
		if d.Existing == 0 {
			t.Errorf("%s has no gap to compare", dir)
		}
		d.Existing = 0
		want := difference{Line: d.Line[:0], Shifts: d.Shifts[:0], Duties: d.Duties[:0], Untold: d.Untold[:0], NewGaps: d.NewGaps[:0], Closed: d.Closed[:0]}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("%s differs from itself\n%s", dir, diff)
		}
	}
}

// TestDiffBackwards: in the reverse direction, added holders are removed, new gaps
// are closed, and your duties are the provider's.
func TestDiffBackwards(t *testing.T) {
	dirs := []string{"diff/rds", "diff/ec2", "quickstart", "language"}
	entries, err := os.ReadDir("../../fixtures/checks")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(entries); i += 8 {
		dirs = append(dirs, "checks/"+entries[i].Name())
	}
	moved := 0
	for i := range dirs {
		old, new := dirs[i], dirs[(i+1)%len(dirs)]
		there, back := compareFixtures(t, old, new), compareFixtures(t, new, old)
		if there.Existing != back.Existing {
			t.Errorf("%s and %s: %d gaps are on both sides, or %d", old, new, there.Existing, back.Existing)
		}
		if diff := cmp.Diff(there.told(), back.reversed().told()); diff != "" {
			t.Errorf("%s and %s (-there +back)\n%s", old, new, diff)
		}
		moved += len(there.Shifts)
	}
	if moved == 0 {
		t.Error("nothing came or went")
	}
}

// reversed returns the comparison in the reverse direction.
func (d difference) reversed() difference {
	r := difference{Line: turned(d.Line)}
	for _, s := range d.Shifts {
		s.Old, s.New, s.Transfers = s.New, s.Old, turned(s.Transfers)
		r.Shifts = append(r.Shifts, s)
	}
	for _, of := range d.Duties {
		r.Duties = append(r.Duties, duty{of.Layer, of.New, of.Old})
	}
	for _, g := range d.NewGaps {
		g.Before, g.Now = "", g.Before
		r.Closed = append(r.Closed, g)
	}
	for _, g := range d.Closed {
		g.Before, g.Now = g.Now, ""
		r.NewGaps = append(r.NewGaps, g)
	}
	for _, u := range d.Untold {
		u.Side = map[string]string{"old": "new", "new": "old"}[u.Side]
		r.Untold = append(r.Untold, u)
	}
	return r
}

// turned returns the reversed moves of layers. An ended layer was gained, but for a
// side without the layer it is unknown whether it was gained in part.
func turned(list []transfer) []transfer {
	var all []transfer
	for _, t := range list {
		all = append(all, transfer{t.Layer, map[string]string{"gained": "left", "handed": "gained", "ended": "gained", "grew": "shrank", "shrank": "grew"}[t.Direction]})
	}
	return all
}

// told returns the comparison as sorted lines.
func (d difference) told() []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	transfers := func(of string, list []transfer) {
		for _, t := range list {
			if t.Direction == "handed" || t.Direction == "ended" {
				t.Direction = "left"
			}
			say("%s %s %s", of, t.Layer, t.Direction)
		}
	}
	transfers("line", d.Line)
	for _, s := range d.Shifts {
		of := ""
		for _, h := range []*struct{ Root, Definition, Service, Model string }{s.Old, s.New} {
			if h == nil {
				of += " none"
			} else {
				of += fmt.Sprintf(" %s %s %s %s", h.Root, h.Definition, h.Service, h.Model)
			}
		}
		transfers(of, s.Transfers)
	}
	for _, of := range d.Duties {
		say("duty %v", of)
	}
	for _, g := range d.NewGaps {
		say("new %v", g)
	}
	for _, g := range d.Closed {
		say("closed %v", g)
	}
	for _, u := range d.Untold {
		say("untold %s", u.Side)
	}
	slices.Sort(lines)
	return lines
}

// TestDiffSameBytes: whatever the order of maps, the comparison is the same.
func TestDiffSameBytes(t *testing.T) {
	first := ""
	for i := range 10 {
		var out bytes.Buffer
		p := &process{
			dir: "../../fixtures", today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
			rules: builtin, stdin: &bytes.Buffer{}, stdout: &out, stderr: io.Discard,
		}
		for _, format := range report.FormatNames(report.OfDiff) {
			p.run([]string{"diff", "--format", format, "diff", "quickstart"})
		}
		if i == 0 {
			first = out.String()
		} else if out.String() != first {
			t.Fatalf("two comparisons differ:\n%s", firstDifference([]byte(first), out.Bytes()))
		}
	}
}

// TestDiffFits: no wrapped text is wider than the terminal.
func TestDiffFits(t *testing.T) {
	for _, args := range [][]string{{"diff/rds", "diff/ec2"}, {"quickstart", "diff/ec2"}, {"diff/ec2", "quickstart"}} {
		var out bytes.Buffer
		p := &process{
			dir: "../../fixtures", environ: []string{"COLUMNS=80"}, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
			rules: builtin, stdin: &bytes.Buffer{}, stdout: &out, stderr: io.Discard,
		}
		p.run(append([]string{"diff"}, args...))
		if out.Len() == 0 {
			t.Fatalf("diff %v says nothing", args)
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if len([]rune(line)) > 80 {
				t.Errorf("diff %v: %d columns: %s", args, len([]rune(line)), line)
			}
		}
	}
}
