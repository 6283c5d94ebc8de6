// Package checks is the table of the customer's requirements, one file per
// service. A row is data: see analyzer.Check. The package knows no loader, no
// file name and no report.
package checks

import "github.com/demarc/demarc/analyzer"

// The vocabulary of the rows, defined once so that rows stay short.
type (
	row    = analyzer.Check
	cond   = analyzer.Cond
	safety = analyzer.Safety
)

const (
	customerData             = analyzer.CustomerData
	identityAndAccess        = analyzer.IdentityAndAccess
	clientSideEncryption     = analyzer.ClientSideEncryption
	serverSideEncryption     = analyzer.ServerSideEncryption
	networkTrafficProtection = analyzer.NetworkTrafficProtection
	firewallConfiguration    = analyzer.FirewallConfiguration
	networkConfiguration     = analyzer.NetworkConfiguration
	platformAndApplication   = analyzer.PlatformAndApplication
	operatingSystem          = analyzer.OperatingSystem
	businessContinuity       = analyzer.BusinessContinuity
	loggingAndMonitoring     = analyzer.LoggingAndMonitoring

	low      = analyzer.Low
	medium   = analyzer.Medium
	high     = analyzer.High
	critical = analyzer.Critical
)

// attr names an attribute by its path: attr("metadata_options.http_tokens").
func attr(path string) analyzer.Attribute { return analyzer.Attr(path) }

func all(conds ...cond) cond                              { return analyzer.All(conds...) }
func anyOf(conds ...cond) cond                            { return analyzer.Any(conds...) }
func not(c cond) cond                                     { return analyzer.Not(c) }
func each(block string, c cond) cond                      { return analyzer.Each(block, c) }
func some(block string, c cond) cond                      { return analyzer.Some(block, c) }
func none(block string, c cond) cond                      { return analyzer.None(block, c) }
func related(typ, by string, c cond) cond                 { return analyzer.Related(typ, by, c) }
func unrelated(typ, by string, c cond) cond               { return analyzer.Unrelated(typ, by, c) }
func target(path, typ string, c cond) cond                { return analyzer.Target(path, typ, c) }
func exists(typ string, c cond, fact string) cond         { return analyzer.Exists(typ, c, fact) }
func on(types ...string) []string                         { return types }
func controls(ids ...analyzer.Control) []analyzer.Control { return ids }

// same, narrower and wider name the check in other tools: the other check
// demands the same, less (or covers fewer resources), or more.
func same(ids ...string) []analyzer.Alias     { return aliases(analyzer.Same, ids) }
func narrower(ids ...string) []analyzer.Alias { return aliases(analyzer.Narrower, ids) }
func wider(ids ...string) []analyzer.Alias    { return aliases(analyzer.Wider, ids) }

func aliases(r analyzer.Relation, ids []string) []analyzer.Alias {
	list := make([]analyzer.Alias, len(ids))
	for i, id := range ids {
		list[i] = analyzer.Alias{ID: id, Relation: r}
	}
	return list
}

// join concatenates alias lists of several relations.
func join(lists ...[]analyzer.Alias) []analyzer.Alias {
	var all []analyzer.Alias
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// safe and unsafe describe the effect of applying Want's own repair.
func safe() safety { return safety{Kind: analyzer.SafeFix} }
func unsafe(effect, source string) safety {
	return safety{Kind: analyzer.UnsafeFix, Effect: effect, Source: source}
}

// byType is the case of the resource's type; of makes a case.
func byType(cases ...analyzer.TypeCase) cond { return analyzer.ByType(cases...) }

func of(c cond, types ...string) analyzer.TypeCase { return analyzer.TypeCase{Types: types, Cond: c} }

// says replaces the sentence of a condition where its own would be too long. It
// removes the repair.
func says(sentence string, c cond) cond {
	return analyzer.Func{Says: sentence, Reads: analyzer.ReadsOf(c), Judge: func(v *analyzer.View) analyzer.Outcome { return v.Judge(c) }}
}

// referred is Present, but a reference to a resource or data source counts as
// present: nobody refers to one to set nothing.
func referred(path string) cond {
	return analyzer.Func{
		Says:  path + " is set",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			o := v.Judge(attr(path).Present())
			if o.Verdict == analyzer.Unknown && givenBy(o, analyzer.CauseApply, analyzer.CauseData, analyzer.CauseError) {
				return v.Pass(v.Attr(path))
			}
			return o
		},
	}
}

// unset holds where nothing is written, whatever the default: an attribute is
// null, a block is absent.
func unset(path string) cond {
	return analyzer.Func{
		Says:  path + " is not set",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if l := v.Attr(path); !l.Set {
				return v.Pass(l)
			}
			return v.Judge(not(attr(path).Present()))
		},
	}
}
