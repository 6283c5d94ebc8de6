package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/demarc/demarc/analyzer/report"
)

// canaryText stands for a secret: outside the repository, in the environment, and
// where tests put it. No output holds it.
const canaryText = "canary-3f9a1c"

// formula matches the beginning of a formula in a spreadsheet, which may use
// separators other than the comma.
// https://owasp.org/www-community/attacks/CSV_Injection
var formula = regexp.MustCompile(`^[=+\-@\t\r]|[;\t\r\n|]\s*=`)

// number matches numbers, which begin like a formula and are none.
var number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// wrongReport returns the forbidden content of a report of any format.
func wrongReport(f report.Format, text string) []string {
	wrong := commands(text)
	if strings.Contains(text, canaryText) {
		wrong = append(wrong, "holds the canary: "+nearby(text, canaryText))
	}
	switch f.Syntax {
	case report.SyntaxJSON:
		if !json.Valid([]byte(text)) {
			wrong = append(wrong, "is no JSON")
		}
		if strings.Contains(text, "<") {
			wrong = append(wrong, "holds a <: "+nearby(text, "<"))
		}
	case report.SyntaxCSV:
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			wrong = append(wrong, "is no CSV: "+err.Error())
		}
		for _, cell := range slices.Concat(rows...) {
			if formula.MatchString(cell) && len(cell) > 1 && !number.MatchString(cell) {
				wrong = append(wrong, fmt.Sprintf("a cell is a formula: %.100q", cell))
			}
		}
	case report.SyntaxHTML:
		wrong = append(wrong, active(text)...)
	}
	return wrong
}

// commands matches lines that a build system or a terminal would obey.
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
// https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
func commands(text string) []string {
	var wrong []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimFunc(line, unicode.IsSpace)
		if strings.HasPrefix(trimmed, "::") || strings.Contains(trimmed, "##[") || strings.Contains(trimmed, "##vso[") {
			wrong = append(wrong, fmt.Sprintf("a line is a command: %.200q", line))
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }); i >= 0 {
			wrong = append(wrong, fmt.Sprintf("a line holds a control character: %.200q", line[max(0, i-40):]))
		}
		if len(wrong) > 4 {
			break
		}
	}
	return wrong
}

// leads are the attributes that a browser follows.
var leads = map[string]bool{"href": true, "src": true, "action": true, "formaction": true, "data": true, "xlink:href": true}

// active returns the scripts and links of an HTML page that are not the page's own.
func active(text string) []string {
	var wrong []string
	page := html.NewTokenizer(strings.NewReader(text))
	for {
		switch page.Next() {
		case html.ErrorToken:
			return wrong
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := page.Token()
			for _, a := range tag.Attr {
				where := strings.ToLower(strings.TrimFunc(a.Val, unicode.IsSpace))
				if strings.HasPrefix(a.Key, "on") || leads[a.Key] && strings.HasPrefix(where, "javascript:") {
					wrong = append(wrong, "runs "+tag.String())
				}
			}
			if slices.Contains([]string{"img", "iframe", "embed", "base"}, tag.Data) {
				wrong = append(wrong, "holds "+tag.String())
			}
		case html.TextToken:
			// the text of a script is one token
			if t := string(page.Raw()); strings.Contains(t, "</script><script>alert(1)") {
				wrong = append(wrong, "holds a script: "+nearby(t, "<script>alert(1)"))
			}
		}
	}
}

func nearby(text, s string) string {
	i := strings.Index(text, s)
	return fmt.Sprintf("%q", text[max(0, i-80):min(len(text), i+len(s)+80)])
}

// withGap has a gap.
const withGap = "resource \"aws_db_instance\" \"open\" {\n  storage_encrypted = false\n}\n"

// namedTree returns a repository with a name in every place where input enters a
// report.
func namedTree(name string) map[string]string {
	tree := map[string]string{}
	q := quoteHCL
	file := name
	if len(file) > 200 {
		file = strings.ToValidUTF8(file[:200], "")
	}
	file = strings.NewReplacer("/", "_", "\x00", "").Replace(file)
	tree[file+".tf"] = withGap + "resource \"aws_s3_bucket\" " + q(name) + " {\n  bucket = " + q(name) + "\n}\nbroken " + q(name) + " {}\n"
	tree[file+"/"+file+".tf"] = strings.ReplaceAll(withGap, "false", q(name)) + "resource \"aws_s3_bucket\" \"x\" {\n  bucket = " + q(name) + "\n}\n"
	tree["values/terraform.tfvars"] = "v = " + q(name) + "\n" + "undeclared = 1\n"
	var b strings.Builder
	fmt.Fprintf(&b, "variable \"v\" {}\nvariable \"unset\" {\n  description = %s\n}\n", q(name))
	fmt.Fprintf(&b, "resource \"aws_db_instance\" \"a\" {\n  for_each = toset([%s])\n  identifier = each.key\n  storage_encrypted = false\n  engine = %[1]s\n  tags = { (%[1]s) = %[1]s }\n}\n", q(name))
	fmt.Fprintf(&b, "resource \"aws_db_instance\" \"b\" {\n  storage_encrypted = var.v\n  identifier = var.unset\n}\n")
	fmt.Fprintf(&b, "resource \"aws_iam_policy\" \"c\" {\n  name = %s\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Sid = %[1]s, Effect = \"Allow\", Action = [\"*\", %[1]s], Resource = %[1]s, Condition = { StringLike = { (%[1]s) = %[1]s } } }] })\n}\n", q(name))
	fmt.Fprintf(&b, "resource \"aws_ecs_task_definition\" \"d\" {\n  family = %s\n  container_definitions = jsonencode([{ name = %[1]s, image = %[1]s, privileged = true, environment = [{ name = %[1]s, value = \"AKIAIOSFODNN7EXAMPLE\" }] }])\n}\n", q(name))
	fmt.Fprintf(&b, "resource \"aws_security_group\" \"e\" {\n  name = %s\n  description = %[1]s\n  ingress {\n    description = %[1]s\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\", %[1]s]\n  }\n}\n", q(name))
	fmt.Fprintf(&b, "module %s {\n  source = %[1]s\n}\nmodule \"remote\" {\n  source = \"git::https://example.org/%s\"\n}\n", q(name), strings.Trim(quoteHCL(name), `"`))
	fmt.Fprintf(&b, "provider \"aws\" {\n  region = %s\n  alias = \"x\"\n}\nresource \"aws_db_instance\" \"f\" {\n  # demarc:ignore aws-rds-storage-encrypted reason=%s owner=%[1]s\n  storage_encrypted = false # %s\n}\n", q(name), q(name), strings.NewReplacer("\n", " ", "\r", " ").Replace(name))
	tree["values/main.tf"] = b.String()
	tree["json/x.tf.json"] = `{"resource":{"aws_db_instance":{` + quoteJSON(name) + `:{"storage_encrypted":false,"engine":` + quoteJSON(name) + `}}},` + quoteJSON(name) + `:1}`
	tree["CODEOWNERS"] = "* @" + strings.NewReplacer("\n", "", " ", "").Replace(name) + "\n" + strings.ReplaceAll(name, "\n", "") + "\n"
	if strings.ToValidUTF8(name, "") != name || strings.TrimSpace(name) == "" {
		return tree // the configuration file would be refused
	}
	tree[".demarc.hcl"] = fmt.Sprintf("owner %s {\n  paths = [\"values/**\"]\n}\nenvironment %[2]s {\n  roots = [\"values\"]\n}\nsuppress \"aws-rds-storage-encrypted\" {\n  resources = [%[1]s]\n  reason = %[1]s\n}\nattest \"patch-systems\" {\n  objectives = [\"patch-systems\"]\n  by = %[1]s\n  evidence = %[1]s\n  date = \"2026-01-01\"\n  expires = \"2036-01-01\"\n}\n", q(name), q(strings.ReplaceAll(name, ",", "")))
	return tree
}

// quoteHCL returns a text as HCL writes it. Invalid UTF-8 stays as it is.
func quoteHCL(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteString("\\" + string(c))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, "\\u%04x", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(b.String())
}

func quoteJSON(s string) string {
	s = strings.NewReplacer("$${", "${", "%%{", "%{").Replace(quoteHCL(s))
	return s
}
