package responsibility

import (
	"slices"
	"sync"

	"github.com/demarc/demarc/analyzer"
)

// An Objective is a control objective: a statement that must hold under a layer
// of the model, whatever the evidence. Each check serves one objective; an
// objective without a check is unevidenced until somebody attests it.
// Frameworks are mapped to objectives, not to checks, so a new check needs no
// mapping.
type Objective struct {
	ID analyzer.Objective // permanent

	// Layers are the layers that its checks may have. The first is its home,
	// where a matrix shows it; an organisation's objective, such as training,
	// is at the layer that it protects.
	Layers []analyzer.Layer

	Title    string // the objective as a statement
	About    string // one sentence
	Extent   Extent // the extent to which a configuration can show it
	Missing  string // the part that a configuration does not show; empty where it shows all
	Evidence string // good evidence for that part; empty where nothing is missing
}

// Extent is the extent to which a configuration can show that an objective is
// met.
type Extent string

const (
	Shown     Extent = "shown"     // fully: its checks decide
	PartShown Extent = "part"      // the other part is attested; no check may show the first yet
	NotShown  Extent = "not-shown" // an attestation is the only way, or the provider's report where it is inherited
)

// Inherited reports whether the provider meets the objective for all customers,
// as its audit reports show: its home is a layer that the provider owns under
// every model.
func (o Objective) Inherited() bool {
	for _, m := range analyzer.Models() {
		if cell(m, o.Layers[0]).Today != analyzer.ProviderOwned {
			return false
		}
	}
	return true
}

// Attestable reports whether a customer's attestation adds to the evidence in a
// configuration.
func (o Objective) Attestable() bool { return o.Extent != Shown && !o.Inherited() }

// Organisation reports whether the objective belongs to the organisation and
// its people, and to no resource.
func (o Objective) Organisation() bool { return slices.Contains(organisations, o.ID) }

// Under reports whether the objective's checks may have a layer.
func (o Objective) Under(l analyzer.Layer) bool { return slices.Contains(o.Layers, l) }

// Objectives lists the objectives in the order of their home layers.
func Objectives() []Objective { return objectives() }

// ObjectiveOf is the objective with an id; false: there is none.
func ObjectiveOf(id analyzer.Objective) (Objective, bool) {
	o, ok := objectivesByID()[id]
	return o, ok
}

var objectivesByID = sync.OnceValue(func() map[analyzer.Objective]Objective {
	byID := map[analyzer.Objective]Objective{}
	for _, o := range objectives() {
		byID[o.ID] = o
	}
	return byID
})

// The ids of the objectives. Package checks also names the objectives that
// checks serve.
const (
	classifyData     analyzer.Objective = "classify-data"
	retainAndDispose analyzer.Objective = "retain-and-dispose"
	preventDeletion  analyzer.Objective = "prevent-deletion"
	keepInRegion     analyzer.Objective = "keep-in-region"
	manageProviders  analyzer.Objective = "manage-providers"

	leastPrivilege       analyzer.Objective = "least-privilege"
	restrictPrincipals   analyzer.Objective = "restrict-principals"
	strongAuthentication analyzer.Objective = "strong-authentication"
	manageIdentities     analyzer.Objective = "manage-identities"
	protectSecrets       analyzer.Objective = "protect-secrets"
	rotateCredentials    analyzer.Objective = "rotate-credentials"
	reviewAccess         analyzer.Objective = "review-access"
	trainPeople          analyzer.Objective = "train-people"

	encryptBeforeSending analyzer.Objective = "encrypt-before-sending"
	verifyIntegrity      analyzer.Objective = "verify-integrity"

	encryptAtRest analyzer.Objective = "encrypt-at-rest"
	controlKeys   analyzer.Objective = "control-encryption-keys"
	keepCustody   analyzer.Objective = "keep-key-custody"

	encryptInTransit analyzer.Objective = "encrypt-in-transit"
	strongProtocols  analyzer.Objective = "strong-protocols"

	restrictIngress  analyzer.Objective = "restrict-ingress"
	restrictEgress   analyzer.Objective = "restrict-egress"
	preventExposure  analyzer.Objective = "prevent-public-exposure"
	protectEndpoints analyzer.Objective = "protect-public-endpoints"

	segmentNetworks analyzer.Objective = "segment-networks"

	hardenConfiguration analyzer.Objective = "harden-configuration"
	currentVersions     analyzer.Objective = "supported-versions"
	trustedImages       analyzer.Objective = "trusted-images"
	secureDevelopment   analyzer.Objective = "secure-development"
	reviewChanges       analyzer.Objective = "review-changes"
	testSecurity        analyzer.Objective = "test-security"

	patchSystems       analyzer.Objective = "patch-systems"
	fixVulnerabilities analyzer.Objective = "fix-vulnerabilities"
	stopMalware        analyzer.Objective = "stop-malware"
	synchronizeClocks  analyzer.Objective = "synchronize-clocks"

	backUp            analyzer.Objective = "back-up"
	resilience        analyzer.Objective = "resilience"
	testRecovery      analyzer.Objective = "test-recovery"
	restoreIdentities analyzer.Objective = "restore-identities"
	planCapacity      analyzer.Objective = "plan-capacity"

	logAccess           analyzer.Objective = "log-access"
	protectLogs         analyzer.Objective = "protect-logs"
	monitor             analyzer.Objective = "detect-and-alert"
	recordConfiguration analyzer.Objective = "record-configuration"
	reviewLogs          analyzer.Objective = "review-logs"
	respondToIncidents  analyzer.Objective = "respond-to-incidents"

	isolateCustomers analyzer.Objective = "isolate-customers"
	disposeDevices   analyzer.Objective = "dispose-of-devices"

	guardSites analyzer.Objective = "guard-sites"
	runSites   analyzer.Objective = "run-sites"
)

// What AWS shows of its own part: its audit reports, which customers get from
// AWS Artifact. <https://docs.aws.amazon.com/artifact/latest/ug/what-is-aws-artifact.html>
const artifact = "the reports of AWS's auditors (SOC, ISO, PCI) from AWS Artifact, read and filed each year"

// organisations are the objectives of people and procedures. Classification of
// data and fixes of a host's vulnerabilities belong to resources.
var organisations = []analyzer.Objective{
	manageProviders, reviewAccess, trainPeople, keepCustody, secureDevelopment, reviewChanges, testSecurity,
	testRecovery, restoreIdentities, planCapacity, reviewLogs, respondToIncidents,
}

// standing lists the objectives under a layer that only an attestation can
// cover.
func standing(l analyzer.Layer) []analyzer.Objective { return standingUnder()[l] }

var standingUnder = sync.OnceValue(func() map[analyzer.Layer][]analyzer.Objective {
	return atHome(func(o Objective) bool { return o.Extent == NotShown || slices.Contains(unserved, o.ID) })
})

// attestable lists the objectives at home under a layer that an attestation can
// cover.
func attestable(l analyzer.Layer) []analyzer.Objective { return attestableUnder()[l] }

var attestableUnder = sync.OnceValue(func() map[analyzer.Layer][]analyzer.Objective {
	return atHome(func(Objective) bool { return true })
})

// atHome groups a resource's attestable objectives by their home layer.
func atHome(of func(Objective) bool) map[analyzer.Layer][]analyzer.Objective {
	under := map[analyzer.Layer][]analyzer.Objective{}
	for _, o := range objectives() {
		if o.Attestable() && !o.Organisation() && of(o) {
			under[o.Layers[0]] = append(under[o.Layers[0]], o.ID)
		}
	}
	return under
}

// unserved are the objectives that a configuration shows in part, without a
// check under their home layer: the right regions are written nowhere, and
// scanning volumes belongs to monitoring.
var unserved = []analyzer.Objective{keepInRegion, stopMalware}

var organisation = sync.OnceValue(func() []analyzer.Subject {
	var list []analyzer.Subject
	for _, o := range objectives() {
		if o.Organisation() {
			list = append(list, analyzer.Subject{Layer: o.Layers[0], Objective: o.ID})
		}
	}
	return list
})

var objectives = sync.OnceValue(func() []Objective {
	in := func(layers ...analyzer.Layer) []analyzer.Layer { return layers }
	return []Objective{
		{classifyData, in(customerData),
			"Data is inventoried and classified",
			"What is stored where, whose it is and how sensitive it is decides what every other objective asks for.",
			NotShown, "what is in a store, and how sensitive that is",
			"an inventory of data or a record of processing with owners and classes, reviewed each year; findings of a discovery service"},
		{retainAndDispose, in(customerData),
			"Data is kept as long as it must be, and no longer",
			"Lifecycle rules and retention periods delete what is no longer needed.",
			PartShown, "that the periods are those of the law and of the contracts, and that copies elsewhere go too",
			"a retention schedule by class of data, with who approved it"},
		{preventDeletion, in(customerData, identityAndAccess, continuity),
			"Data is not deleted by accident",
			"Deletion protection, versions, locks and final snapshots stand between a mistake and a loss.",
			Shown, "", ""},
		{keepInRegion, in(customerData),
			"Data stays in the regions chosen for it",
			"Where data is stored, copied and processed is a choice, and often a duty.",
			PartShown, "which regions are allowed, and where people and processors reach the data from",
			"the decision on regions, a policy of the organisation that denies the others, and the transfers that contracts allow"},
		{manageProviders, in(customerData),
			"Providers that hold data are chosen, bound and reviewed",
			"What a provider answers for is written down, agreed, and checked against its audit reports.",
			NotShown, "contracts, and the provider's own controls",
			"the agreement with each provider (data processing addendum, business associate addendum), a matrix of who answers for what, and " + artifact},

		{leastPrivilege, in(identityAndAccess, traffic),
			"Nobody may do more than the task needs",
			"Policies name actions and resources instead of wildcards, and administrators are few.",
			PartShown, "what the task needs, and rights that are granted outside Terraform",
			"a list of roles with their purpose and owner; last-accessed information or an access analyzer's report"},
		{restrictPrincipals, in(identityAndAccess, firewall),
			"Only known principals have access",
			"Resource policies and trust policies name accounts, services and conditions.",
			Shown, "", ""},
		{strongAuthentication, in(identityAndAccess, traffic),
			"Whoever logs on proves well who they are",
			"MFA, federation, IAM authentication and a password policy take the place of a bare password.",
			PartShown, "MFA devices of people and of the root user, and how an identity provider authenticates",
			"the account's credential report, the MFA policy of the identity provider, and who holds the root user's device"},
		{manageIdentities, in(identityAndAccess),
			"Every identity is one person's or one workload's",
			"Users are in groups, workloads have roles, and nothing is shared.",
			PartShown, "who is behind a user, and identities that an identity provider keeps",
			"the register of identities and service accounts, with owners"},
		{protectSecrets, in(identityAndAccess),
			"Secrets are not in code or in plain settings",
			"Passwords and keys are in a store that logs who reads them.",
			PartShown, "secrets inside of applications, images and the history of repositories",
			"results of a secret scanner over repositories and images"},
		{rotateCredentials, in(identityAndAccess, traffic),
			"Keys, passwords and certificates change before they grow old",
			"What leaks stops working, and nothing expires by surprise.",
			PartShown, "credentials that are issued outside Terraform, and how old they are",
			"the account's credential report, and a list of certificates with their ends"},
		{reviewAccess, in(identityAndAccess),
			"Access is approved, reviewed, and removed when people leave",
			"Rights end with the reason that they were given for.",
			NotShown, "who approved, and when a right was last looked at",
			"records of approvals, of reviews at least every six months, and of leavers with the day their access ended"},
		{trainPeople, in(identityAndAccess),
			"People know what is expected of them, and how they are attacked",
			"Awareness and training are a shared control of the model: AWS trains its people, you train yours.",
			NotShown, "what people know",
			"records of training at hiring and each year, by role, and results of exercises"},

		{encryptBeforeSending, in(clientSideEncryption),
			"What the service need not read is encrypted before it is sent",
			"Data that is encrypted by its owner stays unreadable to whoever gets at the store.",
			NotShown, "what an application does before it sends",
			"the design of the encryption, the fields that it covers, and where its keys are"},
		{verifyIntegrity, in(clientSideEncryption),
			"A change of data by others is noticed",
			"Checksums, signatures and file integrity monitoring show that data is what was written.",
			NotShown, "what applications and hosts check",
			"the design of checksums or signatures; configuration and alerts of file integrity monitoring"},

		{encryptAtRest, in(serverSideEncryption),
			"Stored data is encrypted",
			"A disk, snapshot or backup alone gives nothing away.",
			Shown, "", ""},
		{controlKeys, in(serverSideEncryption, traffic),
			"The customer holds and rotates the keys",
			"A key of one's own has a policy, can be rotated, watched and taken away.",
			Shown, "", ""},
		{keepCustody, in(serverSideEncryption),
			"Keys have custodians, and a life from creation to destruction",
			"Somebody answers for each key: who may use it, when it is replaced, and what its loss means.",
			NotShown, "who answers for a key, and keys and certificates that were not made here",
			"an inventory of keys and certificates with custodians, their acknowledgement, and the procedure for compromise and loss"},

		{encryptInTransit, in(traffic),
			"Data is encrypted on the network",
			"Listeners, endpoints and clusters speak TLS and refuse what does not.",
			PartShown, "connections between applications on hosts and in containers",
			"a scan of listening services, or the configuration of a service mesh"},
		{strongProtocols, in(traffic),
			"Only current versions of TLS and strong ciphers are accepted",
			"Old protocols can be broken, or be forced on a client.",
			Shown, "", ""},

		{restrictIngress, in(firewall),
			"Inbound traffic is limited to what is needed",
			"Ports and sources are named; administration is not open to the internet.",
			PartShown, "which traffic is needed, and firewalls inside of hosts",
			"the list of permitted services and ports with their reasons, reviewed every six months"},
		{restrictEgress, in(firewall, network),
			"Outbound traffic is limited to what is needed",
			"What leaves goes to known places, so that stolen data does not.",
			PartShown, "which traffic is needed",
			"the list of permitted destinations with their reasons"},
		{preventExposure, in(firewall, customerData, identityAndAccess, network, platform),
			"Nothing is public that need not be",
			"Buckets, databases, snapshots, functions and addresses are private unless somebody decided otherwise.",
			Shown, "", ""},
		{protectEndpoints, in(firewall),
			"Public endpoints are protected from attacks and floods",
			"Web application firewalls, rate limits and Shield stand before what must be public.",
			PartShown, "that the rules fit the application",
			"the tuning of the rules, and a test that an attack is blocked"},

		{segmentNetworks, in(network, firewall),
			"Networks keep tiers and environments apart",
			"Subnets, routes and endpoints let a part of the system reach only what it must.",
			PartShown, "which tiers and environments must be apart",
			"a network diagram with the flows of data, and a test of the segmentation"},

		{hardenConfiguration, in(platform, firewall, identityAndAccess, network, traffic, guest),
			"Unsafe features are off",
			"Defaults that help an attacker are changed, and what is not needed is not there.",
			PartShown, "the settings inside of hosts and applications",
			"the hardening standard of each system, and a report against a benchmark"},
		{currentVersions, in(platform),
			"Nothing runs past its end of support",
			"Engines and runtimes still receive fixes.",
			PartShown, "what is installed on hosts and in images",
			"a software inventory with the ends of support"},
		{trustedImages, in(platform, guest),
			"Images are known, scanned and unchanged",
			"What runs was built by somebody known and looked at before it ran.",
			PartShown, "what is in an image, and that it was built from reviewed code",
			"results of image scans, signatures, and the list of base images"},
		{secureDevelopment, in(platform),
			"Applications are developed securely",
			"Design, review, tests and separate environments keep flaws out of the code.",
			NotShown, "how code is written and reviewed",
			"the development standard, records of code review and of static analysis, and how environments and test data are kept apart"},
		{reviewChanges, in(platform),
			"Changes are reviewed and approved before they are made",
			"Configuration management is a shared control of the model: AWS does it for the infrastructure, you for what you build on it.",
			NotShown, "who reviewed a change, and changes outside Terraform",
			"branch protection of this repository, reviews of pull requests with their plans, and reports of drift"},
		{testSecurity, in(platform),
			"Somebody tries to break in, within AWS's policy, and what they find is closed",
			"Penetration tests and independent assessments find what checks do not look for.",
			NotShown, "the tests and their results",
			"reports of penetration tests within AWS's policy (https://aws.amazon.com/security/penetration-testing/), at least each year, with what was closed"},

		{patchSystems, in(guest, platform),
			"Hosts and engines receive fixes",
			"Patch management is a shared control of the model: AWS patches the infrastructure, you your guests and applications.",
			PartShown, "that hosts are patched: a baseline and a window show that patching is organised",
			"a patch compliance report, and the time that fixes took against the time allowed"},
		{fixVulnerabilities, in(guest, platform),
			"Known vulnerabilities are found, ranked and fixed in time",
			"Scans and advisories are of use where somebody must act on them by a day.",
			NotShown, "what scans found, and when it was fixed",
			"the times allowed by severity, scan reports, and the age of what is open"},
		{stopMalware, in(guest, logging),
			"Malware is kept out, and found where it got in",
			"Protection runs on hosts that can catch it, is current, and cannot be turned off unseen.",
			PartShown, "protection inside of hosts: a scan of volumes shows that infections are looked for",
			"coverage and alerts of the protection on hosts, or the evaluation why a system needs none"},
		{synchronizeClocks, in(guest),
			"Clocks agree",
			"Records of several systems can be put in one order.",
			NotShown, "the time service that hosts use",
			"the time configuration of the images, with Amazon Time Sync or named servers"},

		{backUp, in(continuity),
			"Data can be restored",
			"Backups exist, are kept long enough, and lie where a failure does not reach them.",
			PartShown, "that a backup can be restored",
			"records of restore tests, as for test-recovery"},
		{resilience, in(continuity, network),
			"The failure of one zone or node is survived",
			"Several zones, replicas and health checks keep the service up.",
			PartShown, "that the application survives the failover",
			"results of failover exercises"},
		{testRecovery, in(continuity),
			"Recovery is planned, and practised",
			"A plan says what is restored first and how fast; a test shows that it works.",
			NotShown, "the plan, and that it was tried",
			"the recovery plan with its time and point objectives, and records of restore tests at least each year"},
		{restoreIdentities, in(continuity),
			"Users, roles and policies can be restored",
			"Nobody can restore anything who cannot log on.",
			NotShown, "identities that were not made by Terraform, and the way in when the identity provider is down",
			"exports of IAM and of the identity provider, and the tested procedure for emergency access"},
		{planCapacity, in(continuity),
			"There is capacity for what is expected",
			"Limits, quotas and scaling follow the demand.",
			NotShown, "the demand",
			"load tests, alarms on quotas, and the plan for peaks"},

		{logAccess, in(logging),
			"Who did what is recorded",
			"Calls, connections, queries and requests leave a record.",
			PartShown, "the logs of operating systems and applications",
			"samples of their records with user, event, time, source and result"},
		{protectLogs, in(logging, customerData, serverSideEncryption),
			"Records are kept, whole, and unreadable to others",
			"An intruder cannot remove the traces, and they last as long as an inquiry needs them.",
			Shown, "", ""},
		{monitor, in(logging, identityAndAccess),
			"Threats and failures are noticed",
			"Detectors and alarms tell somebody.",
			PartShown, "that somebody is told, and acts",
			"the list of alarms with who receives them, and a test alarm"},
		{recordConfiguration, in(logging),
			"Resources and their changes are recorded",
			"An inventory with a history shows what there was, and what changed.",
			Shown, "", ""},
		{reviewLogs, in(logging),
			"Somebody reads the records",
			"What nobody looks at detects nothing.",
			NotShown, "the reviews",
			"records of daily reviews or of the automation that does them, with what was followed up"},
		{respondToIncidents, in(logging),
			"Incidents are handled, reported and learned from",
			"People know who decides, whom to tell and by when, and have practised it.",
			NotShown, "the plan, and the practice",
			"the incident plan with its contacts and deadlines for notice, records of exercises each year, and reviews of incidents"},

		{isolateCustomers, in(analyzer.FoundationServices),
			"Customers of the provider are kept apart",
			"AWS isolates instances, stores and networks of its customers from each other.",
			NotShown, "the provider's part", artifact},
		{disposeDevices, in(analyzer.FoundationServices),
			"Devices give up their data before they leave",
			"AWS wipes or destroys storage devices at their end.",
			NotShown, "the provider's part", artifact},

		{guardSites, in(analyzer.GlobalInfrastructure),
			"Only those who must can enter the data centers",
			"AWS guards, watches and logs the entry to its sites.",
			NotShown, "the provider's part; your own offices are yours", artifact},
		{runSites, in(analyzer.GlobalInfrastructure),
			"Power, climate and hardware of the data centers are kept up",
			"AWS protects its sites from fire, water, heat and outage, and maintains what is in them.",
			NotShown, "the provider's part", artifact},
	}
})
