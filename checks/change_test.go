package checks_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/tfplan"
	"github.com/demarc/demarc/checks"
)

// changed is one resource of a plan.
type changed struct {
	typ     string
	actions []string
	before  map[string]any
	after   map[string]any
}

// TestChange: what a plan destroys is judged by what was applied before it.
func TestChange(t *testing.T) {
	destroy, replace := []string{"delete"}, []string{"delete", "create"}
	tests := []struct {
		name   string
		change changed
		beside []changed
		want   string // verdict and message
	}{
		{
			name:   "without a snapshot",
			change: changed{"aws_db_instance", destroy, map[string]any{"identifier": "main", "skip_final_snapshot": true}, nil},
			want:   "fail this plan destroys the database without a final snapshot",
		},
		{
			name:   "with a snapshot",
			change: changed{"aws_db_instance", destroy, map[string]any{"identifier": "main", "skip_final_snapshot": false, "final_snapshot_identifier": "last"}, nil},
			want:   "pass",
		},
		{
			name:   "replaced, and protected only afterwards",
			change: changed{"aws_rds_cluster", replace, map[string]any{"cluster_identifier": "main", "skip_final_snapshot": true}, map[string]any{"cluster_identifier": "main", "deletion_protection": true}},
			want:   "fail this plan destroys the cluster without a final snapshot",
		},
		{
			name:   "replaced in the other order, and protected",
			change: changed{"aws_rds_cluster", []string{"create", "delete"}, map[string]any{"cluster_identifier": "main", "deletion_protection": true}, map[string]any{"cluster_identifier": "main"}},
			want:   "pass",
		},
		{
			name:   "updated",
			change: changed{"aws_db_instance", []string{"update"}, map[string]any{"skip_final_snapshot": true}, map[string]any{"skip_final_snapshot": true}},
			want:   "n/a",
		},
		{
			name:   "created",
			change: changed{"aws_db_instance", []string{"create"}, nil, map[string]any{"skip_final_snapshot": true}},
			want:   "n/a",
		},
		{
			name:   "bucket that must be empty",
			change: changed{"aws_s3_bucket", destroy, map[string]any{"bucket": "main", "force_destroy": false}, nil},
			want:   "pass",
		},
		{
			name:   "bucket that is emptied",
			change: changed{"aws_s3_bucket", destroy, map[string]any{"bucket": "main", "force_destroy": true}, nil},
			want:   "fail this plan empties and destroys the resource, because force_destroy allows it",
		},
		{
			name:   "volume in a backup plan",
			change: changed{"aws_ebs_volume", destroy, map[string]any{"id": "vol-1", "arn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1"}, nil},
			beside: []changed{{"aws_backup_selection", []string{"no-op"},
				map[string]any{"resources": []string{"arn:aws:ec2:eu-west-1:111122223333:volume/vol-1"}},
				map[string]any{"resources": []string{"arn:aws:ec2:eu-west-1:111122223333:volume/vol-1"}}}},
			want: "pass",
		},
		{
			name:   "volume in no backup plan",
			change: changed{"aws_ebs_volume", destroy, map[string]any{"id": "vol-1"}, nil},
			want:   "fail this plan destroys the volume without a final snapshot",
		},
		{
			name:   "table with recovery",
			change: changed{"aws_dynamodb_table", destroy, map[string]any{"name": "main", "point_in_time_recovery": []map[string]any{{"enabled": true}}}, nil},
			want:   "pass",
		},
		{
			name:   "table",
			change: changed{"aws_dynamodb_table", destroy, map[string]any{"name": "main", "point_in_time_recovery": []map[string]any{{"enabled": false}}}, nil},
			want:   "fail this plan destroys the table, which has no backup",
		},
		{
			name:   "key",
			change: changed{"aws_kms_key", destroy, map[string]any{"deletion_window_in_days": 7}, nil},
			want:   "fail this plan destroys the key after less than 30 days, and with it whatever it encrypts",
		},
		{
			name:   "key with the whole window",
			change: changed{"aws_kms_key", destroy, map[string]any{"deletion_window_in_days": nil}, nil},
			want:   "pass",
		},
		{
			name:   "secret without a window",
			change: changed{"aws_secretsmanager_secret", destroy, map[string]any{"recovery_window_in_days": 0}, nil},
			want:   "fail this plan destroys the secret at once, without a recovery window",
		},
		{
			name:   "domain",
			change: changed{"aws_opensearch_domain", destroy, map[string]any{"domain_name": "main"}, nil},
			want:   "fail this plan destroys the domain, and its automated snapshots with it",
		},
	}
	check := checkOf(t, "aws-stateful-destroy-protected")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := planned(t, append([]changed{test.change}, test.beside...)...)
			rep := analyzertest.Judge(set, options(), check)
			var got []string
			for _, f := range rep.Findings {
				if f.Resource.Type == test.change.typ {
					got = append(got, said(f))
				}
			}
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestKeyAge: a plan tells when a key was made that is there already.
func TestKeyAge(t *testing.T) {
	check := checkOf(t, "aws-iam-access-key-rotated")
	old := analyzertest.Today.AddDate(0, 0, -90)
	for want, made := range map[string]time.Time{
		"pass": old,
		"fail this access key is older than 90 days": old.Add(-time.Second),
	} {
		key := map[string]any{"user": "ada", "status": "Active", "create_date": made.Format(time.RFC3339)}
		rep := analyzertest.Judge(planned(t, changed{"aws_iam_access_key", []string{"no-op"}, key, key}), options(), check)
		if len(rep.Findings) != 1 || said(rep.Findings[0]) != want {
			t.Errorf("made %s: it is not %s", made, want)
		}
	}
}

func said(f *judge.Finding) string {
	if f.Verdict != analyzer.Fail {
		return f.Verdict.String()
	}
	return f.Verdict.String() + " " + f.Message
}

func checkOf(t *testing.T, id string) *analyzer.Check {
	t.Helper()
	for _, c := range checks.All() {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no check %s", id)
	return nil
}

// planned is a plan of changes, each of a resource named main.
func planned(t *testing.T, changes ...changed) *analyzer.Set {
	t.Helper()
	type change struct {
		Actions      []string       `json:"actions"`
		Before       map[string]any `json:"before"`
		After        map[string]any `json:"after"`
		AfterUnknown map[string]any `json:"after_unknown"`
	}
	type resource struct {
		Address  string `json:"address"`
		Mode     string `json:"mode"`
		Type     string `json:"type"`
		Name     string `json:"name"`
		Provider string `json:"provider_name"`
		Change   change `json:"change"`
	}
	var resources []resource
	for _, c := range changes {
		resources = append(resources, resource{
			Address: c.typ + ".main", Mode: "managed", Type: c.typ, Name: "main",
			Provider: "registry.terraform.io/hashicorp/aws",
			Change:   change{c.actions, c.before, c.after, map[string]any{}},
		})
	}
	text, err := json.Marshal(map[string]any{
		"format_version": "1.2", "terraform_version": "1.11.4",
		"resource_changes": resources, "configuration": map[string]any{"root_module": map[string]any{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	set, err := tfplan.Load(context.Background(), strings.NewReader(string(text)), tfplan.Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
