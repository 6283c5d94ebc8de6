package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// TestRender compares with the output of the provider's code for the same
// values.
func TestRender(t *testing.T) {
	tests := []struct{ name, values, want string }{
		{"defaults", `{"statement": [{"actions": ["sts:AssumeRole"], "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}]}]}`, `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sts:AssumeRole",
      "Principal": {
        "Service": "ec2.amazonaws.com"
      }
    }
  ]
}`},
		{"nothing", `{"statement": null}`, "{\n  \"Version\": \"2012-10-17\"\n}"},
		{"sets in descending order, once", `{"policy_id": "p", "version": "2008-10-17", "statement": [{"sid": "", "effect": "Deny",
			"not_actions": ["a:A", "b:B", "a:A"], "not_resources": ["x", "y"], "actions": []}]}`, `{
  "Version": "2008-10-17",
  "Id": "p",
  "Statement": [
    {
      "Effect": "Deny",
      "NotAction": [
        "b:B",
        "a:A"
      ],
      "NotResource": [
        "y",
        "x"
      ]
    }
  ]
}`},
		{"principals", `{"statement": [
			{"sid": "Star", "principals": [{"type": "*", "identifiers": ["*"]}]},
			{"sid": "AwsStar", "principals": [{"type": "AWS", "identifiers": ["*"]}]},
			{"sid": "Both", "principals": [{"type": "AWS", "identifiers": ["1"]}, {"type": "AWS", "identifiers": ["3", "2"]}, {"type": "Service", "identifiers": ["s"]}]},
			{"sid": "Not", "not_principals": [{"type": "AWS", "identifiers": []}]}]}`, `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Star",
      "Effect": "Allow",
      "Principal": "*"
    },
    {
      "Sid": "AwsStar",
      "Effect": "Allow",
      "Principal": {
        "AWS": "*"
      }
    },
    {
      "Sid": "Both",
      "Effect": "Allow",
      "Principal": {
        "AWS": [
          "1",
          "3",
          "2"
        ],
        "Service": "s"
      }
    },
    {
      "Sid": "Not",
      "Effect": "Allow",
      "NotPrincipal": {
        "AWS": []
      }
    }
  ]
}`},
		{"conditions in the order given, variables, escapes", `{"statement": [{"actions": ["s3:&{x}"], "resources": ["arn:aws:s3:::b/&{aws:username}/<a>"], "condition": [
			{"test": "StringLike", "variable": "s3:prefix", "values": ["home/", "", "home/&{aws:username}/*"]},
			{"test": "Bool", "variable": "b", "values": ["true"]},
			{"test": "StringLike", "variable": "a", "values": ["x"]},
			{"test": "StringLike", "variable": "a", "values": ["w"]}]}]}`, `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:\u0026{x}",
      "Resource": "arn:aws:s3:::b/${aws:username}/\u003ca\u003e",
      "Condition": {
        "Bool": {
          "b": "true"
        },
        "StringLike": {
          "a": [
            "x",
            "w"
          ],
          "s3:prefix": [
            "home/",
            "",
            "home/${aws:username}/*"
          ]
        }
      }
    }
  ]
}`},
		{"sources and overrides", `{"policy_id": "own", "statement": [{"sid": "B", "actions": ["own:B"]}, {"sid": "C", "actions": ["own:C"]}],
			"source_policy_documents": ["{\"Version\": \"2008-10-17\", \"Id\": \"source\", \"Statement\": [{\"Sid\": \"A\", \"Effect\": \"Allow\", \"Action\": [\"b\", \"c\", \"a\"], \"Principal\": \"*\"}, {\"Sid\": \"B\", \"Effect\": \"Allow\"}, {\"Effect\": \"Deny\", \"Other\": 1}]}", ""],
			"override_policy_documents": ["{\"Statement\": [{\"Sid\": \"C\", \"Effect\": \"Deny\", \"Principal\": {\"AWS\": [\"1\", \"2\"], \"Service\": [\"s\"]}, \"Condition\": {\"Bool\": {\"k\": true, \"l\": [\"one\"]}, \"NumericEquals\": {\"n\": 1}}}]}"]}`, `{
  "Version": "2012-10-17",
  "Id": "own",
  "Statement": [
    {
      "Sid": "A",
      "Effect": "Allow",
      "Action": [
        "b",
        "c",
        "a"
      ],
      "Principal": "*"
    },
    {
      "Sid": "B",
      "Effect": "Allow",
      "Action": "own:B"
    },
    {
      "Effect": "Deny"
    },
    {
      "Sid": "C",
      "Effect": "Deny",
      "Principal": {
        "AWS": [
          "2",
          "1"
        ],
        "Service": [
          "s"
        ]
      },
      "Condition": {
        "Bool": {
          "k": "true",
          "l": "one"
        }
      }
    }
  ]
}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Render(FromDataSource(doc(t, tt.values)))
			if !ok {
				t.Fatal("not rendered")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMinify(t *testing.T) {
	got, ok := Minify(FromDataSource(doc(t, `{"statement": [{"actions": ["a:A", "a:B"]}]}`)))
	const want = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["a:B","a:A"]}]}`
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Error(ok, diff)
	}
}

func TestFromDataSourceInPart(t *testing.T) {
	tests := []struct{ name, values, want string }{
		{"unknown leaves", `{"statement": [{"actions": ["??", "b", "c"], "resources": ["??arn:&{x}"], "sid": "??", "effect": "??"}]}`,
			`{"Version": "2012-10-17", "Statement": [{"Sid": "??", "Effect": "??", "Action": ["c", "b", "??"], "Resource": "??arn:${x}"}]}`},
		{"unknown lists", `{"statement": [{"actions": "??any", "principals": "??any", "condition": "??any", "effect": "Deny"}]}`,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "??any", "Principal": "??any", "Condition": "??any"}]}`},
		{"unknown values", `{"statement": [{"principals": [{"type": "AWS", "identifiers": "??any"}], "condition": [{"test": "Bool", "variable": "k", "values": "??any"}]}]}`,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "??any"}, "Condition": {"Bool": {"k": "??any"}}}]}`},
		{"unknown names", `{"statement": [{"principals": [{"type": "??", "identifiers": ["*"]}], "condition": [{"test": "Bool", "variable": "??", "values": ["a"]}]}]}`,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "??any", "Condition": "??any"}]}`},
		{"open blocks", `{"statement": [{"actions": ["a"]}, "??any"]}`,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a"}, "??any"]}`},
		{"unknown source", `{"statement": [{"sid": "A", "actions": ["a"]}], "source_policy_documents": ["??"]}`,
			`{"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": "a"}, "??any"]}`},
		{"unknown override", `{"statement": [{"sid": "A", "actions": ["a"]}, {"actions": ["b"]}], "override_policy_documents": ["??"]}`,
			`{"Version": "2012-10-17", "Statement": ["??any", {"Effect": "Allow", "Action": "b"}, "??any"]}`},
		{"an override of unknown ID", `{"statement": [{"sid": "A", "actions": ["a"]}, {"actions": ["b"]}], "override_policy_documents": [{"Statement": [{"Sid": "??", "Effect": "Deny"}]}]}`,
			`{"Version": "2012-10-17", "Statement": ["??any", {"Effect": "Allow", "Action": "b"}, {"Sid": "??", "Effect": "Deny"}]}`},
		{"structure of a source", `{"source_policy_documents": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "??"}]}]}`,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "??"}]}`},
		{"a source that is no JSON", `{"source_policy_documents": ["{"]}`, `{"Version": "2012-10-17", "Statement": ["??any"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := FromDataSource(doc(t, tt.values)), doc(t, tt.want)
			if !got.RawEquals(want) {
				t.Errorf("got %#v\nwant %#v", got, want)
			}
			if _, ok := Render(got); ok {
				t.Error("rendered, but not known")
			}
		})
	}
}

// TestHideDataSource: a partly known data source never gives a verdict that the
// fully known one contradicts.
func TestHideDataSource(t *testing.T) {
	const source = `{"source_policy_documents": [{"Statement": [{"Sid": "B", "Effect": "Allow", "Action": "*", "Resource": "*"}]}],
		"statement": [
			{"sid": "A", "effect": "Allow", "actions": ["s3:*"], "resources": ["*"], "principals": [{"type": "AWS", "identifiers": ["*", "123456789012"]}],
				"condition": [{"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o-1"]}]},
			{"sid": "B", "effect": "Deny", "actions": ["iam:*"], "resources": ["*"], "principals": [{"type": "*", "identifiers": ["*"]}],
				"condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}]}],
		"override_policy_documents": [{"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Principal": "*"}]}]}`
	whole := doc(t, source)
	full := Parse(FromDataSource(whole))
	for _, less := range hidden(t, whole) {
		d := Parse(FromDataSource(less.value))
		for _, j := range judgements() {
			known, got := j.judge(full).Verdict, j.judge(d).Verdict
			if got != known && got != 0 {
				t.Errorf("%s is %v, and %v with %s hidden", j.name, known, got, less.what)
			}
		}
	}
}

func TestFromDataSourceOfNothing(t *testing.T) {
	for _, v := range []cty.Value{cty.NilVal, cty.DynamicVal, cty.NullVal(cty.EmptyObject), cty.StringVal("x")} {
		if got := FromDataSource(v); got.IsKnown() {
			t.Errorf("%#v: %#v", v, got)
		}
	}
}
