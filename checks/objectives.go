package checks

import "github.com/demarc/demarc/analyzer"

// The control objectives that rows serve. Package responsibility describes
// them, together with objectives that no row serves yet, and maps them to the
// requirements of frameworks.
const (
	retainAndDispose     analyzer.Objective = "retain-and-dispose"       // customer data is kept as long as it must be, and no longer
	preventDeletion      analyzer.Objective = "prevent-deletion"         // data is not deleted by accident
	protectSecrets       analyzer.Objective = "protect-secrets"          // credentials are not in code or in plain settings
	rotateCredentials    analyzer.Objective = "rotate-credentials"       // keys, passwords and secrets change
	leastPrivilege       analyzer.Objective = "least-privilege"          // nobody may do more than the task needs
	restrictPrincipals   analyzer.Objective = "restrict-principals"      // only known principals have access
	strongAuthentication analyzer.Objective = "strong-authentication"    // passwords, MFA, federated or IAM authentication
	manageIdentities     analyzer.Objective = "manage-identities"        // users are in groups, roles are used
	encryptAtRest        analyzer.Objective = "encrypt-at-rest"          // stored data is encrypted
	controlKeys          analyzer.Objective = "control-encryption-keys"  // the customer holds and rotates the keys
	encryptInTransit     analyzer.Objective = "encrypt-in-transit"       // data is encrypted on the network
	strongProtocols      analyzer.Objective = "strong-protocols"         // only current TLS versions and ciphers
	restrictIngress      analyzer.Objective = "restrict-ingress"         // inbound traffic is limited to what is needed
	restrictEgress       analyzer.Objective = "restrict-egress"          // outbound traffic is limited to what is needed
	preventExposure      analyzer.Objective = "prevent-public-exposure"  // nothing is public that need not be
	protectEndpoints     analyzer.Objective = "protect-public-endpoints" // public endpoints have WAF and Shield
	segmentNetworks      analyzer.Objective = "segment-networks"         // subnets and routes keep tiers apart
	hardenConfiguration  analyzer.Objective = "harden-configuration"     // unsafe features are off
	patchSystems         analyzer.Objective = "patch-systems"            // hosts and engines receive fixes
	currentVersions      analyzer.Objective = "supported-versions"       // nothing runs past its end of support
	trustedImages        analyzer.Objective = "trusted-images"           // images are scanned, immutable, from known owners
	stopMalware          analyzer.Objective = "stop-malware"             // malware is kept out, and found
	backUp               analyzer.Objective = "back-up"                  // data can be restored
	resilience           analyzer.Objective = "resilience"               // the failure of one zone or node is survived
	logAccess            analyzer.Objective = "log-access"               // who did what is recorded
	protectLogs          analyzer.Objective = "protect-logs"             // records are kept, whole and unreadable to others
	monitor              analyzer.Objective = "detect-and-alert"         // threats and failures are noticed
	recordConfiguration  analyzer.Objective = "record-configuration"     // changes of resources are recorded
)
