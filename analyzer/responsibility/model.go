package responsibility

import (
	"sync"

	"github.com/demarc/demarc/analyzer"
)

// Sources of the published owners.
const (
	// AWS Security Best Practices, 2016: the three models, for
	// infrastructure, container and abstract services.
	paper = "https://d1.awsstatic.com/whitepapers/Security/AWS_Security_Best_Practices.pdf"
	// The AWS Shared Responsibility Model: security of the cloud and in the
	// cloud, and the shared controls.
	page = "https://aws.amazon.com/compliance/shared-responsibility-model/"
)

// Pages that show who owns a layer today, where the paper differs or has no
// owner.
const (
	resiliency       = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/shared-responsibility-model-for-resiliency.html"
	detection        = "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/detection.html"
	atRest           = "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-at-rest.html"
	bucketEncryption = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html" // since 2023-01-05
	bucketPractices  = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html"
	bucketAccess     = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
)

const (
	infrastructure = analyzer.Infrastructure
	container      = analyzer.Container
	abstract       = analyzer.Abstract
)

// A line is one layer of the model: its description, and its owner under each
// model.
type line struct {
	layer                               analyzer.Layer
	title, about                        string
	infrastructure, container, abstract analyzer.Cell
}

// table is the responsibility model. The published owners are from the paper's
// figures; "not stated" are layers that it describes without an owner.
var table = sync.OnceValue(func() []line {
	return []line{
		{analyzer.CustomerData, "Customer data", "what is stored, how sensitive it is, how long it is kept, and what protects it from deletion",
			yours("your data: classify, keep, protect from deletion and dispose of it"),
			yours("your data: classify, keep, protect from deletion and dispose of it"),
			yours("your data: classify, keep, protect from deletion and dispose of it")},
		{analyzer.IdentityAndAccess, "Identity and access", "who may do what: least privilege, resource policies, MFA, rotation of passwords and keys",
			yours("who may manage the service, and who may log on to the hosts"),
			yours("who may manage the service, and the users inside of it"),
			yours("who may call the service, and the policies on its resources")},
		{analyzer.ClientSideEncryption, "Client-side encryption", "encryption before data is sent, and the proof that it was not changed",
			yours("encrypt before you send, and check integrity"),
			yours("encrypt before you send, and check integrity"),
			yours("encrypt before you send, and check integrity")},
		{analyzer.ServerSideEncryption, "Server-side encryption", "encryption of data at rest, and control of its keys",
			yours("encrypt volumes, file systems and what is on them, and control the keys"),
			both(analyzer.ProviderOwned, "turn encryption on, often at creation only, and choose the key", "AWS encrypts storage, backups and replicas once it is on", atRest),
			both(analyzer.ProviderOwned, "choose the key and who may use it", "AWS encrypts what it stores, most of it by default", bucketEncryption)},
		{analyzer.NetworkTrafficProtection, "Network traffic protection", "encryption, integrity and identity of data in transit",
			yours("TLS, certificates and VPNs between your hosts and their users"),
			yours("require TLS of clients and between nodes, and choose versions and certificates"),
			both(analyzer.ProviderOwned, "refuse requests without TLS, and those of old versions", "AWS serves every endpoint with TLS", bucketPractices)},
		{analyzer.FirewallConfiguration, "Firewall configuration", "what can be reached, and from where: security groups, network ACLs, public exposure",
			yours("security groups, network ACLs, host firewalls, and what is public"),
			yours("security groups of the service, and whether it is public"),
			both(analyzer.ProviderOwned, "who may reach it: public access blocks, policies on sources and endpoints", "AWS runs the firewalls of the endpoints and blocks public access by default", bucketAccess)},
		{analyzer.NetworkConfiguration, "Network configuration", "subnets, routes, gateways and addresses",
			yours("subnets, routes, gateways and addresses"),
			theirs("AWS runs the network behind the service"),
			theirs("AWS runs the network behind the service")},
		{analyzer.PlatformAndApplication, "Platform and application", "runtimes, engine versions, parameters, and the code on top",
			yours("everything installed on the hosts: runtimes, applications and their updates"),
			theirs("AWS installs and patches the platform"),
			theirs("AWS runs and patches the platform")},
		{analyzer.OperatingSystem, "Operating system", "patching, hardening and malware protection of the guest",
			yours("patch, harden and watch the guest"),
			theirs("AWS patches and hardens the hosts"),
			theirs("AWS patches and hardens the hosts")},
		{analyzer.BusinessContinuity, "Business continuity", "backup, restore tests, more than one zone, disaster recovery",
			unstated(analyzer.CustomerOwned, "backups, restore tests, several zones, recovery plans", "", resiliency),
			unstated(analyzer.SharedOwned, "backup retention, standbys and zones, restore tests", "AWS takes backups and fails over as you configured it", resiliency),
			unstated(analyzer.SharedOwned, "versions, backups, replicas and restore tests", "AWS keeps the service available across zones", resiliency)},
		{analyzer.LoggingAndMonitoring, "Logging and monitoring", "audit logs, detection of threats and failures, alarms",
			unstated(analyzer.CustomerOwned, "logs of hosts and network, detection, alarms, and who reads them", "", detection),
			unstated(analyzer.CustomerOwned, "turn logs on, keep them, and raise alarms", "", detection),
			unstated(analyzer.CustomerOwned, "turn logs on, keep them, and raise alarms", "", detection)},
		{analyzer.FoundationServices, "Foundation services", "hardware of compute, storage, database and network; isolation; disposal of devices",
			theirs("AWS runs the hardware and isolates its customers"),
			theirs("AWS runs the hardware and isolates its customers"),
			theirs("AWS runs the hardware and isolates its customers")},
		{analyzer.GlobalInfrastructure, "Global infrastructure", "regions, availability zones, edge locations and their physical security",
			theirs("AWS builds, powers and guards the data centers"),
			theirs("AWS builds, powers and guards the data centers"),
			theirs("AWS builds, powers and guards the data centers")},
	}
})

// yours is a cell that has always been the customer's.
func yours(words string) analyzer.Cell {
	return analyzer.Cell{Published: analyzer.CustomerOwned, Today: analyzer.CustomerOwned, Yours: words, PublishedSource: paper, TodaySource: page}
}

// theirs is a cell that has always been the provider's.
func theirs(words string) analyzer.Cell {
	return analyzer.Cell{Published: analyzer.ProviderOwned, Today: analyzer.ProviderOwned, Theirs: words, PublishedSource: paper, TodaySource: page}
}

// both is a cell that is shared today.
func both(published analyzer.Owner, yours, theirs, source string) analyzer.Cell {
	return analyzer.Cell{Published: published, Today: analyzer.SharedOwned, Yours: yours, Theirs: theirs, PublishedSource: paper, TodaySource: source}
}

// unstated is a cell without an owner in the published model.
func unstated(today analyzer.Owner, yours, theirs, source string) analyzer.Cell {
	return analyzer.Cell{Today: today, Yours: yours, Theirs: theirs, TodaySource: source}
}

// cell is the ownership of a layer under a model, before the overrides of a
// service. Under the unknown model, which is the model of an unclassified type,
// the customer owns all layers except the provider's own.
func cell(m analyzer.Model, l analyzer.Layer) analyzer.Cell {
	if row := lineOf(l); row != nil {
		return row.under(m)
	}
	return analyzer.Cell{}
}

// lineOf is the line of a layer; nil for an unknown layer.
func lineOf(l analyzer.Layer) *line {
	lines := table()
	for i := range lines {
		if lines[i].layer == l {
			return &lines[i]
		}
	}
	return nil
}

func (row *line) under(m analyzer.Model) analyzer.Cell {
	switch m {
	case infrastructure:
		return row.infrastructure
	case container:
		return row.container
	case abstract:
		return row.abstract
	}
	c := row.infrastructure
	c.Published, c.PublishedSource = analyzer.NotStated, ""
	return c
}

// A Control is a shared control of the model: AWS applies it to the
// infrastructure, the customer to everything that runs on it. It is a duty of
// the organisation, met by evidence in the configuration and by attestations.
type Control struct {
	ID     string // patch-management
	Title  string
	Yours  string           // the customer's half
	Theirs string           // the provider's half
	Layers []analyzer.Layer // layers whose checks are evidence; none: only attestations are

	Objectives []analyzer.Objective // objectives of the control
	Source     string               // link
}

// SharedControls lists the shared controls of the AWS Shared Responsibility
// Model: <https://aws.amazon.com/compliance/shared-responsibility-model/>.
func SharedControls() []Control {
	return []Control{
		{"patch-management", "Patch management",
			"patch guests, images, applications and chosen engine versions", "AWS patches and fixes flaws in the infrastructure and in what it manages",
			[]analyzer.Layer{analyzer.OperatingSystem, analyzer.PlatformAndApplication},
			[]analyzer.Objective{patchSystems, currentVersions, fixVulnerabilities}, page},
		{"configuration-management", "Configuration management",
			"configure guests, databases, applications and the resources of the account", "AWS configures the devices of the infrastructure",
			[]analyzer.Layer{analyzer.PlatformAndApplication, analyzer.LoggingAndMonitoring},
			[]analyzer.Objective{hardenConfiguration, recordConfiguration, reviewChanges}, page},
		{"awareness-and-training", "Awareness and training",
			"train your own people", "AWS trains its employees",
			nil, []analyzer.Objective{trainPeople}, page},
	}
}
