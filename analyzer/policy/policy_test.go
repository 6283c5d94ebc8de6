package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest/watch"
)

// doc reads a document from JSON in which the string "??" is an unknown string,
// "??arn:" an unknown string with the prefix arn:, and "??any" an unknown
// value.
func doc(t testing.TB, text string) cty.Value {
	t.Helper()
	typ, err := ctyjson.ImpliedType([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	v, err := ctyjson.Unmarshal([]byte(text), typ)
	if err != nil {
		t.Fatal(err)
	}
	v, err = cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsNull() || v.Type() != cty.String || !strings.HasPrefix(v.AsString(), "??") {
			return v, nil
		}
		return unknownText(strings.TrimPrefix(v.AsString(), "??")), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func unknownText(prefix string) cty.Value {
	switch prefix {
	case "any":
		return cty.DynamicVal
	case "":
		return cty.UnknownVal(cty.String)
	}
	return cty.UnknownVal(cty.String).Refine().NotNull().StringPrefixFull(prefix).NewValue()
}

// statements wraps statements into a document.
func statements(s ...string) string {
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(s, ", ") + `]}`
}

// allow is a statement of a resource policy; extra is added to it.
func allow(principal, extra string) string {
	return `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Principal": ` + principal + extra + `}`
}

func when(operator, key, values string) string {
	return fmt.Sprintf(`, "Condition": {%q: {%q: %s}}`, operator, key, values)
}

// grant is a statement of an identity policy.
func grant(actions, resources, extra string) string {
	return `{"Effect": "Allow", "Action": ` + actions + `, "Resource": ` + resources + extra + `}`
}

type judgement struct {
	name  string
	judge func(*Document) Ruling
}

func judgements() []judgement {
	return []judgement{
		{"NoFullAccess", (*Document).NoFullAccess},
		{"NoWildcardAction", (*Document).NoWildcardAction},
		{"NoServiceWildcard", func(d *Document) Ruling { return d.NoServiceWildcard() }},
		{"NoServiceWildcard(iam)", func(d *Document) Ruling { return d.NoServiceWildcard("iam") }},
		{"NoWholeService(s3)", func(d *Document) Ruling { return d.NoWholeService("s3") }},
		{"NoAllowNotAction", (*Document).NoAllowNotAction},
		{"NoAllowNotResource", (*Document).NoAllowNotResource},
		{"NoAllowNotPrincipal", (*Document).NoAllowNotPrincipal},
		{"PassRoleConfined", (*Document).PassRoleConfined},
		{"ActionConfined(kms:Decrypt)", func(d *Document) Ruling { return d.ActionConfined("kms:Decrypt") }},
		{"NotPublic", (*Document).NotPublic},
		{"NoWildcardPrincipal", (*Document).NoWildcardPrincipal},
		{"TrustsNamed", (*Document).TrustsNamed},
		{"NoAccountTrust", (*Document).NoAccountTrust},
		{"NoCrossAccount", func(d *Document) Ruling { return d.NoCrossAccount("") }},
		{"NoCrossAccount(own)", func(d *Document) Ruling { return d.NoCrossAccount("123456789012") }},
		{"ServicesConfined", (*Document).ServicesConfined},
		{"FederationConfined", (*Document).FederationConfined},
		{"FederatesGitHub", func(d *Document) Ruling { return ruling(d.FederatesGitHub()) }},
		{"RequiresTLS(s3)", func(d *Document) Ruling { return d.RequiresTLS("s3") }},
		{"RequiresTLS(sns)", func(d *Document) Ruling { return d.RequiresTLS("sns") }},
		{"RequiresTLS(sqs)", func(d *Document) Ruling { return d.RequiresTLS("sqs") }},
		{"RequiresTLSVersion", func(d *Document) Ruling { return d.RequiresTLSVersion(1.2) }},
		{"RequiresMFA", (*Document).RequiresMFA},
		{"NoPrivilegeEscalation", (*Document).NoPrivilegeEscalation},
		{"NoCredentialsExposure", (*Document).NoCredentialsExposure},
		{"NoDataExfiltration", (*Document).NoDataExfiltration},
		{"NoPermissionsManagement", (*Document).NoPermissionsManagement},
		{"NoUnconstrainedWrites", (*Document).NoUnconstrainedWrites},
		{"NoUnrestrictedResource", (*Document).NoUnrestrictedResource},
	}
}

type row struct {
	name  string
	judge string
	doc   string
	want  analyzer.Verdict
	says  string // for a Fail
}

const (
	fail  = analyzer.Fail
	maybe = analyzer.Unknown
	pass  = analyzer.Pass
)

// rows are the cases of every judgement; the Hide test runs over them all.
func rows() []row {
	tls := func(action, resource, extra string) string {
		return `{"Sid": "TLS", "Effect": "Deny", "Principal": "*", "Action": ` + action + `, "Resource": ` + resource +
			`, "Condition": {"Bool": {"aws:SecureTransport": "false"}` + extra + `}}`
	}
	github := func(condition string) string {
		return `{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated":
			"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}` + condition + `}`
	}
	const sub = "token.actions.githubusercontent.com:sub"
	return []row{
		{"all on all", "NoFullAccess", statements(`{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}`), fail,
			`statement "All" allows every action on every resource`},
		{"*:* in a list", "NoFullAccess", statements(grant(`["s3:GetObject", "*:*"]`, `["*"]`, "")), fail,
			"statement 1 allows every action on every resource"},
		{"second statement", "NoFullAccess", statements(grant(`"s3:*"`, `"*"`, ""), grant(`"*"`, `"*"`, "")), fail,
			"statement 2 allows every action on every resource"},
		{"one statement, no list", "NoFullAccess", `{"Statement": ` + grant(`"*"`, `"*"`, "") + `}`, fail,
			"statement 1 allows every action on every resource"},
		{"names in another case", "NoFullAccess", `{"statement": {"effect": "Allow", "action": "*", "resource": "*"}}`, fail,
			"statement 1 allows every action on every resource"},
		{"denied", "NoFullAccess", statements(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`), pass, ""},
		{"one resource", "NoFullAccess", statements(grant(`"*"`, `"arn:aws:s3:::b"`, "")), pass, ""},
		{"unknown resource", "NoFullAccess", statements(grant(`"*"`, `"??"`, "")), maybe, ""},
		{"unknown resource that begins with an ARN", "NoFullAccess", statements(grant(`"*"`, `"??arn:aws:s3:::"`, "")), pass, ""},
		{"unknown effect", "NoFullAccess", statements(`{"Effect": "??", "Action": "*", "Resource": "*"}`), maybe, ""},
		{"unknown statement", "NoFullAccess", statements(`"??any"`, grant(`"s3:Get*"`, `"*"`, "")), maybe, ""},
		{"open list", "NoFullAccess", statements(grant(`"s3:*"`, `"*"`, ""), `"??any"`), maybe, ""},
		{"open list that fails", "NoFullAccess", statements(grant(`"*"`, `"*"`, ""), `"??any"`), fail,
			"statement 1 allows every action on every resource"},
		{"no statement", "NoFullAccess", statements(), pass, ""},
		{"malformed", "NoFullAccess", `"policy"`, maybe, ""},
		{"effect in another case", "NoFullAccess", statements(`{"Effect": "allow", "Action": "*", "Resource": "*"}`), maybe, ""},

		{"every action on a bucket", "NoWildcardAction", statements(grant(`"*"`, `"arn:aws:s3:::b"`, "")), fail, "statement 1 allows every action"},
		{"every action of a service", "NoWildcardAction", statements(grant(`"s3:*"`, `"*"`, "")), pass, ""},
		{"any service", "NoServiceWildcard", statements(grant(`"s3:*"`, `"*"`, "")), fail, "statement 1 allows every action of a service on every resource"},
		{"some actions", "NoServiceWildcard", statements(grant(`"s3:Get*"`, `"*"`, "")), pass, ""},
		{"unknown action of a service", "NoServiceWildcard", statements(grant(`"??s3:"`, `"*"`, "")), maybe, ""},
		{"unknown action, beginning known", "NoServiceWildcard", statements(grant(`"??s3:Get"`, `"*"`, "")), pass, ""},
		{"iam of an account", "NoServiceWildcard(iam)", statements(grant(`"iam:*"`, `"arn:aws:iam::123456789012:*"`, "")), fail, "statement 1 allows every action of iam on every resource"},
		{"iam on a path", "NoServiceWildcard(iam)", statements(grant(`"iam:*"`, `["arn:aws:iam::123456789012:role/app/*", "arn:aws:s3:::*"]`, "")), pass, ""},
		{"iam of an unknown account", "NoServiceWildcard(iam)", statements(grant(`"iam:*"`, `"??arn:aws:iam::"`, "")), maybe, ""},
		{"iam in another case", "NoServiceWildcard(iam)", statements(grant(`"IAM:*"`, `"*"`, "")), fail, "statement 1 allows every action of iam on every resource"},
		{"all includes iam", "NoServiceWildcard(iam)", statements(grant(`"*"`, `"*"`, "")), fail, "statement 1 allows every action of iam on every resource"},
		{"not iam", "NoServiceWildcard(iam)", statements(grant(`"s3:*"`, `"*"`, "")), pass, ""},
		{"all but s3 includes iam", "NoServiceWildcard(iam)", statements(`{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}`), fail,
			"statement 1 allows every action of iam on every resource"},
		{"whole service on one bucket", "NoWholeService(s3)", statements(allow(`"*"`, ``), grant(`"s3:*"`, `"arn:aws:s3:::b"`, "")), fail, "statement 2 allows every action of s3"},
		{"NotAction", "NoAllowNotAction", statements(`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`), fail, "statement 1 allows every action but those of NotAction"},
		{"NotAction denied", "NoAllowNotAction", statements(`{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}`), pass, ""},
		{"NotResource", "NoAllowNotResource", statements(`{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b"}`), fail,
			"statement 1 allows its actions on every resource but those of NotResource"},
		{"NotPrincipal", "NoAllowNotPrincipal", statements(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": "123456789012"}}`), fail,
			"statement 1 allows everyone but the principals of NotPrincipal"},

		{"every role", "PassRoleConfined", statements(grant(`["ec2:Run*", "iam:Pass*"]`, `"*"`, "")), fail, "statement 1 allows iam:PassRole on every role"},
		{"every role of an account", "PassRoleConfined", statements(grant(`"iam:PassRole"`, `"arn:aws:iam::123456789012:role/*"`, "")), fail, "statement 1 allows iam:PassRole on every role"},
		{"one role", "PassRoleConfined", statements(grant(`"iam:PassRole"`, `"arn:aws:iam::123456789012:role/app"`, "")), pass, ""},
		{"unknown role", "PassRoleConfined", statements(grant(`"iam:PassRole"`, `"??arn:aws:iam::"`, "")), maybe, ""},
		{"to one service", "PassRoleConfined", statements(grant(`"iam:PassRole"`, `"*"`, when("StringEquals", "iam:PassedToService", `"ec2.amazonaws.com"`))), pass, ""},
		{"decrypt", "ActionConfined(kms:Decrypt)", statements(grant(`"kms:*"`, `"*"`, "")), fail, "statement 1 allows kms:Decrypt on every resource"},

		{"star", "NotPublic", statements(allow(`"*"`, "")), fail, "statement 1 allows everyone"},
		{"AWS star", "NotPublic", statements(allow(`{"AWS": "*"}`, "")), fail, "statement 1 allows everyone"},
		{"AWS star in a list", "NotPublic", statements(allow(`{"AWS": ["123456789012", "*"]}`, "")), fail, "statement 1 allows everyone"},
		{"any account", "NotPublic", statements(allow(`{"AWS": "arn:aws:iam::*:root"}`, "")), fail, "statement 1 allows everyone"},
		{"all but one", "NotPublic", statements(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": "123456789012"}}`), fail, "statement 1 allows everyone"},
		{"public provider", "NotPublic", statements(allow(`{"Federated": "graph.facebook.com"}`, "")), fail, "statement 1 allows everyone"},
		{"a service", "NotPublic", statements(allow(`{"Service": "cloudtrail.amazonaws.com"}`, "")), pass, ""},
		{"an account", "NotPublic", statements(allow(`{"AWS": "arn:aws:iam::123456789012:root"}`, "")), pass, ""},
		{"root with kms:*", "NotPublic", statements(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}`), pass, ""},
		{"unknown principal", "NotPublic", statements(allow(`{"AWS": "??"}`, "")), maybe, ""},
		{"unknown role of an account", "NotPublic", statements(allow(`{"AWS": "??arn:aws:iam::123456789012:role/"}`, "")), pass, ""},
		{"unknown principals", "NotPublic", statements(allow(`"??any"`, "")), maybe, ""},
		{"fixed vpc", "NotPublic", statements(allow(`"*"`, when("StringEquals", "aws:SourceVpc", `"vpc-91237329"`))), pass, ""},
		{"any vpc", "NotPublic", statements(allow(`"*"`, when("StringLike", "aws:SourceVpc", `"vpc-*"`))), fail, "statement 1 allows everyone"},
		{"unknown vpc", "NotPublic", statements(allow(`"*"`, when("StringEquals", "aws:SourceVpc", `"??"`))), maybe, ""},
		{"not a vpc", "NotPublic", statements(allow(`"*"`, when("StringNotEquals", "aws:SourceVpc", `"vpc-1"`))), fail, "statement 1 allows everyone"},
		{"vpc if it exists", "NotPublic", statements(allow(`"*"`, when("StringEqualsIfExists", "aws:SourceVpc", `"vpc-1"`))), fail, "statement 1 allows everyone"},
		{"for all values", "NotPublic", statements(allow(`"*"`, when("ForAllValues:StringEquals", "aws:SourceVpc", `"vpc-1"`))), fail, "statement 1 allows everyone"},
		{"key in another case", "NotPublic", statements(allow(`"*"`, when("StringEquals", "AWS:SourceOwner", `"123456789012"`))), pass, ""},
		{"narrow network", "NotPublic", statements(allow(`"*"`, when("IpAddress", "aws:SourceIp", `["203.0.113.0/24", "2001:db8::/32"]`))), pass, ""},
		{"broad network", "NotPublic", statements(allow(`"*"`, when("IpAddress", "aws:SourceIp", `["203.0.113.0/24", "0.0.0.0/1"]`))), fail, "statement 1 allows everyone"},
		{"the broadest network", "NotPublic", statements(allow(`"*"`, when("IpAddress", "aws:SourceIp", `["11.0.0.0/8", "2001:db8::/32"]`))), pass, ""},
		{"one broader", "NotPublic", statements(allow(`"*"`, when("IpAddress", "aws:SourceIp", `"10.0.0.0/7"`))), fail, "statement 1 allows everyone"},
		{"one broader of IPv6", "NotPublic", statements(allow(`"*"`, when("IpAddress", "aws:SourceIp", `"2001:db8::/31"`))), fail, "statement 1 allows everyone"},
		{"every IPv6 address", "NotPublic", statements(allow(`"*"`, when("IpAddress", "aws:SourceIp", `"::/0"`))), fail, "statement 1 allows everyone"},
		{"outside a network", "NotPublic", statements(allow(`"*"`, when("NotIpAddress", "aws:SourceIp", `"203.0.113.0/24"`))), fail, "statement 1 allows everyone"},
		{"organization", "NotPublic", statements(allow(`{"AWS": "*"}`, when("StringEquals", "aws:PrincipalOrgID", `"o-a1b2c3"`))), pass, ""},
		{"organization paths", "NotPublic", statements(allow(`{"AWS": "*"}`, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"o-a1b2c3/r-1/*"`))), pass, ""},
		{"any organization", "NotPublic", statements(allow(`{"AWS": "*"}`, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"o-*/r-1"`))), fail, "statement 1 allows everyone"},
		{"a star in a plain comparison", "NotPublic", statements(allow(`{"AWS": "*"}`, when("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", `"o-a1b2c3/*"`))), fail, "statement 1 allows everyone"},
		{"sessions of a role", "NotPublic", statements(allow(`"*"`, when("StringLike", "aws:userid", `"AROA1234567890EXAMPLE:*"`))), pass, ""},
		{"a session of any role", "NotPublic", statements(allow(`"*"`, when("StringLike", "aws:userid", `"*:session"`))), fail, "statement 1 allows everyone"},
		{"topics of an account", "NotPublic", statements(allow(`"*"`, when("ArnLike", "aws:SourceArn", `"arn:aws:sns:*:123456789012:*"`))), pass, ""},
		{"topics of any account", "NotPublic", statements(allow(`"*"`, when("ArnLike", "aws:SourceArn", `"arn:aws:sns:*:*:orders"`))), fail, "statement 1 allows everyone"},
		{"a bucket's notifications", "NotPublic", statements(allow(`"*"`, when("ArnLike", "aws:SourceArn", `"arn:aws:s3:*:*:my-bucket"`))), pass, ""},
		{"policy variable", "NotPublic", statements(allow(`"*"`, when("StringEquals", "aws:SourceVpc", `"${aws:PrincipalTag/vpc}"`))), fail, "statement 1 allows everyone"},
		{"mount target", "NotPublic", statements(allow(`"*"`, when("Bool", "elasticfilesystem:AccessedViaMountTarget", `"true"`))), pass, ""},
		{"not through the mount target", "NotPublic", statements(allow(`"*"`, when("Bool", "elasticfilesystem:AccessedViaMountTarget", `"false"`))), fail, "statement 1 allows everyone"},
		{"TLS does not narrow", "NotPublic", statements(allow(`"*"`, when("Bool", "aws:SecureTransport", `"true"`))), fail, "statement 1 allows everyone"},
		{"caller account of a key", "NotPublic", statements(allow(`{"AWS": "*"}`,
			`, "Condition": {"StringEquals": {"kms:CallerAccount": "123456789012", "kms:ViaService": "s3.eu-west-1.amazonaws.com"}}`)), pass, ""},
		{"through a service only", "NotPublic", statements(allow(`{"AWS": "*"}`, when("StringEquals", "kms:ViaService", `"s3.eu-west-1.amazonaws.com"`))), fail, "statement 1 allows everyone"},
		{"guarded by a deny", "NotPublic", statements(allow(`"*"`, ""), `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
			"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`), pass, ""},
		{"guarded but for services", "NotPublic", statements(allow(`"*"`, ""), `{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}`), pass, ""},
		{"deny of other actions", "NotPublic", statements(allow(`"*"`, ""), `{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*",
			"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`), fail, "statement 1 allows everyone"},
		{"deny without TLS", "NotPublic", statements(allow(`"*"`, ""), tls(`"s3:*"`, `"*"`, "")), fail, "statement 1 allows everyone"},
		{"deny of an unknown action", "NotPublic", statements(allow(`"*"`, ""), `{"Effect": "Deny", "Principal": "*", "Action": "??", "Resource": "*"}`), maybe, ""},
		{"elements that are null", "NotPublic", statements(`{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage", "Resource": null, "Condition": null, "NotPrincipal": null}`,
			`{"Effect": "Deny", "Principal": "*", "Action": ["ecr:*"], "Resource": null, "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1", "aws:SourceVpc": null}}}`), fail, "statement 1 allows everyone"},
		{"guarded without resources", "NotPublic", statements(`{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage", "Resource": null}`,
			`{"Effect": "Deny", "Principal": "*", "Action": ["ecr:*"], "Resource": null, "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}`), pass, ""},
		{"whatever the condition", "NoWildcardPrincipal", statements(allow(`"*"`, when("StringEquals", "aws:SourceVpc", `"vpc-1"`))), fail, "statement 1 allows any principal"},
		{"named", "NoWildcardPrincipal", statements(allow(`{"AWS": "123456789012"}`, "")), pass, ""},

		{"everyone", "TrustsNamed", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}`), fail, "statement 1 lets everyone assume the role"},
		{"with an external ID", "TrustsNamed", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}` + when("StringEquals", "sts:ExternalId", `"x"`) + `}`), fail,
			"statement 1 lets everyone assume the role"},
		{"of an organization", "TrustsNamed", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}` + when("StringEquals", "aws:PrincipalOrgID", `"o-1"`) + `}`), pass, ""},
		{"guarded in a trust policy", "TrustsNamed", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}`,
			`{"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}`+when("ArnNotLike", "aws:PrincipalArn", `"arn:aws:iam::123456789012:role/x-*"`)+`}`), pass, ""},
		{"cognito", "TrustsNamed", statements(github(""), `{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "cognito-identity.amazonaws.com"}}`), pass, ""},
		{"account root", "NoAccountTrust", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}`), fail,
			"statement 1 allows every principal of an account"},
		{"account number", "NoAccountTrust", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}`), fail, "statement 1 allows every principal of an account"},
		{"a role", "NoAccountTrust", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::123456789012:role/root"}}`), pass, ""},
		{"confined to a role", "NoAccountTrust", statements(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}` + when("ArnEquals", "aws:PrincipalArn", `"arn:aws:iam::123456789012:role/r"`) + `}`), pass, ""},
		{"another account", "NoCrossAccount(own)", statements(allow(`{"AWS": "arn:aws:iam::999999999999:root"}`, "")), fail, "statement 1 allows another account"},
		{"own account", "NoCrossAccount(own)", statements(allow(`{"AWS": ["arn:aws:iam::123456789012:role/r", "123456789012"]}`, "")), pass, ""},
		{"whose account is not known", "NoCrossAccount", statements(allow(`{"AWS": "arn:aws:iam::999999999999:root"}`, "")), maybe, ""},
		{"service for anybody", "ServicesConfined", statements(allow(`{"Service": "sns.amazonaws.com"}`, "")), fail, "statement 1 allows a service on behalf of any account"},
		{"service for an account", "ServicesConfined", statements(allow(`{"Service": "sns.amazonaws.com"}`, when("StringEquals", "aws:SourceAccount", `"123456789012"`))), pass, ""},
		{"service through an endpoint", "ServicesConfined", statements(allow(`{"Service": "sns.amazonaws.com"}`, when("StringEquals", "aws:SourceVpc", `"vpc-1"`))), fail, "statement 1 allows a service on behalf of any account"},
		{"service for an unknown topic", "ServicesConfined", statements(allow(`{"Service": "sns.amazonaws.com"}`, when("ArnEquals", "aws:SourceArn", `"??"`))), maybe, ""},

		{"no subject", "FederationConfined", statements(github("")), fail, "statement 1 lets any subject of a shared identity provider assume the role"},
		{"audience only", "FederationConfined", statements(github(when("StringEquals", "token.actions.githubusercontent.com:aud", `"sts.amazonaws.com"`))), fail,
			"statement 1 lets any subject of a shared identity provider assume the role"},
		{"repository", "FederationConfined", statements(github(when("StringLike", sub, `"repo:acme/app:*"`))), pass, ""},
		{"owner", "FederationConfined", statements(github(when("StringLike", sub, `["repo:acme/*", "repo:acme-labs/*"]`))), pass, ""},
		{"any owner", "FederationConfined", statements(github(when("StringLike", sub, `"repo:*"`))), fail, "statement 1 lets any subject of a shared identity provider assume the role"},
		{"owners alike", "FederationConfined", statements(github(when("StringLike", sub, `"repo:acme*/app"`))), fail, "statement 1 lets any subject of a shared identity provider assume the role"},
		{"a claim of anybody's", "FederationConfined", statements(github(when("StringEquals", sub, `"ref:refs/heads/main"`))), fail, "statement 1 lets any subject of a shared identity provider assume the role"},
		{"unknown subject", "FederationConfined", statements(github(when("StringEquals", sub, `"??repo:"`))), maybe, ""},
		{"unknown repository", "FederationConfined", statements(github(when("StringEquals", sub, `"??repo:acme/"`))), pass, ""},
		{"a provider that its claims name", "FederationConfined", statements(`{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "??"}` + when("StringEquals", "token.actions.githubusercontent.com:aud", `"sts.amazonaws.com"`) + `}`), fail,
			"statement 1 lets any subject of a shared identity provider assume the role"},
		{"own cluster", "FederationConfined", statements(`{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/1"}}`), pass, ""},
		{"cognito pool", "FederationConfined", statements(`{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "cognito-identity.amazonaws.com"}` + when("StringEquals", "cognito-identity.amazonaws.com:aud", `"eu-west-1:1"`) + `}`), pass, ""},
		{"github", "FederatesGitHub", statements(github("")), pass, ""},
		{"not github", "FederatesGitHub", statements(allow(`{"Service": "ec2.amazonaws.com"}`, "")), fail, ""},

		{"bucket and objects", "RequiresTLS(s3)", statements(tls(`"s3:*"`, `["arn:aws:s3:::b", "arn:aws:s3:::b/*"]`, "")), pass, ""},
		{"unknown bucket", "RequiresTLS(s3)", statements(tls(`"s3:*"`, `["??", "??arn:aws:s3:::"]`, "")), pass, ""},
		{"bucket alone", "RequiresTLS(s3)", statements(tls(`"s3:*"`, `"arn:aws:s3:::b"`, "")), fail, "no statement denies everyone requests without TLS"},
		{"one unknown resource", "RequiresTLS(s3)", statements(tls(`"s3:*"`, `"??"`, "")), maybe, ""},
		{"reads only", "RequiresTLS(s3)", statements(tls(`"s3:Get*"`, `"*"`, "")), fail, "no statement denies everyone requests without TLS"},
		{"with a further condition", "RequiresTLS(s3)", statements(tls(`"*"`, `"*"`, `, "StringEquals": {"aws:PrincipalTag/a": "b"}`)), fail, "no statement denies everyone requests without TLS"},
		{"for one principal", "RequiresTLS(s3)", statements(strings.Replace(tls(`"s3:*"`, `"*"`, ""), `"Principal": "*"`, `"Principal": {"AWS": "123456789012"}`, 1)), fail, "no statement denies everyone requests without TLS"},
		{"allowed with TLS", "RequiresTLS(s3)", statements(allow(`"*"`, when("Bool", "aws:SecureTransport", `"true"`))), fail, "no statement denies everyone requests without TLS"},
		{"open", "RequiresTLS(s3)", statements(allow(`"*"`, ""), `"??any"`), maybe, ""},
		{"a boolean", "RequiresTLS(s3)", statements(strings.Replace(tls(`"s3:*"`, `"*"`, ""), `"false"`, `false`, 1)), pass, ""},
		{"publishing", "RequiresTLS(sns)", statements(tls(`"sns:Publish"`, `"arn:aws:sns:eu-west-1:123456789012:t"`, "")), pass, ""},
		{"queue", "RequiresTLS(sqs)", statements(tls(`"sqs:*"`, `"??"`, "")), pass, ""},
		{"sending only", "RequiresTLS(sqs)", statements(tls(`"sqs:SendMessage"`, `"*"`, "")), fail, "no statement denies everyone requests without TLS"},
		{"older than 1.2", "RequiresTLSVersion", statements(`{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}`), pass, ""},
		{"older than 1.1", "RequiresTLSVersion", statements(`{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"NumericLessThan": {"s3:TlsVersion": 1.1}}}`), fail,
			"no statement denies everyone TLS older than 1.2"},

		{"deny without MFA", "RequiresMFA", statements(grant(`"*"`, `"*"`, ""), `{"Effect": "Deny", "NotAction": "iam:*MFA*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}`), pass, ""},
		{"allow with MFA", "RequiresMFA", statements(grant(`"*"`, `"*"`, when("Bool", "aws:MultiFactorAuthPresent", `"true"`))), pass, ""},
		{"deny where MFA is not told", "RequiresMFA", statements(grant(`"*"`, `"*"`, ""), `{"Effect": "Deny", "Action": "*", "Resource": "*"`+when("Null", "aws:MultiFactorAuthPresent", `"true"`)+`}`), pass, ""},
		{"deny with MFA", "RequiresMFA", statements(grant(`"*"`, `"*"`, ""), `{"Effect": "Deny", "Action": "*", "Resource": "*"`+when("Bool", "aws:MultiFactorAuthPresent", `"true"`)+`}`), fail,
			"statement 1 allows its actions without multi-factor authentication"},
		{"allow with MFA if it exists", "RequiresMFA", statements(grant(`"*"`, `"*"`, when("BoolIfExists", "aws:MultiFactorAuthPresent", `"true"`))), fail,
			"statement 1 allows its actions without multi-factor authentication"},
		{"no MFA", "RequiresMFA", statements(grant(`"s3:*"`, `"*"`, "")), fail, "statement 1 allows its actions without multi-factor authentication"},
		{"unknown deny", "RequiresMFA", statements(grant(`"s3:*"`, `"*"`, ""), `"??any"`), maybe, ""},

		{"new policy version", "NoPrivilegeEscalation", statements(grant(`"iam:CreatePolicy*"`, `"*"`, "")), fail,
			"statement 1 allows an escalation of privileges: iam:CreatePolicyVersion on every resource"},
		{"across statements", "NoPrivilegeEscalation", statements(grant(`"ec2:RunInstances"`, `"*"`, ""), grant(`"iam:PassRole"`, `"*"`, "")), fail,
			"statement 2 allows an escalation of privileges: iam:PassRole and ec2:RunInstances on every resource"},
		{"half of it", "NoPrivilegeEscalation", statements(grant(`"iam:PassRole"`, `"*"`, "")), pass, ""},
		{"on one policy", "NoPrivilegeEscalation", statements(grant(`"iam:CreatePolicyVersion"`, `"arn:aws:iam::123456789012:policy/p"`, "")), pass, ""},
		{"with a condition", "NoPrivilegeEscalation", statements(grant(`"iam:*"`, `"*"`, when("Bool", "aws:MultiFactorAuthPresent", `"true"`))), pass, ""},
		{"denied again", "NoPrivilegeEscalation", statements(grant(`"iam:CreateAccessKey"`, `"*"`, ""), `{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`), pass, ""},
		{"denied for some", "NoPrivilegeEscalation", statements(grant(`"iam:CreateAccessKey"`, `"*"`, ""), `{"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::123456789012:user/a"}`), fail,
			"statement 1 allows an escalation of privileges: iam:CreateAccessKey on every resource"},
		{"all but s3", "NoPrivilegeEscalation", statements(`{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}`), fail,
			"statement 1 allows an escalation of privileges: iam:CreatePolicyVersion on every resource"},
		{"credentials", "NoCredentialsExposure", statements(grant(`"sts:AssumeRole"`, `"*"`, "")), fail, "statement 1 allows sts:AssumeRole, which returns credentials, on every resource"},
		{"login to a registry", "NoCredentialsExposure", statements(grant(`"ecr:GetAuthorizationToken"`, `"*"`, "")), pass, ""},
		{"objects", "NoDataExfiltration", statements(grant(`"s3:Get*"`, `"*"`, "")), fail, "statement 1 allows s3:GetObject, which returns data, on every resource"},
		{"objects of a bucket", "NoDataExfiltration", statements(grant(`"s3:Get*"`, `"arn:aws:s3:::b/*"`, "")), pass, ""},
		{"unknown actions", "NoDataExfiltration", statements(grant(`"??any"`, `"*"`, "")), maybe, ""},
		{"bucket policies", "NoPermissionsManagement", statements(grant(`"s3:Put*"`, `"*"`, "")), fail, "statement 1 allows s3:PutAccessPointPolicy, which changes who has access, on every resource"},
		{"reads", "NoPermissionsManagement", statements(grant(`["s3:Get*", "ec2:Describe*"]`, `"*"`, "")), pass, ""},
		{"writes", "NoUnconstrainedWrites", statements(grant(`["s3:Get*", "dynamodb:PutItem"]`, `"*"`, "")), fail, "statement 1 allows writes on every resource: dynamodb:PutItem"},
		{"whole service", "NoUnconstrainedWrites", statements(grant(`"ec2:*"`, `"*"`, "")), fail, "statement 1 allows writes on every resource: ec2:*"},
		{"reads do not write", "NoUnconstrainedWrites", statements(grant(`["s3:Get*", "s3:List*", "ec2:Describe*", "sqs:ReceiveMessage"]`, `"*"`, "")), pass, ""},
		{"actions without resources", "NoUnconstrainedWrites", statements(grant(`["xray:PutTraceSegments", "cloudwatch:PutMetricData", "ssmmessages:*"]`, `"*"`, "")), pass, ""},
		{"on a table", "NoUnconstrainedWrites", statements(grant(`"dynamodb:*"`, `"arn:aws:dynamodb:eu-west-1:123456789012:table/t"`, "")), pass, ""},
		{"all but iam", "NoUnconstrainedWrites", statements(`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`), fail, "statement 1 allows writes on every resource: all but those of NotAction"},
		{"unknown action that reads", "NoUnconstrainedWrites", statements(grant(`"??s3:Get"`, `"*"`, "")), pass, ""},
		{"reads by another verb", "NoUnconstrainedWrites", statements(grant(`["cognito-idp:AdminGetUser", "kinesis:SubscribeToShard", "sagemaker:Invoke*"]`, `"*"`, "")), pass, ""},
		{"a write by the verb of a read", "NoUnconstrainedWrites", statements(grant(`"states:GetActivityTask"`, `"*"`, "")), fail, "statement 1 allows writes on every resource: states:GetActivityTask"},
		{"malformed action", "NoUnconstrainedWrites", statements(grant(`"PutObject"`, `"*"`, "")), maybe, ""},
		{"reads of data", "NoUnrestrictedResource", statements(grant(`"dynamodb:GetItem"`, `"*"`, "")), fail, "statement 1 allows on every resource actions that could be limited to some: dynamodb:GetItem"},
		{"lists", "NoUnrestrictedResource", statements(grant(`["ec2:Describe*", "s3:ListAllMyBuckets"]`, `"*"`, "")), pass, ""},
		{"reads of metadata", "NoUnrestrictedResource", statements(grant(`["ec2:DescribeVpcs", "eks:DescribeCluster"]`, `"*"`, "")), fail, "statement 1 allows on every resource actions that could be limited to some: eks:DescribeCluster"},
		{"a pattern of reads", "NoUnrestrictedResource", statements(grant(`"lambda:Get?unction*"`, `"*"`, "")), fail, "statement 1 allows on every resource actions that could be limited to some: lambda:Get?unction*"},
		{"reads without resources", "NoUnrestrictedResource", statements(grant(`["logs:DescribeLogGroups", "autoscaling:Describe*", "kms:ListAliases", "sts:GetCallerIdentity"]`, `"*"`, "")), pass, ""},
		{"unknown read", "NoUnrestrictedResource", statements(grant(`"??ecs:DescribeTask"`, `"*"`, "")), maybe, ""},
		{"unknown service", "NoUnrestrictedResource", statements(grant(`"??"`, `"*"`, "")), maybe, ""},
	}
}

func TestJudgements(t *testing.T) {
	judges := map[string]func(*Document) Ruling{}
	unused := map[string]bool{}
	for _, j := range judgements() {
		judges[j.name], unused[j.name] = j.judge, true
	}
	for _, r := range rows() {
		t.Run(r.judge+"/"+r.name, func(t *testing.T) {
			judge, ok := judges[r.judge]
			if !ok {
				t.Fatalf("no judgement %s", r.judge)
			}
			delete(unused, r.judge)
			got := judge(Parse(doc(t, r.doc)))
			type result struct{ Verdict, Says string }
			if diff := cmp.Diff(result{r.want.String(), r.says}, result{got.Verdict.String(), got.Says}); diff != "" {
				t.Errorf("%s\n%s", r.doc, diff)
			}
		})
	}
	for name := range unused {
		t.Errorf("no case for %s", name)
	}
}

func TestRulingNamesItsStatement(t *testing.T) {
	text := statements(grant(`"s3:Get*"`, `"*"`, ""), grant(`"*"`, `"*"`, `, "Sid": "Admin"`))
	got := Parse(doc(t, text)).NoFullAccess()
	want := Ruling{analyzer.Fail, 1, "Admin", `statement "Admin" allows every action on every resource`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = Parse(doc(t, statements(grant(`"iam:CreatePolicyVersion"`, `"??"`, "")))).NoPrivilegeEscalation()
	if diff := cmp.Diff(Ruling{Verdict: analyzer.Unknown, Statement: 0}, got); diff != "" {
		t.Error(diff)
	}
}

// TestMap: what Terraform converted to maps says what objects say.
func TestMap(t *testing.T) {
	aws := cty.MapVal(map[string]cty.Value{"AWS": cty.StringVal("*")})
	statement := cty.ObjectVal(map[string]cty.Value{
		"Effect": cty.StringVal("Allow"), "Action": cty.StringVal("s3:*"), "Resource": cty.StringVal("*"), "Principal": aws,
	})
	d := Parse(cty.MapVal(map[string]cty.Value{"Statement": cty.ListVal([]cty.Value{statement})}))
	if got := d.NotPublic().Verdict; got != analyzer.Fail {
		t.Errorf("%s, want fail", got)
	}
}

// TestHide: knowing less never reverses a verdict. Each value of each document
// is hidden in turn, and each string is cut to each of its prefixes.
func TestHide(t *testing.T) {
	judges := judgements()
	for _, r := range rows() {
		whole := doc(t, r.doc)
		full := Parse(whole)
		known := make([]analyzer.Verdict, len(judges))
		for i, j := range judges {
			known[i] = j.judge(full).Verdict
		}
		for _, less := range hidden(t, whole) {
			d := Parse(less.value)
			for i, j := range judges {
				if got := j.judge(d).Verdict; got != known[i] && got != analyzer.Unknown {
					t.Errorf("%s of %q is %v, and %v with %s hidden\n%s", j.name, r.name, known[i], got, less.what, r.doc)
				}
			}
		}
	}
}

type lesser struct {
	what  string
	value cty.Value
}

func hidden(t *testing.T, v cty.Value) []lesser {
	var all []lesser
	replace := func(at cty.Path, by cty.Value, what string) {
		less, err := cty.Transform(v, func(p cty.Path, v cty.Value) (cty.Value, error) {
			if p.Equals(at) {
				return by, nil
			}
			return v, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, lesser{analyzer.FormatPath(at) + what, less})
	}
	err := cty.Walk(v, func(p cty.Path, v cty.Value) (bool, error) {
		p = p.Copy()
		replace(p, cty.DynamicVal, "")
		if !v.IsKnown() || v.IsNull() {
			return true, nil
		}
		replace(p, cty.UnknownVal(v.Type()), " by type")
		if v.Type() == cty.String {
			for i := 1; i < len(v.AsString()); i++ {
				prefix := v.AsString()[:i]
				replace(p, cty.UnknownVal(cty.String).Refine().NotNull().StringPrefixFull(prefix).NewValue(), " after "+prefix)
			}
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// FuzzDocument reads a document and applies every judgement twice. Nothing
// panics, nothing costs more than its size allows, and the results are the
// same.
func FuzzDocument(f *testing.F) {
	for _, r := range rows() {
		f.Add(r.doc)
	}
	for _, text := range []string{`{"Statement": [[1], null, {"Action": {"a": [null, {}]}, "Principal": 1, "Condition": [{"a": 1}]}]}`,
		`{"Statement": {"Principal": {"AWS": null}, "Condition": {"x": {"y": null}, "z": 1}, "Resource": [[]]}}`, `[]`, `null`,
		`{"Statement": {"Effect": "Allow", "Action": "` + strings.Repeat("*a", 200) + `", "Resource": "` + strings.Repeat("*?", 200) + `"}}`,
		`{"Statement": [` + strings.TrimSuffix(strings.Repeat(`{"Effect": "Deny", "NotAction": ["*", "iam:*"], "NotResource": "a*"},`, 40), ",") + `]}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 16<<10 {
			t.Skip("longer than it needs to be")
		}
		var one, two []Ruling
		watch.Run(t, len(text), func() { one = judgedAll(t, text) })
		watch.Run(t, len(text), func() { two = judgedAll(t, text) })
		if diff := cmp.Diff(one, two); diff != "" {
			t.Errorf("two answers:\n%s", diff)
		}
	})
}

// judgedAll applies every judgement to a document, and to a data source made
// from it.
func judgedAll(t *testing.T, text string) []Ruling {
	v := decode(text)
	var all []Ruling
	for _, d := range []*Document{Parse(v), Parse(FromDataSource(v))} {
		for _, j := range judgements() {
			r := j.judge(d)
			if r.Verdict < analyzer.Fail || r.Verdict > analyzer.Pass {
				t.Errorf("%s: verdict %d", j.name, r.Verdict)
			}
			all = append(all, r)
		}
	}
	rendered := FromDataSource(cty.ObjectVal(map[string]cty.Value{"source_policy_documents": cty.TupleVal([]cty.Value{v})}))
	if v.IsNull() || !v.IsWhollyKnown() {
		return all
	}
	if _, ok := Render(rendered); !ok && rendered.IsWhollyKnown() {
		t.Errorf("a known document is not rendered: %#v", rendered)
	}
	return all
}

func BenchmarkPolicy(b *testing.B) {
	var all []string
	for i := range 10 {
		all = append(all, fmt.Sprintf(`{"Sid": "S%d", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "dynamodb:Query"],
			"Resource": ["arn:aws:s3:::bucket-%d/*", "arn:aws:dynamodb:eu-west-1:123456789012:table/t%d"], "Principal": {"AWS": "arn:aws:iam::123456789012:role/r%d"},
			"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}`, i, i, i, i))
	}
	v := doc(b, statements(all...))
	judges := judgements()
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Parse(v)
		}
	})
	b.Run("parse and judge everything", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d := Parse(v)
			for _, j := range judges {
				j.judge(d)
			}
		}
	})
}
