package responsibility

// Sources of the mapping to the GDPR.
const (
	// The regulation.
	gdprText = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
	// AWS's paper on it.
	gdprPaper = "https://docs.aws.amazon.com/whitepapers/latest/navigating-gdpr-compliance/welcome.html"
)

// gdpr lists the paragraphs that require protection of the data, and the others
// that auditors begin with.
func gdpr() Framework {
	return Framework{
		ID: "gdpr", Name: "GDPR", Version: "Regulation (EU) 2016/679", Publisher: gdprText,
		About: "The paragraphs of the articles that ask for protection of data, and those around them. Mapped by the regulation's own text and by AWS's paper on it. Lawfulness, notices and the rights of people are beyond what infrastructure shows.",
		Requirements: []Requirement{
			outside("5(1)(a)", "Lawful, fair and open processing"),
			outside("5(1)(b)", "Purposes are bound"),
			outside("5(1)(c)", "No more data than needed"),
			outside("5(1)(d)", "Data is right and current"),
			asks("5(1)(e)", "Data is not kept longer than needed", gdprText, retainAndDispose),
			asks("5(1)(f)", "Data is protected from misuse, loss and damage", gdprText+" "+gdprPaper,
				leastPrivilege, restrictPrincipals, preventExposure, encryptAtRest, encryptInTransit, preventDeletion, backUp),
			outside("5(2)", "The controller can show all of this"),
			outside("6", "There is a lawful basis"),
			outside("7", "Consent can be shown"),
			outside("9", "Special categories of data"),
			outside("12", "People are told, and answered"),
			outside("13", "What people are told when data is collected"),
			outside("15", "People may see their data"),
			outside("17", "People may have their data erased"),
			outside("20", "People may take their data with them"),
			outside("24", "The controller's measures fit the risk"),
			asks("25(1)", "Protection by design", gdprText+" "+gdprPaper, encryptAtRest, encryptInTransit, encryptBeforeSending, secureDevelopment),
			asks("25(2)", "Protection by default: nobody reaches data unless somebody decided so", gdprText+" "+gdprPaper,
				preventExposure, leastPrivilege, restrictPrincipals, retainAndDispose),
			asks("28(1)", "Processors give guarantees", gdprText, manageProviders),
			asks("28(3)", "Processors are bound by contract", gdprText, manageProviders),
			asks("30(1)", "Controllers keep a record of processing", gdprText, classifyData),
			asks("30(2)", "Processors keep one too", gdprText, classifyData),
			asks("32(1)(a)", "Pseudonyms and encryption", gdprText+" "+gdprPaper,
				encryptAtRest, encryptInTransit, strongProtocols, controlKeys, encryptBeforeSending),
			asks("32(1)(b)", "Systems stay confidential, whole, available and resilient", gdprText+" "+gdprPaper,
				leastPrivilege, restrictPrincipals, strongAuthentication, protectSecrets, restrictIngress, preventExposure, protectEndpoints,
				segmentNetworks, hardenConfiguration, patchSystems, resilience, monitor, logAccess),
			asks("32(1)(c)", "Data can be had again in time after an incident", gdprText+" "+gdprPaper, backUp, testRecovery),
			asks("32(1)(d)", "Measures are tested regularly", gdprText, testSecurity, testRecovery),
			outside("32(2)", "The level of security fits the risk"),
			asks("32(4)", "People process data only as told", gdprText, trainPeople),
			asks("33(1)", "The authority is told of a breach within 72 hours", gdprText, respondToIncidents),
			asks("33(2)", "The processor tells the controller", gdprText, respondToIncidents),
			asks("33(5)", "Breaches are documented", gdprText, respondToIncidents),
			asks("34(1)", "People are told of a breach that endangers them", gdprText, respondToIncidents),
			outside("35(1)", "The impact of risky processing is assessed"),
			outside("37(1)", "A data protection officer"),
			asks("44", "Transfers to other countries", gdprText, keepInRegion, manageProviders),
		},
	}
}
