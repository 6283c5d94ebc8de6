package checks

import (
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

const (
	clusterEndpoint = "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html"
	clusterAccess   = "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html"
	clusterVersions = "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html"
)

func eks() []row {
	return []row{
		{
			ID:        "aws-eks-endpoint-not-public",
			Aliases:   same("CKV_AWS_39", "AWS-0040", "aws-eks-no-public-cluster-access"),
			Controls:  controls("FSBP EKS.1"),
			On:        on("aws_eks_cluster"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "The Kubernetes API has no public endpoint",
			Why:       "A public endpoint leaves only Kubernetes' own authentication between the internet and the cluster. <https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>",
			Want:      attr("vpc_config.endpoint_public_access").False(),
			Message:   "the API of this cluster has a public endpoint",
			Fix:       unsafe("cuts off clients outside of the VPC", clusterEndpoint),
		},
		{
			ID:        "aws-eks-endpoint-not-for-everyone",
			Aliases:   same("CKV_AWS_38", "AWS-0041", "aws-eks-no-public-cluster-access-to-cidr"),
			On:        on("aws_eks_cluster"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "A public Kubernetes API endpoint is open to named networks only",
			Why:       "Unless public_access_cidrs narrows it, the endpoint answers the whole internet, with every flaw that Kubernetes may have. <https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>",
			Want: anyOf(
				attr("vpc_config.endpoint_public_access").False(),
				all(attr("vpc_config.public_access_cidrs").Present(), // an empty list is not sent, and is everyone
					not(attr("vpc_config.public_access_cidrs").Contains("0.0.0.0/0")), not(attr("vpc_config.public_access_cidrs").Contains("::/0")))),
			Message: "the API of this cluster answers the whole internet",
			Fix:     unsafe("cuts off clients outside of the VPC", clusterEndpoint),
		},
		{
			ID:        "aws-eks-endpoint-private",
			On:        on("aws_eks_cluster"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "The Kubernetes API has a private endpoint",
			Why:       "Without it even the nodes reach the API by its public address, out of the VPC and back. <https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>",
			Want:      attr("vpc_config.endpoint_private_access").True(),
			Message:   "the API of this cluster has no private endpoint",
			Fix:       safe(),
		},
		{
			ID:        "aws-eks-secrets-encrypted",
			Aliases:   same("CKV_AWS_58", "AWS-0039", "aws-eks-encrypt-secrets"),
			Controls:  controls("FSBP EKS.3"),
			On:        on("aws_eks_cluster"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Kubernetes secrets are encrypted with your own key",
			Why:       "EKS encrypts what it stores since version 1.28, but with a key that you can neither revoke nor watch. <https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html>",
			Want:      some("encryption_config", all(attr("resources").Contains("secrets"), attr("provider.key_arn").Present())),
			Message:   "secrets of this cluster are not encrypted with your own key",
			Close:     "add an encryption_config for secrets with the key's ARN; it cannot be taken away again",
		},
		{
			ID:        "aws-eks-control-plane-logs",
			Aliases:   same("CKV_AWS_37", "AWS-0038", "aws-eks-enable-control-plane-logging"),
			Controls:  controls("FSBP EKS.8"),
			On:        on("aws_eks_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EKS control planes write every type of log",
			Why:       "EKS writes no log of the control plane unless asked: who called the API, how they authenticated, what the schedulers did. <https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html>",
			Want:      attr("enabled_cluster_log_types").Contains("api", "audit", "authenticator", "controllerManager", "scheduler"),
			Message:   "the control plane of this cluster does not write every type of log",
			Close:     "set enabled_cluster_log_types to api, audit, authenticator, controllerManager and scheduler",
		},
		{
			ID:        "aws-eks-node-ssh-restricted",
			Aliases:   same("CKV_AWS_100"),
			On:        on("aws_eks_node_group"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "SSH to EKS nodes is open to named security groups only",
			Why:       "A node group with an SSH key and no source security groups opens port 22 to the whole internet. <https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html>",
			When:      referred("remote_access.ec2_ssh_key"),
			Want:      attr("remote_access.source_security_group_ids").Present(),
			Message:   "port 22 of these nodes is open to the internet",
			Close:     "set source_security_group_ids, or leave remote_access out and use Session Manager",
		},
		{
			ID:        "aws-eks-version-supported",
			Aliases:   same("CKV_AWS_339"),
			Controls:  controls("FSBP EKS.2"),
			On:        on("aws_eks_cluster"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EKS clusters run a supported Kubernetes version",
			Why:       "After extended support a version gets no security fixes, and EKS upgrades the control plane at a time of its own. <https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html>",
			Want:      supportedKubernetes("extended", func(k kubernetes) time.Time { return k.extended }),
			Message:   "the version of this cluster is no longer supported",
			Close:     "upgrade the cluster, one minor version at a time",
		},
		{
			ID:        "aws-eks-version-in-standard-support",
			On:        on("aws_eks_cluster"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EKS clusters run a Kubernetes version in standard support",
			Why:       "Extended support costs six times as much per hour, and ends a year later with an upgrade that you do not time. <https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html>",
			Want:      supportedKubernetes("standard", func(k kubernetes) time.Time { return k.standard }),
			Message:   "the version of this cluster has left standard support",
			Close:     "upgrade the cluster, one minor version at a time",
		},
		{
			ID:        "aws-eks-access-entries",
			On:        on("aws_eks_cluster"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EKS cluster access is granted by access entries",
			Why:       "Access entries are managed by IAM and recorded by CloudTrail; the aws-auth ConfigMap can be changed from within the cluster. <https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html>",
			Want:      attr("access_config.authentication_mode").OneOf("API_AND_CONFIG_MAP", "API"), // one step at a time
			Message:   "access to this cluster is granted by a ConfigMap only",
			Fix:       unsafe("cannot be undone", clusterAccess),
		},
	}
}

// kubernetes is a minor version with the last days of its support periods.
type kubernetes struct {
	minor              int // of 1
	standard, extended time.Time
}

// kubernetesVersions is the release calendar of EKS, oldest first. Older
// versions are not supported.
//
// https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar
func kubernetesVersions() []kubernetes {
	return []kubernetes{
		{21, onDay(2023, 2, 16), onDay(2024, 7, 15)},
		{22, onDay(2023, 6, 4), onDay(2024, 9, 1)},
		{23, onDay(2023, 10, 11), onDay(2024, 10, 11)},
		{24, onDay(2024, 1, 31), onDay(2025, 1, 31)},
		{25, onDay(2024, 5, 1), onDay(2025, 5, 1)},
		{26, onDay(2024, 6, 11), onDay(2025, 6, 11)},
		{27, onDay(2024, 7, 24), onDay(2025, 7, 24)},
		{28, onDay(2024, 11, 26), onDay(2025, 11, 26)},
		{29, onDay(2025, 3, 23), onDay(2026, 3, 23)},
		{30, onDay(2025, 7, 23), onDay(2026, 7, 23)},
		{31, onDay(2025, 11, 26), onDay(2026, 11, 26)},
		{32, onDay(2026, 3, 23), onDay(2027, 3, 23)},
		{33, onDay(2026, 7, 29), onDay(2027, 7, 29)},
		{34, onDay(2026, 12, 2), onDay(2027, 12, 2)},
		{35, onDay(2027, 3, 27), onDay(2028, 3, 27)},
	}
}

// supportedKubernetes holds until the last day of a kind of support. An unset
// version is the latest at creation. A version newer than the calendar is
// supported at least as long as the newest one in the calendar.
func supportedKubernetes(kind string, until func(kubernetes) time.Time) cond {
	return analyzer.Func{
		Says:  "version is in " + kind + " support",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("version"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("version")
			if l.Default != nil && !l.Set {
				return v.Pass(l)
			}
			if !l.Value.IsKnown() || l.Value.IsNull() {
				return v.Unknown(l)
			}
			var minor int
			if n, err := fmt.Sscanf(plainText(l.Value), "1.%d", &minor); n != 1 || err != nil {
				return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "a version that this release does not know"})
			}
			k := nearestVersion(minor)
			return judgeSupport(v, l, minor, k, kind, until(k))
		},
	}
}

// nearestVersion is the entry of a version, else the oldest or the newest
// entry.
func nearestVersion(minor int) kubernetes {
	versions := kubernetesVersions()
	for _, k := range versions {
		if k.minor >= minor {
			return k
		}
	}
	return versions[len(versions)-1]
}

// judgeSupport judges a version by its own entry in the calendar or the nearest
// one.
func judgeSupport(v *analyzer.View, l analyzer.Leaf, minor int, k kubernetes, kind string, until time.Time) analyzer.Outcome {
	over := v.Today().After(until)
	switch {
	case minor < k.minor:
		return v.FailSaying(l, fmt.Sprintf("%s support of Kubernetes 1.%d ended before 2023", kind, minor))
	case over && minor > k.minor:
		return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "a version that this release does not know"})
	case over:
		return v.FailSaying(l, fmt.Sprintf("%s support of Kubernetes 1.%d ended on %s", kind, minor, until.Format(time.DateOnly)))
	}
	return v.Pass(l)
}

// eksDefaults are AWS's values for unset attributes.
func eksDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_eks_cluster", Path: "vpc_config.public_access_cidrs", Value: cty.ListVal([]cty.Value{cty.StringVal("0.0.0.0/0")}), Source: clusterEndpoint},
		{Type: "aws_eks_cluster", Path: "version", Value: cty.NilVal, Source: clusterVersions},
		{Type: "aws_eks_cluster", Path: "access_config.authentication_mode", Value: isString("CONFIG_MAP"), Source: clusterAccess},
	}
}
