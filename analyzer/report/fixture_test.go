package report

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// files are the text of a configuration, by name.
type files map[string]string

func (f files) read(name string) ([]byte, error) {
	text, ok := f[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

// find returns the range of a text in a file. Its columns count runes: fixtures have
// no combining characters before the text.
func (f files) find(t *testing.T, name, text string) hcl.Range {
	t.Helper()
	start := strings.Index(f[name], text)
	if start < 0 {
		t.Fatalf("%s does not hold %q", name, text)
	}
	return hcl.Range{Filename: name, Start: f.pos(name, start), End: f.pos(name, start+len(text))}
}

func (f files) pos(name string, at int) hcl.Pos {
	before := f[name][:at]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return hcl.Pos{Line: strings.Count(before, "\n") + 1, Column: len([]rune(line)) + 1, Byte: at}
}

// places is a Source of fixed ranges.
type places struct {
	header, body hcl.Range
	attrs        map[string]hcl.Range
	via          []analyzer.Call
	inside       *analyzer.Inside
	settings     map[string]*analyzer.Setting
	trace        map[string][]analyzer.Step
}

func (p *places) Range(at cty.Path) hcl.Range {
	for len(at) > 0 {
		if r, ok := p.attrs[analyzer.FormatPath(at)]; ok {
			return r
		}
		at = at[:len(at)-1]
	}
	return p.header
}

func (p *places) Written(at cty.Path) bool {
	_, ok := p.attrs[analyzer.FormatPath(at)]
	return ok
}

func (p *places) Body() hcl.Range                              { return p.body }
func (p *places) Via() []analyzer.Call                         { return p.via }
func (p *places) Inside([]cty.Path, []string) *analyzer.Inside { return p.inside }
func (p *places) Setting(at cty.Path) *analyzer.Setting        { return p.settings[analyzer.FormatPath(at)] }
func (p *places) Trace(at cty.Path) []analyzer.Step            { return p.trace[analyzer.FormatPath(at)] }
func (p *places) Edits(as []analyzer.Assign) []analyzer.Edit {
	var edits []analyzer.Edit
	for _, a := range as {
		if r, ok := p.attrs[a.Path.String()]; ok {
			edits = append(edits, analyzer.Edit{Range: r, Text: a.Path.String() + " = true"})
		}
	}
	return edits
}

// resource makes a resource whose values are given as pairs.
func resource(address string, values map[string]cty.Value, src analyzer.Source) *analyzer.Resource {
	definition := address
	if i := strings.IndexByte(definition, '['); i >= 0 {
		end := strings.IndexByte(definition, ']')
		definition = definition[:i] + definition[end+1:]
	}
	local := definition
	if strings.HasPrefix(local, "module.") {
		local = strings.SplitN(local, ".", 3)[2]
	}
	typ, _, _ := strings.Cut(local, ".")
	return &analyzer.Resource{
		Address: address, Definition: definition, Type: typ, Action: analyzer.Create, Source: src,
		Provider: analyzer.Provider{Source: "hashicorp/aws", Config: "provider.aws"},
		Build:    func() cty.Value { return cty.ObjectVal(values) },
	}
}

func fixtureChecks() []*analyzer.Check {
	db := []string{"aws_db_instance"}
	return []*analyzer.Check{
		{
			ID: "aws-rds-storage-encrypted", On: db, Layer: analyzer.ServerSideEncryption, Severity: analyzer.High, Since: "0.1.0",
			Objective: "encrypt-at-rest", Aliases: []analyzer.Alias{{ID: "CKV_AWS_16", Relation: analyzer.Same}},
			Controls: []analyzer.Control{"FSBP RDS.3"},
			Title:    "Storage of RDS databases is encrypted",
			Why:      "Snapshots & volumes can be read by whoever gets them. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>",
			Message:  "storage of this database is not encrypted", Want: analyzer.Attr("storage_encrypted").True(),
			Fix: analyzer.Safety{Kind: analyzer.UnsafeFix, Effect: "replaces the database"},
		},
		{
			ID: "aws-rds-password-managed", On: db, Layer: analyzer.IdentityAndAccess, Severity: analyzer.Critical, Since: "0.1.0",
			Title: "RDS master passwords are managed by Secrets Manager", Why: "Whoever reads the configuration or the state has the password.",
			Message: "the master password of this database stands in the configuration and in the state",
			Close:   "set manage_master_user_password = true and remove password", Secret: true,
			Want: analyzer.Not(analyzer.Attr("password").Present()),
		},
		{
			ID: "aws-rds-backup-kept", On: db, Layer: analyzer.BusinessContinuity, Severity: analyzer.Medium, Since: "0.2.0",
			Title: "RDS databases keep backups for a week", Why: "Damage is often noticed late.",
			Message: "backups of this database are kept for less than a week", Want: analyzer.Attr("backup_retention_period").AtLeast(7),
			Fix: analyzer.Safety{Kind: analyzer.SafeFix},
		},
		{
			ID: "aws-rds-key-yours", On: db, Layer: analyzer.ServerSideEncryption, Severity: analyzer.Low, Since: "0.1.0",
			Title: "RDS databases use a key of yours", Why: "You decide who may use the key.",
			Message: "this database uses no key of yours", Close: "set kms_key_id", Want: analyzer.Attr("kms_key_id").Present(),
		},
		{
			ID: "aws-rds-oracle-traffic-encrypted", On: db, Layer: analyzer.NetworkTrafficProtection, Severity: analyzer.High, Since: "0.1.0",
			Title: "Oracle databases encrypt traffic", Message: "traffic is not encrypted",
			When: analyzer.Attr("engine").Matches("oracle-*"), Want: analyzer.Attr("option_group_name").Present(),
		},
		{
			ID: "aws-ec2-guest-patched", On: []string{"aws_instance"}, Layer: analyzer.OperatingSystem, Severity: analyzer.Medium, Since: "0.1.0",
			Title: "Instances are patched", Why: "Known holes stay open.",
			Message: "nothing in this configuration patches its OS",
			Close:   "add it to a patch group with a baseline and a maintenance window, or attest how it is patched",
			Want:    analyzer.Attr("patched").True(),
		},
		{
			ID: "aws-ec2-tokens-required", On: []string{"aws_instance"}, Layer: analyzer.OperatingSystem, Severity: analyzer.High, Since: "0.1.0",
			Title: "The metadata service wants tokens", Why: "A forged request reads credentials.",
			Message: "the metadata service answers without a token", Want: analyzer.Attr("http_tokens").Equals("required"),
			Fix: analyzer.Safety{Kind: analyzer.SafeFix},
		},
	}
}

func fixtureOptions() judge.Options {
	services := []*analyzer.Service{
		{ID: "rds", Name: "Amazon RDS", Model: analyzer.Container, Principals: []string{"aws_db_instance"}},
		{ID: "ec2", Name: "Amazon EC2", Model: analyzer.Infrastructure, Principals: []string{"aws_instance"}},
	}
	return judge.Options{
		Today: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Defaults: []*analyzer.Default{{
			Type: "aws_instance", Path: "http_tokens", Value: cty.StringVal("required"), Since: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
			Source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
		}},
		Catalogue: analyzer.Catalogue{
			Service: func(_ analyzer.Mode, typ string) *analyzer.Service {
				switch typ {
				case "aws_db_instance":
					return services[0]
				case "aws_instance":
					return services[1]
				}
				return nil
			},
			Cell: func(m analyzer.Model, l analyzer.Layer) analyzer.Cell {
				switch {
				case l == analyzer.FoundationServices || l == analyzer.GlobalInfrastructure:
					return analyzer.Cell{Today: analyzer.ProviderOwned}
				case m == analyzer.Container && l == analyzer.ServerSideEncryption:
					return analyzer.Cell{Today: analyzer.SharedOwned, Theirs: "AWS encrypts storage once it is on", Yours: "turn encryption on and choose the key"}
				case m == analyzer.Container && l == analyzer.OperatingSystem:
					return analyzer.Cell{Today: analyzer.ProviderOwned}
				}
				return analyzer.Cell{Today: analyzer.CustomerOwned}
			},
		},
	}
}

func fixtureFrameworks(o analyzer.Objective) map[string][]string {
	if o != "encrypt-at-rest" {
		return nil
	}
	return map[string][]string{"hipaa": {"164.312(a)(2)(iv)"}, "soc2": {"CC6.1", "CC6.7"}}
}

// scenarios returns the reports on which every format is tested.
func scenarios(t *testing.T) map[string]scenario {
	return map[string]scenario{
		"source": sourceScenario(t), "installed": installedScenario(t), "plan": planScenario(t), "bare": bareScenario(t),
		"clean": cleanScenario(t), "broken": brokenScenario(t), "hostile": hostileScenario(t), "wide": wideScenario(t),
	}
}

type scenario struct {
	files files
	set   *analyzer.Set
	opt   Options
}

// report runs the scenario; all keeps passes and n/a.
func (s scenario) report(all bool) (*judge.Report, Options) {
	return s.reportWith(all, func(*judge.Options) {})
}

// reportWith is report with other run options.
func (s scenario) reportWith(all bool, change func(*judge.Options)) (*judge.Report, Options) {
	run := fixtureOptions()
	run.All = all
	change(&run)
	opt := s.opt
	opt.Read, opt.ShowAll, opt.Frameworks = s.files.read, all, fixtureFrameworks
	if opt.Version == "" {
		opt.Version = "0.1.0"
	}
	if opt.FailOn == 0 {
		opt.FailOn = analyzer.Medium
	}
	return judge.Run(context.Background(), s.set, fixtureChecks(), run), opt
}

// sourceScenario returns a module called by two roots, with instances, a secret, an
// accepted gap, and unknowns with many causes.
func sourceScenario(t *testing.T) scenario {
	src := files{
		"modules/db/main.tf": `# databases

resource "aws_db_instance" "main" {
  storage_encrypted       = var.encrypt
  backup_retention_period = 14
  kms_key_id              = var.kms_key_arn
  password                = "hunter2-prod" # not hunter3
}
`,
		"envs/prod/main.tf": `module "db" {
  source   = "../../modules/db"
  for_each = toset(["orders", "users"])
  encrypt  = var.encrypt
}
resource "aws_instance" "web" {
  # demarc:ignore aws-ec2-guest-patched reason="golden images"
  patched     = false
  http_tokens = "optional"
}
resource "aws_instance" "batch" {
  patched = false
}
`,
		"envs/prod/prod.tfvars":     "\n\nencrypt = false\n",
		"envs/dev/main.tf":          "module \"db\" {\n  source = \"../../modules/db\"\n}\n",
		"modules/db/variables.tf":   "variable \"encrypt\" {\n  default = false\n}\nvariable \"kms_key_arn\" {}\n",
		"envs/prod/unknowns.tf":     "# many\n",
		"envs/prod/.demarc.ignored": "",
	}
	db := func(address, root string, trace []analyzer.Step) *analyzer.Resource {
		const name = "modules/db/main.tf"
		r := resource(address, map[string]cty.Value{
			"storage_encrypted": cty.False, "backup_retention_period": cty.NumberIntVal(14),
			"kms_key_id": cty.UnknownVal(cty.String), "password": cty.StringVal("hunter2-prod"),
		}, &places{
			header: src.find(t, name, `resource "aws_db_instance" "main"`), body: src.find(t, name, src[name][13:]),
			attrs: map[string]hcl.Range{
				"storage_encrypted":       src.find(t, name, "storage_encrypted       = var.encrypt"),
				"backup_retention_period": src.find(t, name, "backup_retention_period = 14"),
				"kms_key_id":              src.find(t, name, "kms_key_id              = var.kms_key_arn"),
				"password":                src.find(t, name, `password                = "hunter2-prod"`),
			},
			via:   []analyzer.Call{{Range: src.find(t, root+"/main.tf", `module "db"`)}},
			trace: map[string][]analyzer.Step{"storage_encrypted": trace},
		})
		r.Sensitive = []cty.Path{cty.GetAttrPath("password")}
		r.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("kms_key_id"), Cause: analyzer.Cause{
			Kind: analyzer.CauseVariable, Name: "var.kms_key_arn", Range: src.find(t, "modules/db/variables.tf", `variable "kms_key_arn"`),
		}}}
		return r
	}
	variable := analyzer.Step{Name: "var.encrypt", Range: src.find(t, "modules/db/variables.tf", `variable "encrypt"`)}
	fromProd := []analyzer.Step{
		{Name: "var.encrypt", Range: src.find(t, "envs/prod/main.tf", "encrypt  = var.encrypt")},
		{Name: "var.encrypt", Range: src.find(t, "envs/prod/main.tf", `module "db"`)},
		{Name: "prod.tfvars", Range: src.find(t, "envs/prod/prod.tfvars", "encrypt = false")},
	}
	fromDefault := []analyzer.Step{variable, {Name: "default", Range: src.find(t, "modules/db/variables.tf", "default = false")}}
	web := resource("aws_instance.web", map[string]cty.Value{"patched": cty.False, "http_tokens": cty.StringVal("optional")}, &places{
		header: src.find(t, "envs/prod/main.tf", `resource "aws_instance" "web"`),
		body:   src.find(t, "envs/prod/main.tf", `resource "aws_instance" "web"`),
		attrs: map[string]hcl.Range{
			"patched":     src.find(t, "envs/prod/main.tf", "patched     = false"),
			"http_tokens": src.find(t, "envs/prod/main.tf", `http_tokens = "optional"`),
		},
	})
	batch := resource("aws_instance.batch", map[string]cty.Value{"patched": cty.False}, &places{
		header: src.find(t, "envs/prod/main.tf", `resource "aws_instance" "batch"`),
		attrs:  map[string]hcl.Range{"patched": src.find(t, "envs/prod/main.tf", "patched = false")},
	})
	resources := []*analyzer.Resource{
		db(`module.db["orders"].aws_db_instance.main`, "envs/prod", fromProd),
		db(`module.db["users"].aws_db_instance.main`, "envs/prod", fromProd), web, batch,
	}
	prod := &analyzer.Root{
		Dir: "envs/prod", Resources: append(resources, unknowns(t, src)...),
		Suppressions: []*analyzer.Suppression{
			{
				Checks: []string{"aws-ec2-guest-patched"}, Dialect: analyzer.DialectDemarc, Reason: "golden images", Owner: "platform",
				Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
				Range: src.find(t, "envs/prod/main.tf", "# demarc:ignore aws-ec2-guest-patched"), Scope: src.find(t, "envs/prod/main.tf", "patched     = false"),
			},
			{Checks: []string{"aws-rds-key-yours"}, Dialect: analyzer.DialectDemarc, Range: src.find(t, "envs/prod/unknowns.tf", "# many")},
		},
	}
	dev := &analyzer.Root{Dir: "envs/dev", Resources: []*analyzer.Resource{db("module.db.aws_db_instance.main", "envs/dev", fromDefault)}}
	return scenario{files: src, set: analyzer.NewSet([]*analyzer.Root{prod, dev}, analyzer.Coverage{
		Files: 6, FilesFound: 6, Modules: 2, Resources: 0,
		Unresolved: []analyzer.Unresolved{
			{Kind: "module", Name: "module.vpc", Range: src.find(t, "envs/prod/main.tf", `module "db"`), Reason: "not installed: run terraform init"},
			{Kind: "variable", Name: "var.kms_key_arn", Reason: "no value"}, {Kind: "variable", Name: "var.b", Reason: "no value"},
			{Kind: "variable", Name: "var.c", Reason: "no value"}, {Kind: "variable", Name: "var.d", Reason: "no value"}, {Kind: "variable", Name: "var.e", Reason: "no value"},
		},
	}, nil)}
}

// installedScenario returns an installed module: a gap that an argument of its call
// decides, gaps that inputs decide, and a gap that none does.
func installedScenario(t *testing.T) scenario {
	const inside = ".terraform/modules/db/main.tf"
	src := files{
		"main.tf": `module "db" {
  source  = "example/db/aws"
  encrypt = var.encrypt
}
`,
		"prod.tfvars": "encrypt = false\n",
		inside: `resource "aws_db_instance" "main" {
  storage_encrypted       = var.encrypt
  backup_retention_period = local.days
}
resource "aws_instance" "web" {
  patched     = false
  http_tokens = local.tokens
}
`,
	}
	call, argument := src.find(t, "main.tf", `module "db"`), src.find(t, "main.tf", "encrypt = var.encrypt")
	file := src.find(t, "prod.tfvars", "encrypt = false")
	source := func(typ string, attrs map[string]string, in analyzer.Inside) *places {
		in.Module = "module.db"
		p := &places{
			header: src.find(t, inside, typ), body: src.find(t, inside, typ), attrs: map[string]hcl.Range{},
			via: []analyzer.Call{{Range: call, Installed: true}}, inside: &in,
		}
		for name, text := range attrs {
			p.attrs[name] = src.find(t, inside, text)
		}
		return p
	}
	const db, web = `resource "aws_db_instance" "main"`, `resource "aws_instance" "web"`
	closed := source(db, map[string]string{"storage_encrypted": "storage_encrypted       = var.encrypt"}, analyzer.Inside{Range: argument, Inputs: []string{"var.encrypt"}})
	closed.trace = map[string][]analyzer.Step{"storage_encrypted": {
		{Name: "local.encrypt", Range: src.find(t, inside, "var.encrypt")}, {Name: "var.encrypt", Range: argument},
		{Name: "var.encrypt", Range: call}, {Name: "prod.tfvars", Range: file},
	}}
	closed.settings = map[string]*analyzer.Setting{"storage_encrypted": {Name: "encrypt", Range: file}}
	var dbs []*analyzer.Resource
	for _, key := range []string{"0", "1"} {
		dbs = append(dbs, resource("module.db.aws_db_instance.main["+key+"]", map[string]cty.Value{
			"storage_encrypted": cty.False, "backup_retention_period": cty.NumberIntVal(7), "kms_key_id": cty.StringVal("k"),
		}, closed))
	}
	short := resource("module.db.aws_db_instance.short", map[string]cty.Value{
		"storage_encrypted": cty.True, "backup_retention_period": cty.NumberIntVal(1), "kms_key_id": cty.StringVal("k"),
	}, source(db, map[string]string{"backup_retention_period": "backup_retention_period = local.days"},
		analyzer.Inside{Range: call, Inputs: []string{"var.days", "var.weeks", "var.a", "var.b", "var.c"}}))
	sealed := resource("module.db.aws_instance.web", map[string]cty.Value{"patched": cty.False, "http_tokens": cty.UnknownVal(cty.String)},
		source(web, map[string]string{"patched": "patched     = false", "http_tokens": "http_tokens = local.tokens"}, analyzer.Inside{Range: call}))
	sealed.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("http_tokens"), Cause: analyzer.Cause{Kind: analyzer.CauseApply, Name: "aws_x.y.z"}}}
	root := &analyzer.Root{Dir: ".", Resources: append(dbs, short, sealed)}
	return scenario{files: src, set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{Files: 3, FilesFound: 3, Modules: 1}, nil)}
}

// unknowns returns resources whose values are unknown for every kind of cause.
func unknowns(t *testing.T, src files) []*analyzer.Resource {
	var all []*analyzer.Resource
	for i, kind := range []analyzer.CauseKind{
		analyzer.CauseVariable, analyzer.CauseApply, analyzer.CauseModule, analyzer.CauseData, analyzer.CauseFunction, analyzer.CauseBudget,
		analyzer.CauseProvider, analyzer.CauseAccount, analyzer.CauseCaller, analyzer.CauseError, analyzer.CauseState, analyzer.CauseOther,
		analyzer.CauseVariable, analyzer.CauseVariable,
	} {
		r := resource(fmt.Sprintf("aws_instance.unknown%02d", i), map[string]cty.Value{"patched": cty.UnknownVal(cty.Bool)},
			&places{header: src.find(t, "envs/prod/unknowns.tf", "# many")})
		r.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("patched"), Cause: analyzer.Cause{Kind: kind, Name: fmt.Sprintf("cause.%s_%d", kind, i)}}}
		all = append(all, r)
	}
	return all
}

// planScenario returns a plan joined with its source: a regression, a new gap, an
// existing gap, a closed gap, a replacement.
func planScenario(t *testing.T) scenario {
	src := files{"db.tf": `resource "aws_db_instance" "worse" {
  storage_encrypted = false
}
resource "aws_db_instance" "same" {
  storage_encrypted = false
}
resource "aws_db_instance" "better" {
  storage_encrypted = true
}
resource "aws_db_instance" "new" {
  storage_encrypted = false
}
`}
	db := func(name string, encrypted cty.Value, action analyzer.Action) *analyzer.Resource {
		header := src.find(t, "db.tf", fmt.Sprintf(`resource "aws_db_instance" %q`, name))
		body := src["db.tf"][header.Start.Byte:]
		line := body[strings.Index(body, "  storage"):strings.Index(body, "\n}")]
		at := header
		at.Start = src.pos("db.tf", header.Start.Byte+strings.Index(body, line)+2)
		at.End = src.pos("db.tf", header.Start.Byte+strings.Index(body, line)+len(line))
		r := resource("aws_db_instance."+name, map[string]cty.Value{
			"storage_encrypted": encrypted, "backup_retention_period": cty.NumberIntVal(7), "kms_key_id": cty.StringVal("k"),
		}, &places{header: header, attrs: map[string]hcl.Range{"storage_encrypted": at}})
		r.Action = action
		return r
	}
	planned := []*analyzer.Resource{
		db("worse", cty.False, analyzer.Replace), db("same", cty.False, analyzer.NoOp),
		db("better", cty.True, analyzer.Update), db("new", cty.False, analyzer.Create),
	}
	planned[0].ReplacedBy = []cty.Path{cty.GetAttrPath("storage_encrypted"), cty.GetAttrPath("engine")}
	prior := &analyzer.Root{Dir: ".", Plan: "tfplan.json", Resources: []*analyzer.Resource{
		db("worse", cty.True, analyzer.NoOp), db("same", cty.False, analyzer.NoOp), db("better", cty.False, analyzer.NoOp),
	}}
	root := &analyzer.Root{Dir: ".", Plan: "tfplan.json", Resources: planned, Prior: prior}
	return scenario{files: src, set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{Files: 1, FilesFound: 1}, nil)}
}

// bareScenario returns a plan without source.
func bareScenario(*testing.T) scenario {
	root := &analyzer.Root{Dir: ".", Plan: "out/plan 1.json", Resources: []*analyzer.Resource{
		resource(`module.db["a"].aws_db_instance.main`, map[string]cty.Value{"storage_encrypted": cty.False, "backup_retention_period": cty.NumberIntVal(1)}, nil),
	}}
	return scenario{set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{}, nil)}
}

func cleanScenario(*testing.T) scenario {
	root := &analyzer.Root{Dir: ".", Resources: []*analyzer.Resource{
		resource("aws_db_instance.main", map[string]cty.Value{
			"storage_encrypted": cty.True, "backup_retention_period": cty.NumberIntVal(7), "kms_key_id": cty.StringVal("k"),
		}, nil),
	}}
	return scenario{set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{Files: 40, FilesFound: 40, Modules: 6}, nil)}
}

func brokenScenario(t *testing.T) scenario {
	src := files{"main.tf": "resource \"aws_instance\" \"é\" {\n"}
	at := src.find(t, "main.tf", "{")
	return scenario{files: src, set: analyzer.NewSet(nil, analyzer.Coverage{
		Files: 13, FilesFound: 14, Broken: true,
		Unresolved: []analyzer.Unresolved{{Kind: "file", Name: "secret.tf", Range: hcl.Range{Filename: "secret.tf"}, Reason: "permission denied"}},
	}, hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Unclosed configuration block", Detail: "There is no closing brace before the end of the file.\nIt may be caused by nesting.", Subject: &at},
		{Severity: hcl.DiagWarning, Summary: "IAM is odd.", Subject: &hcl.Range{Filename: "main.tf", Start: hcl.Pos{Line: 1, Column: 1}}},
		{Severity: hcl.DiagError, Summary: "No place"},
	})}
}

// hostileScenario has names, keys and lines that would act on a terminal, a
// build log or a viewer.
func hostileScenario(t *testing.T) scenario {
	const file = "::error::x\x1b[31m.tf"
	src := files{file: "resource \"aws_db_instance\" \"x\" {\n  storage_encrypted = false /* \x1b[2J\u202e ##[add-mask]x */\n}\n"}
	r := resource("module.db[\"\x1b]0;pwned\a\\n::error::boom\r\n\u202eevil[click](https://evil.example)<img/src=x>\"].aws_db_instance.x", map[string]cty.Value{
		"storage_encrypted": cty.False, "backup_retention_period": cty.NumberIntVal(7), "kms_key_id": cty.StringVal("k"),
	}, &places{
		header: src.find(t, file, `resource "aws_db_instance" "x"`),
		attrs:  map[string]hcl.Range{"storage_encrypted": src.find(t, file, "storage_encrypted = false")},
		trace:  map[string][]analyzer.Step{"storage_encrypted": {{Name: "var.x\x1b[0m\n::warning::y"}}},
	})
	r.Type, r.Definition = "aws_db_instance", "module.db.aws_db_instance.x"
	root := &analyzer.Root{Dir: "::group::\u202e", Resources: []*analyzer.Resource{r}}
	return scenario{files: src, set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{
		Files: 1, FilesFound: 1,
		Unresolved: []analyzer.Unresolved{{Kind: "module", Name: "module.\x1b[1m\n::debug::z", Reason: "not\u2028installed"}},
	}, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Bad \x1b[1m\n::error::name", Subject: &hcl.Range{Filename: file, Start: hcl.Pos{Line: 1, Column: 1}}}})}
}

// wideScenario has lines with tabs, wide and combining characters, and lines
// that do not fit.
func wideScenario(t *testing.T) scenario {
	long := strings.Repeat("0123456789", 20)
	src := files{"main.tf": "\ttags = { 名 = データベース, e = e\u0301e\u0301 }, storage_encrypted = false\n" +
		"resource \"aws_db_instance\" \"long\" { tags = t" + long + ", storage_encrypted = false, more = t" + long + " }\n" +
		"storage_encrypted = [\"" + long + "\"]\n" +
		"storage_encrypted = {\n  a = 1\n}\n"}
	db := func(name string, at hcl.Range) *analyzer.Resource {
		return resource("aws_db_instance."+name, map[string]cty.Value{
			"storage_encrypted": cty.False, "backup_retention_period": cty.NumberIntVal(7), "kms_key_id": cty.StringVal("k"),
		}, &places{header: at})
	}
	grapheme := src.find(t, "main.tf", "storage_encrypted = false\nresource")
	grapheme.Start.Column -= 2 // two characters before it have two code points each
	grapheme.End = grapheme.Start
	grapheme.End.Column += len("storage_encrypted = false")
	root := &analyzer.Root{Dir: ".", Resources: []*analyzer.Resource{
		db("wide", grapheme), db("middle", src.find(t, "main.tf", "storage_encrypted = false, more")),
		db("right", src.find(t, "main.tf", "storage_encrypted = [\""+long+"\"]")),
		db("lines", src.find(t, "main.tf", "storage_encrypted = {\n  a = 1\n}")),
		db(strings.Repeat("a_very_long_name_", 6)+`["データ"]`, src.find(t, "main.tf", "a = 1")),
	}}
	return scenario{files: src, set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{Files: 1, FilesFound: 1}, nil)}
}
