package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/tfconfig"
	"github.com/demarc/demarc/checks"
)

// matrixOf judges source by every check.
func matrixOf(t *testing.T, source string, attested ...*judge.Attestation) *matrix.Matrix {
	t.Helper()
	set, err := tfconfig.Load(context.Background(), tfconfig.Options{
		FS: fstest.MapFS{"main.tf": {Data: []byte(source)}}, Paths: []string{"."}, Parser: &tfconfig.Parser{},
	})
	if err != nil {
		t.Fatal(err)
	}
	rep := judge.Run(context.Background(), set, checks.All(), judge.Options{
		Today: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Catalogue: responsibility.Catalogue(), Defaults: checks.Defaults(),
		Attestations: attested, All: true,
	})
	return matrix.New(rep, responsibility.Catalogue(), matrix.ByService)
}

const (
	instance = `resource "aws_instance" "web" {
  ami           = "ami-0c6ad2d1"
  instance_type = "t3.small"
}
`
	bucket = `resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
`
	encrypted = `resource "aws_db_instance" "main" {
  storage_encrypted = true
}
`
	hidden = `variable "encrypted" { type = bool }
resource "aws_db_instance" "main" {
  storage_encrypted = var.encrypted
}
`
)

// TestRequirement: the owner and the state of a PCI DSS control, and its
// missing evidence.
func TestRequirement(t *testing.T) {
	of := func(objective analyzer.Objective, resources ...string) *judge.Attestation {
		o, _ := responsibility.ObjectiveOf(objective)
		return &judge.Attestation{Name: "a", By: "ada", Subjects: []analyzer.Subject{{Layer: o.Layers[0], Objective: o.ID}}, Resources: resources}
	}
	tests := map[string]struct {
		source   string
		attested []*judge.Attestation
		control  string
		want     string // owner, state, what is missing
	}{
		"patches of a guest":                 {instance, nil, "6.3.3", "customer gap [patch-systems supported-versions fix-vulnerabilities]"},
		"of an abstract service":             {bucket, nil, "6.3.3", "provider provider []"},
		"of both":                            {instance + bucket, nil, "6.3.3", "shared gap [patch-systems supported-versions fix-vulnerabilities]"},
		"an attestation covers no gap":       {instance, []*judge.Attestation{of("patch-systems")}, "6.3.3", "customer gap [supported-versions fix-vulnerabilities]"},
		"malware protection of a guest":      {instance, nil, "5.2.1", "customer unevidenced [stop-malware]"},
		"attested":                           {instance, []*judge.Attestation{of("stop-malware")}, "5.2.1", "customer attested []"},
		"of a part":                          {instance + bucket, []*judge.Attestation{of("stop-malware", "aws_s3_bucket.*")}, "5.2.1", "shared unevidenced [stop-malware]"},
		"stored numbers, encrypted":          {encrypted, nil, "3.5.1", "shared unevidenced [encrypt-before-sending]"},
		"and the rest attested":              {encrypted, []*judge.Attestation{of("encrypt-before-sending")}, "3.5.1", "shared met []"},
		"not known":                          {hidden, nil, "3.5.1", "shared unknown [encrypt-before-sending]"},
		"of people":                          {bucket, nil, "12.6.3", "customer unevidenced [train-people]"},
		"of people, attested":                {bucket, []*judge.Attestation{of("train-people")}, "12.6.3", "customer attested []"},
		"the entry of data centers":          {bucket, nil, "9.2.1", "provider provider []"},
		"what is not assessed":               {bucket, nil, "1.1.1", " n/a []"},
		"of nothing here":                    {"", nil, "6.3.3", "none n/a []"},
		"of people, where there is no cloud": {"", nil, "12.6.3", "customer unevidenced [train-people]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			framework, _ := responsibility.FrameworkOf("pci-dss-4.0.1")
			got := ""
			for _, r := range audit.Of(matrixOf(t, tt.source, tt.attested...), framework).Requirements {
				if r.ID == tt.control {
					got = fmt.Sprint(r.Owner, " ", r.State, " ", ids(r.Missing()))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestObjective: whose an objective is on each service, and who attests it, each
// once.
func TestObjective(t *testing.T) {
	o, _ := responsibility.ObjectiveOf("stop-malware")
	stated := &judge.Attestation{Name: "a", By: "ada", Subjects: []analyzer.Subject{{Layer: o.Layers[0], Objective: o.ID}}}
	framework, _ := responsibility.FrameworkOf("pci-dss-4.0.1")
	two := strings.Replace(instance, `"web"`, `"jobs"`, 1)
	for _, r := range audit.Of(matrixOf(t, instance+two+bucket, stated), framework).Requirements {
		if r.ID != "5.2.1" {
			continue
		}
		for _, o := range r.Objectives {
			got := fmt.Sprint(o.ID, " ", o.Yours, o.Shared, o.Theirs, len(o.Attested), o.Teams)
			if want := "stop-malware [Amazon EC2] [] [Amazon S3] 1 []"; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

func ids(objectives []*audit.Objective) []analyzer.Objective {
	list := []analyzer.Objective{}
	for _, o := range objectives {
		list = append(list, o.ID)
	}
	return list
}

// TestCounts: every requirement of every framework is counted once, and
// requirements outside Terraform are not.
func TestCounts(t *testing.T) {
	m := matrixOf(t, instance+bucket+encrypted)
	for _, f := range responsibility.Frameworks() {
		a := audit.Of(m, f)
		n := a.Count()
		if sum := n.Met + n.Attested + n.Gaps + n.Unknown + n.Unevidenced + n.Provider + n.Nothing + n.Outside; sum != len(f.Requirements) {
			t.Errorf("%s: %d counted of %d", f.ID, sum, len(f.Requirements))
		}
		for _, r := range a.Requirements {
			if r.Outside != (r.Owner == analyzer.NotStated) {
				t.Errorf("%s %s: outside is %t, and the owner %q", f.ID, r.ID, r.Outside, r.Owner)
			}
			if r.State == judge.MetState && len(r.Open()) > 0 {
				t.Errorf("%s %s: met, and %d findings are open", f.ID, r.ID, len(r.Open()))
			}
			if r.State == judge.GapState && len(r.Open()) == 0 {
				t.Errorf("%s %s: a gap, and nothing is open", f.ID, r.ID)
			}
		}
	}
}
