package responsibility

// A Chapter is a part of a framework. Its id is the framework's; the title is
// ours where the framework's text is not free to copy.
type Chapter struct {
	ID    string // 3, A.5, CC6
	Title string
	First string // id of the requirement that it begins with
}

// Chapters are the parts of the framework in its order; the first begins with
// its first requirement.
func (f Framework) Chapters() []Chapter { return chapters[f.ID] }

// The chapters are those of the publishers' texts: see Framework.Publisher.
var chapters = map[string][]Chapter{
	"gdpr": {
		{"Chapter II", "Principles", "5(1)(a)"},
		{"Chapter III", "Rights of the data subject", "12"},
		{"Chapter IV", "Controller and processor", "24"},
		{"Chapter V", "Transfers to other countries", "44"},
	},
	"hipaa": {
		{"164.308", "Administrative safeguards", "164.308(a)(1)(i)"},
		{"164.310", "Physical safeguards", "164.310(a)(1)"},
		{"164.312", "Technical safeguards", "164.312(a)(1)"},
		{"164.314", "Organizational requirements", "164.314(a)(1)"},
		{"164.316", "Policies, procedures and documentation", "164.316(a)"},
	},
	"iso-27001-2022": {
		{"A.5", "Organizational controls", "A.5.1"},
		{"A.6", "People controls", "A.6.1"},
		{"A.7", "Physical controls", "A.7.1"},
		{"A.8", "Technological controls", "A.8.1"},
	},
	"nist-800-53-r5": {
		{"AC", "Access control", "AC-1"},
		{"AT", "Awareness and training", "AT-1"},
		{"AU", "Audit and accountability", "AU-1"},
		{"CA", "Assessment, authorization and monitoring", "CA-1"},
		{"CM", "Configuration management", "CM-1"},
		{"CP", "Contingency planning", "CP-1"},
		{"IA", "Identification and authentication", "IA-1"},
		{"IR", "Incident response", "IR-1"},
		{"MA", "Maintenance", "MA-2"},
		{"MP", "Media protection", "MP-2"},
		{"PE", "Physical and environmental protection", "PE-1"},
		{"PL", "Planning", "PL-1"},
		{"PS", "Personnel security", "PS-1"},
		{"RA", "Risk assessment", "RA-2"},
		{"SA", "System and services acquisition", "SA-3"},
		{"SC", "System and communications protection", "SC-4"},
		{"SI", "System and information integrity", "SI-2"},
		{"SR", "Supply chain risk management", "SR-6"},
	},
	"pci-dss-4.0.1": {
		{"1", "Controls of the network", "1.1.1"},
		{"2", "Secure configuration", "2.1.1"},
		{"3", "Stored account data", "3.1.1"},
		{"4", "Account data on its way", "4.1.1"},
		{"5", "Malware", "5.1.1"},
		{"6", "Secure systems and software", "6.1.1"},
		{"7", "Access by need to know", "7.1.1"},
		{"8", "Identities and authentication", "8.1.1"},
		{"9", "Physical access", "9.1.1"},
		{"10", "Logs and monitoring", "10.1.1"},
		{"11", "Tests of security", "11.1.1"},
		{"12", "Policies and programs", "12.1.1"},
	},
	"soc2": {
		{"CC1", "Control environment", "CC1.1"},
		{"CC2", "Communication and information", "CC2.1"},
		{"CC3", "Risk assessment", "CC3.1"},
		{"CC4", "Monitoring", "CC4.1"},
		{"CC5", "Control activities", "CC5.1"},
		{"CC6", "Logical and physical access", "CC6.1"},
		{"CC7", "System operations", "CC7.1"},
		{"CC8", "Change management", "CC8.1"},
		{"CC9", "Risk mitigation", "CC9.1"},
		{"A1", "Availability", "A1.1"},
		{"C1", "Confidentiality", "C1.1"},
		{"PI1", "Processing integrity", "PI1.1"},
		{"P1 to P8", "Privacy", "P1.1"},
	},
}
