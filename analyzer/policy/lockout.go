package policy

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// NoLockout rules that no statement of a bucket's policy denies everyone,
// without a condition, to change that policy: only the root user of the account
// could then undo it. A Deny on objects alone leaves the policy open.
//
// https://repost.aws/knowledge-center/s3-accidentally-denied-access
func (d *Document) NoLockout() Ruling {
	return d.forbid(func(s *Statement) analyzer.Verdict {
		return min(s.has(Deny), s.deniesEveryone(), s.does("s3:PutBucketPolicy"), s.does("s3:DeleteBucketPolicy"),
			s.onBucket(), -s.conditional())
	}, "denies everyone permission to change the policy")
}

// onBucket judges whether the statement applies to a bucket, and not only to
// its objects. The bucket itself need not be known.
func (s *Statement) onBucket() analyzer.Verdict {
	if s.Resources.Present == analyzer.Fail {
		return analyzer.Pass
	}
	return min(s.Resources.Present, s.Resources.any(func(t Text) analyzer.Verdict {
		if t.Partial && !strings.Contains(t.Value, "/") {
			return analyzer.Unknown
		}
		return claim(!strings.Contains(t.Value, "/"))
	}))
}
