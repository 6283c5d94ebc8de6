package responsibility

// Sources of the mapping to the HIPAA Security Rule.
const (
	// AWS's sample mapping of AWS Config rules to the rule.
	hipaaPack = "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-hipaa_security.html"
	// The rule, 45 CFR part 164, subpart C.
	hipaaText = "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C"
	// NIST SP 800-66: the rule and the related controls of SP 800-53.
	hipaaNIST = "https://csrc.nist.gov/pubs/sp/800/66/r2/final"
)

// hipaa lists the standards and implementation specifications.
func hipaa() Framework {
	return Framework{
		ID: "hipaa", Name: "HIPAA Security Rule", Version: "45 CFR 164.308-316", Publisher: hipaaText,
		About: "The standards and implementation specifications of the Security Rule. Mapped by AWS's sample mapping of AWS Config rules, by NIST SP 800-66r2, and by the rule's own text.",
		Requirements: []Requirement{
			outside("164.308(a)(1)(i)", "A process that prevents, finds and corrects violations"),
			outside("164.308(a)(1)(ii)(A)", "Risks are analysed"),
			outside("164.308(a)(1)(ii)(B)", "Risks are reduced to what is reasonable"),
			outside("164.308(a)(1)(ii)(C)", "Sanctions for one's own people"),
			asks("164.308(a)(1)(ii)(D)", "Records of activity are reviewed", hipaaPack+" "+hipaaNIST, reviewLogs, logAccess),
			outside("164.308(a)(2)", "Somebody is responsible for security"),
			asks("164.308(a)(3)(i)", "Those who need access have it, and nobody else", hipaaPack, leastPrivilege, preventExposure),
			asks("164.308(a)(3)(ii)(A)", "Who works with the data is authorised or supervised", hipaaPack, logAccess, strongAuthentication),
			asks("164.308(a)(3)(ii)(B)", "Access fits the person", hipaaPack, leastPrivilege),
			asks("164.308(a)(3)(ii)(C)", "Access ends with employment", hipaaPack+" "+hipaaText, reviewAccess, rotateCredentials),
			asks("164.308(a)(4)(i)", "Access is authorised", hipaaPack, leastPrivilege),
			outside("164.308(a)(4)(ii)(A)", "A clearinghouse is kept apart from the organisation around it"),
			asks("164.308(a)(4)(ii)(B)", "How access is granted", hipaaPack+" "+hipaaNIST, leastPrivilege, restrictPrincipals),
			asks("164.308(a)(4)(ii)(C)", "How access is changed and reviewed", hipaaPack+" "+hipaaText, reviewAccess, leastPrivilege),
			asks("164.308(a)(5)(i)", "A training programme", hipaaText, trainPeople),
			asks("164.308(a)(5)(ii)(A)", "Reminders", hipaaText, trainPeople),
			asks("164.308(a)(5)(ii)(B)", "Malicious software", hipaaPack+" "+hipaaText, stopMalware, patchSystems),
			asks("164.308(a)(5)(ii)(C)", "Logons are watched", hipaaPack+" "+hipaaText, monitor, reviewLogs),
			asks("164.308(a)(5)(ii)(D)", "Passwords are managed", hipaaPack, strongAuthentication, rotateCredentials),
			asks("164.308(a)(6)(i)", "Procedures for incidents", hipaaPack+" "+hipaaText, respondToIncidents, monitor),
			asks("164.308(a)(6)(ii)", "Incidents are answered, limited and documented", hipaaPack+" "+hipaaText, respondToIncidents, monitor, logAccess),
			asks("164.308(a)(7)(i)", "A plan for emergencies", hipaaPack+" "+hipaaText, testRecovery, backUp, resilience),
			asks("164.308(a)(7)(ii)(A)", "Exact copies can be retrieved", hipaaPack, backUp),
			asks("164.308(a)(7)(ii)(B)", "Lost data is restored", hipaaPack+" "+hipaaText, backUp, resilience, testRecovery),
			asks("164.308(a)(7)(ii)(C)", "Operation goes on in an emergency", hipaaPack, backUp, resilience),
			asks("164.308(a)(7)(ii)(D)", "Plans are tested and revised", hipaaText, testRecovery),
			asks("164.308(a)(7)(ii)(E)", "How critical applications and data are", hipaaNIST, classifyData),
			asks("164.308(a)(8)", "Security is evaluated from time to time", hipaaPack+" "+hipaaNIST, testSecurity, monitor),
			asks("164.308(b)(1)", "Business associates give assurances", hipaaText, manageProviders),
			asks("164.308(b)(3)", "The assurances are in a contract", hipaaText, manageProviders),

			asks("164.310(a)(1)", "Entry to facilities is limited", page+" "+hipaaNIST, guardSites),
			asks("164.310(a)(2)(i)", "Entry in an emergency", page+" "+hipaaText, guardSites),
			asks("164.310(a)(2)(ii)", "A plan that guards the facility", page+" "+hipaaText, guardSites),
			asks("164.310(a)(2)(iii)", "Entry by role, visitors too", page+" "+hipaaText, guardSites),
			asks("164.310(a)(2)(iv)", "Repairs of the facility are recorded", page+" "+hipaaText, runSites),
			outside("164.310(b)", "What workstations are for"),
			outside("164.310(c)", "Workstations are guarded"),
			asks("164.310(d)(1)", "Devices and media that come, go and move", page+" "+hipaaNIST, disposeDevices),
			asks("164.310(d)(2)(i)", "Media are disposed of", page+" "+hipaaNIST, disposeDevices),
			asks("164.310(d)(2)(ii)", "Media are wiped before they are used again", page+" "+hipaaNIST, disposeDevices),
			asks("164.310(d)(2)(iii)", "Moves of devices are recorded", page+" "+hipaaText, disposeDevices),
			asks("164.310(d)(2)(iv)", "A copy before equipment is moved", hipaaNIST, backUp),

			asks("164.312(a)(1)", "Only those with rights have access", hipaaPack+" "+hipaaNIST, leastPrivilege, restrictPrincipals, preventExposure),
			asks("164.312(a)(2)(i)", "Each user has a name or number", hipaaPack, manageIdentities),
			asks("164.312(a)(2)(ii)", "Data can be had in an emergency", hipaaPack+" "+hipaaText, backUp, restoreIdentities),
			outside("164.312(a)(2)(iii)", "Idle sessions end"),
			asks("164.312(a)(2)(iv)", "Data is encrypted", hipaaPack+" "+hipaaText, encryptAtRest, controlKeys, encryptBeforeSending),
			asks("164.312(b)", "Activity is recorded and examined", hipaaPack+" "+hipaaNIST, logAccess, protectLogs, reviewLogs),
			asks("164.312(c)(1)", "Data is not altered or destroyed", hipaaText+" "+hipaaNIST, verifyIntegrity, preventDeletion),
			asks("164.312(c)(2)", "Alteration is detected", hipaaPack+" "+hipaaText, verifyIntegrity, protectLogs),
			asks("164.312(d)", "Who asks for access is who they say", hipaaPack+" "+hipaaNIST, strongAuthentication),
			asks("164.312(e)(1)", "Transmission is guarded", hipaaPack+" "+hipaaNIST, encryptInTransit, restrictIngress),
			asks("164.312(e)(2)(i)", "Transmission is not modified unseen", hipaaPack+" "+hipaaNIST, encryptInTransit, strongProtocols),
			asks("164.312(e)(2)(ii)", "Transmission is encrypted", hipaaPack+" "+hipaaNIST, encryptInTransit, strongProtocols),

			asks("164.314(a)(1)", "What contracts with business associates say", hipaaText, manageProviders),
			asks("164.314(a)(2)(i)", "What business associates must agree to", hipaaText, manageProviders),
			outside("164.314(b)(1)", "Documents of group health plans"),
			outside("164.316(a)", "Policies and procedures"),
			outside("164.316(b)(1)", "They are documented"),
			outside("164.316(b)(2)(i)", "Documents are kept for six years"),
			outside("164.316(b)(2)(ii)", "Documents are there for those who need them"),
			outside("164.316(b)(2)(iii)", "Documents are reviewed"),
		},
	}
}
