package responsibility

// Sources of the mapping to NIST SP 800-53.
const (
	// AWS's sample mapping of AWS Config rules to its controls.
	nistPack = "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-nist-800-53_rev_5.html"
	// AWS Security Hub's mapping, here for resources that must not be public.
	nistHub = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html"
	// The controls themselves.
	nistText = "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final"
	// The controls in OSCAL, with ids in lower case: ac-2, ac-2.1.
	nistCatalog = "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json"
)

// nist80053 lists base controls. Enhancements, such as AC-2(1), are mapped to
// their base control.
func nist80053() Framework {
	return Framework{
		ID: "nist-800-53-r5", Name: "NIST SP 800-53", Version: "Revision 5", Publisher: nistText, Catalog: nistCatalog,
		About: "The base controls that concern a system in the cloud, without enhancements. Mapped by AWS's sample mapping of AWS Config rules and that of AWS Security Hub, and by the controls' own text.",
		Requirements: []Requirement{
			outside("AC-1", "Policy and procedures for access"),
			asks("AC-2", "Accounts are managed from creation to removal", nistPack, manageIdentities, reviewAccess),
			asks("AC-3", "Decisions on access are enforced", nistPack, leastPrivilege, restrictPrincipals, preventExposure),
			asks("AC-4", "Flows of information are controlled", nistPack, restrictIngress, restrictEgress, segmentNetworks, preventExposure),
			asks("AC-5", "Duties are divided among people", nistPack, leastPrivilege),
			asks("AC-6", "Least privilege", nistPack, leastPrivilege),
			outside("AC-7", "Failed logons lead to a lock"),
			asks("AC-17", "Remote access is governed and protected", nistPack, restrictIngress, strongAuthentication, encryptInTransit),
			asks("AC-21", "Sharing is decided, not accidental", nistHub, preventExposure),

			outside("AT-1", "Policy and procedures for training"),
			asks("AT-2", "Awareness training for everybody", nistText, trainPeople),
			asks("AT-3", "Training for roles", nistText, trainPeople),
			asks("AT-4", "Records of training", nistText, trainPeople),

			outside("AU-1", "Policy and procedures for audit records"),
			asks("AU-2", "Which events are logged", nistPack, logAccess),
			asks("AU-3", "What a record says", nistPack, logAccess),
			asks("AU-6", "Records are reviewed and analysed", nistPack, reviewLogs, monitor),
			asks("AU-8", "Time stamps are right", nistText, synchronizeClocks),
			asks("AU-9", "Records are protected", nistPack, protectLogs),
			asks("AU-11", "Records are kept", nistPack, protectLogs),
			asks("AU-12", "Components produce records", nistPack, logAccess),

			outside("CA-1", "Policy and procedures for assessment"),
			asks("CA-2", "Controls are assessed", nistText, testSecurity),
			asks("CA-7", "Continuous monitoring", nistPack, monitor, recordConfiguration),
			asks("CA-8", "Penetration testing", nistText, testSecurity),

			outside("CM-1", "Policy and procedures for configuration management"),
			asks("CM-2", "A baseline configuration", nistPack, recordConfiguration, hardenConfiguration),
			asks("CM-3", "Changes are controlled", nistText, reviewChanges, recordConfiguration),
			asks("CM-5", "Who may change", nistPack, leastPrivilege, reviewChanges),
			asks("CM-6", "Secure settings", nistPack, hardenConfiguration),
			asks("CM-7", "Nothing that is not needed", nistText, hardenConfiguration, restrictIngress),
			asks("CM-8", "An inventory of components", nistPack, recordConfiguration),
			asks("CM-14", "Signed components", nistText, trustedImages),

			outside("CP-1", "Policy and procedures for contingency"),
			asks("CP-2", "A contingency plan", nistPack+" "+nistText, testRecovery, resilience, planCapacity),
			asks("CP-4", "The plan is tested", nistText, testRecovery),
			asks("CP-6", "Another place for storage", nistPack, backUp),
			asks("CP-9", "Backups", nistPack, backUp),
			asks("CP-10", "Recovery to a known state", nistPack, backUp, resilience, testRecovery, restoreIdentities),

			outside("IA-1", "Policy and procedures for identification"),
			asks("IA-2", "Users are identified and authenticated", nistPack, strongAuthentication, manageIdentities),
			asks("IA-4", "Identifiers are managed", nistText, manageIdentities),
			asks("IA-5", "Passwords, keys and tokens are managed", nistPack, rotateCredentials, protectSecrets, strongAuthentication),

			outside("IR-1", "Policy and procedures for incidents"),
			asks("IR-3", "The response is exercised", nistText, respondToIncidents),
			asks("IR-4", "Incidents are handled", nistPack+" "+nistText, respondToIncidents, monitor),
			asks("IR-5", "Incidents are tracked", nistText, respondToIncidents),
			asks("IR-6", "Incidents are reported", nistText, respondToIncidents),
			asks("IR-8", "An incident response plan", nistText, respondToIncidents),

			asks("MA-2", "Maintenance of hardware", page, runSites),
			asks("MP-2", "Who may reach media", page, guardSites),
			asks("MP-6", "Media are wiped", page+" "+nistText, disposeDevices),

			outside("PE-1", "Policy and procedures for sites"),
			asks("PE-2", "Who may enter", page, guardSites),
			asks("PE-3", "Entry is controlled", page, guardSites),
			asks("PE-6", "Sites are watched", page, guardSites),
			asks("PE-8", "Visitors are recorded", page, guardSites),
			asks("PE-9", "Power equipment and cabling are protected", page, runSites),
			asks("PE-10", "Emergency shutoff", page, runSites),
			asks("PE-11", "Emergency power", page, runSites),
			asks("PE-12", "Emergency lighting", page, runSites),
			asks("PE-13", "Fire protection", page, runSites),
			asks("PE-14", "Climate", page, runSites),
			asks("PE-15", "Water damage", page, runSites),

			outside("PL-1", "Policy and procedures for planning"),
			outside("PL-2", "Plans for security and privacy of the system"),
			outside("PL-4", "Rules of behaviour"),
			outside("PS-1", "Policy and procedures for personnel"),
			outside("PS-3", "Personnel is screened"),
			asks("PS-4", "Leavers lose their access", nistText, reviewAccess),
			outside("PS-6", "Agreements on access"),

			asks("RA-2", "Systems and data are categorised", nistText, classifyData),
			outside("RA-3", "Risks are assessed"),
			asks("RA-5", "Vulnerabilities are looked for", nistPack+" "+nistText, fixVulnerabilities, trustedImages),

			asks("SA-3", "Security in the development life cycle", nistText, secureDevelopment),
			asks("SA-9", "Services of others", nistText, manageProviders, keepInRegion),
			asks("SA-10", "Developers manage configuration", nistText, secureDevelopment, reviewChanges),
			asks("SA-11", "Developers test", nistText, secureDevelopment, testSecurity),
			asks("SA-15", "Development process, standards and tools", nistText, secureDevelopment),
			asks("SA-22", "No unsupported components", nistText, currentVersions),

			asks("SC-4", "Shared resources leak nothing", page, isolateCustomers),
			asks("SC-5", "Denial of service", nistPack, protectEndpoints, resilience),
			asks("SC-7", "Boundaries are protected", nistPack, restrictIngress, restrictEgress, preventExposure, segmentNetworks, protectEndpoints),
			asks("SC-8", "Transmission is confidential and whole", nistPack, encryptInTransit, strongProtocols),
			asks("SC-12", "Keys are established and managed", nistPack+" "+nistText, controlKeys, keepCustody),
			asks("SC-13", "Cryptography fits its use", nistPack, encryptAtRest, encryptInTransit, strongProtocols),
			asks("SC-17", "Certificates come from approved authorities", nistText, keepCustody),
			asks("SC-23", "Sessions are authentic", nistPack, encryptInTransit, strongProtocols),
			asks("SC-28", "Information at rest is protected", nistPack+" "+nistText, encryptAtRest, encryptBeforeSending),
			asks("SC-39", "Processes are isolated", page, isolateCustomers),

			asks("SI-2", "Flaws are remediated", nistPack+" "+nistText, patchSystems, fixVulnerabilities),
			asks("SI-3", "Malicious code", nistText, stopMalware),
			asks("SI-4", "The system is monitored", nistPack, monitor, logAccess),
			asks("SI-7", "Software and information are whole", nistPack+" "+nistText, verifyIntegrity, protectLogs, trustedImages),
			asks("SI-12", "Information is managed and kept as required", nistPack, retainAndDispose),
			asks("SR-6", "Suppliers are assessed", nistText, manageProviders),
		},
	}
}
