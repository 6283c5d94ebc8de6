package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// counted is the counts of a tally, as JSON names them.
type counted struct {
	Duties, Met, Attested, Gap, Unknown, Unevidenced int
}

func (c *counted) add(o counted) {
	c.Duties += o.Duties
	c.Met += o.Met
	c.Attested += o.Attested
	c.Gap += o.Gap
	c.Unknown += o.Unknown
	c.Unevidenced += o.Unevidenced
}

type countedObjective struct {
	ID, State          string
	Tally              counted
	Findings, Evidence []any
}

type countedMatrix struct {
	Total          counted
	Layers, Owners []struct{ Tally counted }
	Account        []countedObjective
	Organisation   []struct{ Objective, State string }
	Columns        []struct {
		Title string
		Total counted
		Cells []struct {
			Layer, Owner, State string
			Tally               counted
			Objectives          []countedObjective
			Findings, Evidence  []any
		}
	}
}

// quickstartMatrix returns the matrix of the quickstart in a format.
func quickstartMatrix(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{
		dir: "../../fixtures/quickstart", environ: []string{"COLUMNS=80"}, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: builtin, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
	}
	if code := p.run(append([]string{"matrix"}, args...)); code != exitGaps {
		t.Fatalf("demarc matrix %v: exit code %d: %s", args, code, &stderr)
	}
	return stdout.String()
}

func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var doc T
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestFormatsAgree: for any columns of the matrix, the counts of its parts add up to
// the total, in every format; every met duty has evidence, and every open or unknown
// duty a finding.
func TestFormatsAgree(t *testing.T) {
	for _, by := range matrix.AllBy() {
		t.Run(string(by), func(t *testing.T) {
			m := decoded[countedMatrix](t, quickstartMatrix(t, "--by", string(by), "--format", "json"))
			got := map[string]counted{}
			sum := func(what string, c counted) {
				all := got[what]
				all.add(c)
				got[what] = all
			}
			for _, s := range m.Layers {
				sum("layers", s.Tally)
			}
			for _, s := range m.Owners {
				sum("owners", s.Tally)
			}
			for _, c := range m.Columns {
				sum("columns", c.Total)
				for _, cell := range c.Cells {
					sum("cells", cell.Tally)
					switch {
					case cell.Tally.Met > 0 && len(cell.Evidence) == 0:
						t.Errorf("%s, %s: met without evidence", c.Title, cell.Layer)
					case cell.Tally.Gap+cell.Tally.Unknown > 0 && len(cell.Findings) == 0:
						t.Errorf("%s, %s: open or unknown without a finding", c.Title, cell.Layer)
					case (cell.Owner == "provider" || cell.Owner == "none") && cell.Tally.Duties+len(cell.Findings) > 0:
						t.Errorf("%s, %s: a duty that is not the customer's", c.Title, cell.Layer)
					}
				}
			}
			rows, err := csv.NewReader(strings.NewReader(quickstartMatrix(t, "--by", string(by), "--format", "csv"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows[1:] {
				if row[3] == "" { // a layer, not an objective
					sum("csv", countedRow(t, row[7:13]))
				}
			}
			want := map[string]counted{"layers": m.Total, "owners": m.Total, "columns": m.Total, "cells": m.Total, "csv": m.Total}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			evenTables(t, quickstartMatrix(t, "--by", string(by), "--format", "markdown"))
		})
	}
}

func countedRow(t *testing.T, row []string) counted {
	t.Helper()
	var n [6]int
	for i := range n {
		var err error
		if n[i], err = strconv.Atoi(row[i]); err != nil {
			t.Fatal(err)
		}
	}
	return counted{n[0], n[1], n[2], n[3], n[4], n[5]}
}

var cellEnd = regexp.MustCompile(`(?:^|[^\\])\|`)

// evenTables: the rows of a Markdown table have as many cells as its head.
func evenTables(t *testing.T, text string) {
	t.Helper()
	cells := 0
	for line := range strings.Lines(text) {
		n := len(cellEnd.FindAllString(line, -1))
		switch {
		case !strings.HasPrefix(line, "|"):
			cells = 0
		case cells == 0:
			cells = n
		case n != cells:
			t.Errorf("%d cell ends in a table of %d: %s", n, cells, line)
		}
	}
}

// TestFrameworksAgree: the state of an objective in a framework equals its state in
// the matrix over all services, the account and the organisation.
func TestFrameworksAgree(t *testing.T) {
	m := decoded[countedMatrix](t, quickstartMatrix(t, "--format", "json"))
	tallies, states := map[string]counted{}, map[string]string{}
	sum := func(list []countedObjective) {
		for _, o := range list {
			all := tallies[o.ID]
			all.add(o.Tally)
			tallies[o.ID] = all
		}
	}
	sum(m.Account)
	for _, c := range m.Columns {
		for _, cell := range c.Cells {
			sum(cell.Objectives)
		}
	}
	for _, o := range m.Organisation {
		states[o.Objective] = o.State
	}
	for _, f := range responsibility.Frameworks() {
		t.Run(f.ID, func(t *testing.T) {
			a := decoded[struct {
				Objectives   []countedObjective
				Requirements []struct{ State string }
				Count        map[string]int
			}](t, quickstartMatrix(t, "--framework", f.ID, "--format", "json"))
			for _, o := range a.Objectives {
				if diff := cmp.Diff(tallies[o.ID], o.Tally); diff != "" {
					t.Errorf("%s: %s", o.ID, diff)
				}
				if want := states[o.ID]; want != "" && o.State != want {
					t.Errorf("%s is %s, and %s in the matrix", o.ID, o.State, want)
				}
				if o.State == "met" && len(o.Evidence) == 0 || (o.State == "gap" || o.State == "unknown") && len(o.Findings) == 0 {
					t.Errorf("%s: nothing shows that it is %s", o.ID, o.State)
				}
			}
			count := map[string]int{"requirements": len(a.Requirements)}
			for state := range a.Count {
				count[state] += 0
			}
			for _, r := range a.Requirements {
				count[r.State]++
			}
			if diff := cmp.Diff(count, a.Count); diff != "" {
				t.Error(diff)
			}
			evenTables(t, quickstartMatrix(t, "--framework", f.ID, "--format", "markdown"))
		})
	}
}
