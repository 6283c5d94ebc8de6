package checks

import (
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// brokenLogReader holds for the versions in the bulletin, and for all versions
// before the oldest fixed one.
//
// https://aws.amazon.com/security/security-bulletins/AWS-2022-004/
func brokenLogReader() cond {
	version := attr("engine_version")
	return anyOf(
		all(attr("engine").Equals("aurora-postgresql"), version.OneOf("10.11", "10.12", "10.13", "11.6", "11.7", "11.8")),
		all(attr("engine").Equals("postgres"), anyOf(
			version.OneOf("13.1", "13.2", "12.2", "12.3", "12.4", "12.5", "12.6", "11.1", "11.2", "11.3", "11.4", "11.5", "11.6", "11.7", "11.8", "11.9", "11.10", "11.11",
				"10.1", "10.3", "10.4", "10.5", "10.6", "10.7", "10.9", "10.10", "10.11", "10.12", "10.13", "10.14", "10.15", "10.16"),
			version.Matches("9.3*", "9.4*", "9.5*", "9.6.[1-9]", "9.6.1[0-9]", "9.6.2[01]"))))
}

// defaultPorts are the default ports of the engines, by name prefix.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
var defaultPorts = [...]struct {
	engine string
	port   int
}{
	{"aurora-postgresql", 5432}, {"aurora", 3306}, {"mysql", 3306}, {"mariadb", 3306}, {"postgres", 5432},
	{"oracle", 1521}, {"custom-oracle", 1521}, {"sqlserver", 1433}, {"custom-sqlserver", 1433}, {"db2", 50000},
}

// ownPort holds where the port is not the engine's default. An unset port is
// the default.
func ownPort() cond {
	return analyzer.Func{
		Says:  "port is not the default of the engine",
		Reads: []analyzer.Read{{Path: analyzer.Path{"engine"}}, {Path: analyzer.Path{"port"}, Want: analyzer.NumberKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			port := v.Attr("port")
			if !port.Set {
				return v.Fail(port)
			}
			engine := v.Attr("engine")
			for _, d := range defaultPorts {
				same := v.Judge(attr("port").Equals(d.port)).Verdict
				if same == analyzer.Fail {
					continue
				}
				switch match := v.Judge(attr("engine").Matches(d.engine + "*")).Verdict; {
				case match == analyzer.Pass && same == analyzer.Pass:
					return v.Fail(port)
				case match == analyzer.Unknown:
					return v.Unknown(engine)
				case match == analyzer.Pass:
					return v.Unknown(port)
				}
			}
			return v.Pass(port)
		},
	}
}

// requiresTLS holds where the parameter group that the attribute names, or the
// default of engine and version, refuses connections without TLS.
func requiresTLS(path, group string) cond {
	requires := target(path, group, some("parameter", all(tlsParameter(), attr("value").OneOf("1", "ON", "on", "true"))))
	silent := all(tlsByDefault(), target(path, group, none("parameter", tlsParameter())))
	isDefault := attr(path).Matches("default.*")
	return analyzer.Func{
		Says:  "its parameter group requires TLS",
		Reads: append(analyzer.ReadsOf(all(requires, silent)), analyzer.Read{Path: analyzer.Path{"engine"}}),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			managed := v.Judge(target(path, group, always()))
			switch {
			case managed.Verdict == analyzer.Pass:
				return v.Judge(anyOf(requires, silent))
			case v.Attr(path).Null(), v.Judge(isDefault).Verdict == analyzer.Pass:
				return v.Judge(tlsByDefault())
			}
			return managed
		},
	}
}

// tlsParameter names the parameters by which engines require TLS.
func tlsParameter() cond { return attr("name").OneOf("rds.force_ssl", "require_secure_transport") }

// tlsByDefault holds for PostgreSQL since 15, Aurora PostgreSQL since 17, and
// MariaDB since 11.8, which require TLS by default.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
func tlsByDefault() cond {
	return anyOf(
		all(attr("engine").Equals("postgres"), anyOf(newestVersion(), versionFrom(15, 0))),
		all(attr("engine").Equals("aurora-postgresql"), versionFrom(17, 0)),
		all(attr("engine").Equals("mariadb"), versionFrom(11, 8)))
}

// versionFrom holds where the engine version is at least the given one.
func versionFrom(major, minor int) cond {
	return analyzer.Func{
		Says:  "engine_version is at least " + strconv.Itoa(major) + "." + strconv.Itoa(minor),
		Reads: []analyzer.Read{{Path: analyzer.Path{"engine_version"}, Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("engine_version")
			if !l.Known() {
				return v.Unknown(l)
			}
			x, y := versionOf(l.Value)
			if x > major || x == major && y >= minor {
				return v.Pass(l)
			}
			return v.Fail(l)
		},
	}
}

// versionOf reads the first two numbers of a version; a missing number is the
// highest possible: "8" may be any 8.
func versionOf(val cty.Value) (major, minor int) {
	const any = 1 << 30
	if val.IsNull() || val.Type() != cty.String && val.Type() != cty.Number {
		return any, any
	}
	text := ""
	if val.Type() == cty.String {
		text = val.AsString()
	} else {
		text = val.AsBigFloat().Text('f', -1)
	}
	parts := strings.SplitN(text, ".", 3)
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return any, any
	}
	if len(parts) == 1 {
		return major, any
	}
	if minor, err = strconv.Atoi(parts[1]); err != nil {
		return major, any
	}
	return major, minor
}

// A support is a major version with the last day of its standard support.
type support struct {
	engine  string // by name prefix
	version string // includes all versions that begin with it and a dot
	until   time.Time
}

// supports are the versions with a known end date in the release calendars.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MariaDB.Concepts.VersionMgmt.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.VersionPolicy.html
func supports() []support {
	return []support{
		{"postgres", "9.3", onDay(2018, 11, 8)}, {"postgres", "9.4", onDay(2020, 2, 13)}, {"postgres", "9.5", onDay(2021, 2, 16)},
		{"postgres", "9.6", onDay(2022, 4, 26)}, {"postgres", "10", onDay(2023, 4, 17)}, {"postgres", "11", onDay(2024, 2, 29)},
		{"postgres", "12", onDay(2025, 2, 28)}, {"postgres", "13", onDay(2026, 2, 28)}, {"postgres", "14", onDay(2027, 2, 28)},
		{"postgres", "15", onDay(2028, 2, 29)}, {"postgres", "16", onDay(2029, 2, 28)}, {"postgres", "17", onDay(2030, 2, 28)},
		{"aurora-postgresql", "9.6", onDay(2022, 1, 31)}, {"aurora-postgresql", "10", onDay(2023, 1, 31)}, {"aurora-postgresql", "11", onDay(2024, 2, 29)},
		{"aurora-postgresql", "12", onDay(2025, 2, 28)}, {"aurora-postgresql", "13", onDay(2026, 2, 28)}, {"aurora-postgresql", "14", onDay(2027, 2, 28)},
		{"aurora-postgresql", "15", onDay(2028, 2, 29)}, {"aurora-postgresql", "16", onDay(2029, 2, 28)}, {"aurora-postgresql", "17", onDay(2030, 2, 28)},
		{"mysql", "5.5", onDay(2021, 5, 25)}, {"mysql", "5.6", onDay(2022, 3, 1)}, {"mysql", "5.7", onDay(2024, 2, 29)},
		{"mysql", "8.0", onDay(2026, 7, 31)}, {"mysql", "8.4", onDay(2029, 7, 31)},
		{"aurora-mysql", "5.7", onDay(2024, 10, 31)}, {"aurora-mysql", "8.0", onDay(2028, 4, 30)},
		{"aurora", "5.6", onDay(2023, 2, 28)},
		{"mariadb", "10.0", onDay(2021, 4, 26)}, {"mariadb", "10.1", onDay(2021, 4, 26)}, {"mariadb", "10.2", onDay(2022, 10, 15)},
		{"mariadb", "10.3", onDay(2023, 10, 23)}, {"mariadb", "10.4", onDay(2024, 9, 30)}, {"mariadb", "10.5", onDay(2025, 8, 31)},
		{"mariadb", "10.6", onDay(2026, 8, 31)},
	}
}

// An ending is the last day of support for the matching names.
type ending struct {
	until    time.Time
	patterns []string
}

// supported holds where the support of the name has not ended. A name outside
// the table is newer than it.
func supported(path string, endings func() []ending) cond {
	return analyzer.Func{
		Says:  path + " is in support",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			if !l.Known() {
				return v.Unknown(l)
			}
			for _, e := range endings() {
				if v.Today().After(e.until) && v.Judge(attr(path).Matches(e.patterns...)).Verdict == analyzer.Pass {
					return v.FailSaying(l, "support of this "+path+" ended on "+e.until.Format(time.DateOnly))
				}
			}
			return v.Pass(l)
		},
	}
}

func onDay(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// supportedVersion holds where the engine version is in standard support today.
// A version outside the table is newer than it.
func supportedVersion() cond {
	return analyzer.Func{
		Says:  "engine_version is in standard support",
		Reads: []analyzer.Read{{Path: analyzer.Path{"engine"}}, {Path: analyzer.Path{"engine_version"}, Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("engine_version")
			if !l.Known() {
				return v.Unknown(l)
			}
			engine := v.Attr("engine")
			for _, s := range supports() {
				if v.Judge(attr("engine_version").Matches(s.version, s.version+".*")).Verdict != analyzer.Pass || !v.Today().After(s.until) {
					continue
				}
				switch v.Judge(attr("engine").Equals(s.engine)).Verdict {
				case analyzer.Pass:
					return v.FailSaying(l, "standard support of this engine version ended on "+s.until.Format(time.DateOnly))
				case analyzer.Unknown:
					return v.Unknown(engine)
				}
			}
			return v.Pass(l)
		},
	}
}
