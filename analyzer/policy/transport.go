package policy

import (
	"strconv"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// RequiresTLS rules that a statement denies everyone every request without TLS,
// to an S3 bucket, an SQS queue or an SNS topic, by its service prefix. The
// Deny must be for every principal, cover the actions for which the service is
// used, and have no further condition. For a bucket it must cover the objects.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html#enforce-encryption-data-in-transit
// https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit
func (d *Document) RequiresTLS(service string) Ruling {
	return d.demandDeny(service, insecureTransport, "no statement denies everyone requests without TLS")
}

// RequiresTLSVersion rules that a statement denies everyone requests to a
// bucket with TLS older than a version. The service itself has enforced 1.2
// since 2024-02-27.
//
// https://aws.amazon.com/blogs/storage/enforcing-encryption-in-transit-with-tls1-2-or-higher-with-amazon-s3/
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-tls-version
func (d *Document) RequiresTLSVersion(version float64) Ruling {
	lacks := "no statement denies everyone TLS older than " + strconv.FormatFloat(version, 'f', 1, 64)
	return d.demandDeny("s3", func(c *Condition) analyzer.Verdict { return olderTLS(c, version) }, lacks)
}

func (d *Document) demandDeny(service string, on func(*Condition) analyzer.Verdict, lacks string) Ruling {
	return d.demand(func(s *Statement) analyzer.Verdict {
		deny := s.has(Deny)
		if deny == analyzer.Fail {
			return deny
		}
		return min(deny, s.deniesEveryone(), s.deniesUse(service), s.reaches(service),
			s.Conditions.any(on), s.Conditions.all(on))
	}, lacks)
}

func (s *Statement) deniesEveryone() analyzer.Verdict {
	return s.Principals.any(func(p Principal) analyzer.Verdict {
		if p.Kind != Everyone && p.Kind != AWS {
			return analyzer.Fail
		}
		return p.ID.is("*")
	})
}

// deniesUse judges whether the statement covers the actions for which a service
// is used. The policy of a topic cannot name every action of SNS at once.
func (s *Statement) deniesUse(service string) analyzer.Verdict {
	switch service {
	case "sns":
		return s.does("sns:Publish")
	case "sqs":
		return min(s.does("sqs:SendMessage"), s.does("sqs:ReceiveMessage"))
	}
	return s.does(service + ":" + anything)
}

// reaches judges whether a statement on a bucket also covers its objects: two
// resources, or a pattern. The bucket itself need not be known.
func (s *Statement) reaches(service string) analyzer.Verdict {
	if service != "s3" || s.Resources.Present == analyzer.Fail {
		return analyzer.Pass
	}
	if len(s.Resources.Values) > 1 {
		return s.Resources.Present
	}
	return min(s.Resources.Present, s.Resources.any(func(t Text) analyzer.Verdict {
		if t.Partial {
			return analyzer.Unknown
		}
		return claim(strings.HasSuffix(t.Value, "*"))
	}))
}

func insecureTransport(c *Condition) analyzer.Verdict {
	if !strings.EqualFold(c.Key, "aws:SecureTransport") || c.Operator != "bool" {
		return analyzer.Fail
	}
	return c.isOnly("false")
}

// isOnly judges whether there is a value and all values equal a string.
func (c *Condition) isOnly(want string) analyzer.Verdict {
	is := func(t Text) analyzer.Verdict { return t.is(want) }
	return min(c.Values.Present, c.Values.any(is), c.Values.all(is))
}

func olderTLS(c *Condition, version float64) analyzer.Verdict {
	if !strings.EqualFold(c.Key, "s3:TlsVersion") || c.Operator != "numericlessthan" {
		return analyzer.Fail
	}
	return min(c.Values.Present, c.Values.any(func(t Text) analyzer.Verdict {
		if t.Partial {
			return analyzer.Unknown
		}
		n, err := strconv.ParseFloat(t.Value, 64)
		return claim(err == nil && n >= version)
	}))
}

// RequiresMFA rules that a policy grants nothing without multi-factor
// authentication: a statement denies requests without it, or each granting
// statement requires it. A Deny with Bool does not cover requests signed with
// long-term keys; BoolIfExists does. Both count.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
func (d *Document) RequiresMFA() Ruling {
	denies, at := d.some(func(s *Statement) analyzer.Verdict {
		return min(s.has(Deny), s.Conditions.any(withoutMFA))
	})
	if denies == analyzer.Pass {
		return d.at(at, analyzer.Pass, "")
	}
	r := d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return -s.Conditions.any(withMFA)
	}, "allows its actions without multi-factor authentication")
	if denies > r.Verdict {
		return ruling(denies)
	}
	return r
}

func withoutMFA(c *Condition) analyzer.Verdict {
	switch {
	case strings.EqualFold(c.Key, "aws:MultiFactorAuthPresent"):
		return max(min(claim(c.Operator == "bool"), c.isOnly("false")), min(claim(c.Operator == "null"), c.isOnly("true")))
	case strings.EqualFold(c.Key, "aws:MultiFactorAuthAge"):
		return claim(strings.HasPrefix(c.Operator, "numericgreaterthan") || c.Operator == "null")
	}
	return analyzer.Fail
}

// withMFA recognises a condition that fails without MFA: not BoolIfExists,
// which holds where the key is missing.
func withMFA(c *Condition) analyzer.Verdict {
	switch {
	case c.IfExists:
		return analyzer.Fail
	case strings.EqualFold(c.Key, "aws:MultiFactorAuthPresent"):
		return min(claim(c.Operator == "bool"), c.isOnly("true"))
	case strings.EqualFold(c.Key, "aws:MultiFactorAuthAge"):
		return claim(strings.HasPrefix(c.Operator, "numericlessthan"))
	}
	return analyzer.Fail
}
