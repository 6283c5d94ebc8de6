//go:build hostile

package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// expressionRows are expressions that make large values from small ones.
func expressionRows() []hostileRow {
	const large = `[for i in range(250000) : "k${i}"]`
	const object = `{ for i in range(250000) : "k${i}" => i }`
	rows := bombs("250000 elements:", map[string]string{
		"toset":            "toset(" + large + ")",
		"tolist":           "tolist(" + large + ")",
		"tomap":            "tomap(" + object + ")",
		"tomap of lists":   "tomap({ for i in range(250000) : \"k${i}\" => [i] })",
		"distinct":         "distinct(" + large + ")",
		"distinct numbers": "distinct(range(250000))",
		"sort":             "sort(" + large + ")",
		"reverse":          "reverse(" + large + ")",
		"join":             `join(",", ` + large + `)`,
		"split":            `split(",", join(",", ` + large + `))`,
		"jsonencode":       "jsonencode(" + object + ")",
		"yamlencode":       "yamlencode(" + object + ")",
		"flatten":          "flatten([for i in range(250000) : [i]])",
		"concat":           "concat(" + large + ", [1])",
		"compact":          "compact(" + large + ")",
		"zipmap":           "zipmap(" + large + ", range(250000))",
		"keys":             "keys(" + object + ")",
		"values":           "values(" + object + ")",
		"merge":            "merge(" + object + ", " + object + ")",
		"setunion":         "setunion(" + large + ", [\"a\"])",
		"setintersection":  "setintersection(" + large + ", [\"k1\"])",
		"setsubtract":      "setsubtract(" + large + ", [\"k1\"])",
		"contains":         "[contains(" + large + ", \"k249999\")]",
		"contains a lot":   "[for i in range(20000) : contains(" + "range(20000)" + ", -1)]",
		"index":            "[index(" + large + ", \"k249999\")]",
		"lookup":           "[lookup(" + object + ", \"k1\", 0)]",
		"matchkeys":        "matchkeys(" + large + ", " + large + ", [\"k1\", \"k2\"])",
		"chunklist":        "chunklist(" + large + ", 1)",
		"transpose":        "transpose({ for i in range(250000) : \"k${i}\" => [\"a\"] })",
		"setproduct":       "setproduct(" + large + ", [1, 2])",
		"expanded":         "[max(range(250000)...)]",
		"coalescelist":     "coalescelist([], " + large + ")",
		"formatlist":       "formatlist(\"%s-%s\", " + large + ", \"x\")",
		"equal":            "[" + large + " == " + large + "]",
		"conditional":      "length(" + large + ") > 3 ? " + large + " : [1]",
		"sum":              "[sum(range(250000))]",
		"splat":            "[for i in range(250000) : { a = i }][*].a",
		"grouped":          "{ for i in range(250000) : \"k${i % 3}\" => i... }",
		"directive":        `"%{for i in range(250000)}${i}%{endfor}"`,
		"startswith":       "[for i in range(250000) : startswith(\"k${i}\", \"k1\")]",
		"cidrsubnet":       "[for i in range(250000) : cidrsubnet(\"10.0.0.0/8\", 24, i % 65536)]",
		"slices":           "[for i in range(2000) : slice(" + "range(2000)" + ", 0, i)]",
		"sets of objects":  "toset([for i in range(100000) : { a = i, b = \"k${i}\" }])",
		"lists of tuples":  "tolist([for i in range(100000) : [i, \"k${i}\"]])",
		"index in a loop":  "[for i in range(20000) : range(20000)[i]]",
	})
	text := strings.Repeat("a", 200_000)
	rows = append(rows, bombs("in a loop:", map[string]string{
		"regexall":          `[for i in range(10000) : regexall("(a|aa|aaa)*b", local.text)]`,
		"regex alternation": `[for i in range(2000) : regexall("` + strings.Repeat("(x+x+)+y|", 200) + `z", local.text)]`,
		"replace":           `[for i in range(10000) : replace(local.text, "/a(a*)a/", "$1$1")]`,
		"replace grows":     `replace(replace(local.text, "a", local.text), "a", local.text)`,
		"jsondecode":        `[for i in range(5000) : jsondecode("[${join(",", range(20000))}]")]`,
		"yamldecode":        `[for i in range(2000) : yamldecode("[${join(",", range(5000))}]")]`,
		"csvdecode":         `[for i in range(2000) : csvdecode("a\n${join("\n", range(5000))}")]`,
		"base64gzip":        `[for i in range(10000) : base64gzip(local.text)]`,
		"sha512":            `[for i in range(100000) : sha512(local.text)]`,
		"bcrypt":            `[for i in range(100) : bcrypt("x", 31)]`,
		"uuidv5":            `[for i in range(200000) : uuidv5("dns", local.text)]`,
		"format":            `[for i in range(10000) : format("%60000d", i)]`,
		"format nested":     `format("%999999999d%999999999d", 1, 2)`,
		"indent":            `[for i in range(10000) : indent(1000, local.text)]`,
		"strrev":            `[for i in range(20000) : strrev(local.text)]`,
		"upper":             `[for i in range(100000) : upper(local.text)]`,
		"title":             `[for i in range(20000) : title(local.text)]`,
		"split":             `[for i in range(5000) : split("a", local.text)]`,
		"trim":              `[for i in range(20000) : trim(local.text, local.text)]`,
		"substr":            `[for i in range(20000) : substr(local.text, 100, -1)]`,
		"compare":           `[for i in range(100000) : "${local.text}${i}" == "${local.text}b"]`,
		"templates":         `[for i in range(100000) : "${local.text}${i}"]`,
		"templatefile":      `[for i in range(20000) : templatefile("t.tpl", { n = i })]`,
		"templatestring":    `[for i in range(20000) : templatestring(local.text, {})]`,
		"file":              `[for i in range(100000) : file("t.tpl")]`,
		"fileexists":        `[for i in range(300000) : fileexists("t.tpl")]`,
		"fileset":           `[for i in range(20000) : fileset(".", "**/*.{a,b,c,d,e,f}*")]`,
		"fileset braces":    `fileset(".", "` + strings.Repeat("{a,b,c,d,e,f,g,h}", 40) + `")`,
		"fileset stars":     `fileset(".", "` + strings.Repeat("**/*a*", 60) + `")`,
		"timeadd":           `[for i in range(200000) : timeadd("2020-01-01T00:00:00Z", "1h")]`,
		"formatdate":        `[for i in range(2000) : formatdate("` + strings.Repeat("YYYY-", 2000) + `", "2020-01-01T00:00:00Z")]`,
		"parseint":          `[for i in range(20000) : parseint("` + strings.Repeat("9", 5000) + `", 10)]`,
		"pow":               `[for i in range(100000) : pow(9, 9999)]`,
		"power of power":    `[pow(pow(pow(9, 9999), 9999), 9999)]`,
		"huge numbers":      `[for i in range(100000) : tostring(1e9999 * i)]`,
		"division":          `[for i in range(200000) : 1e4000 / 7 % 3]`,
		"cidrsubnets":       `[for i in range(5000) : cidrsubnets("fd00::/8", [for j in range(200) : 20]...)]`,
		"cidrhost":          `[for i in range(200000) : cidrhost("fd00::/8", 1e30)]`,
		"rsadecrypt":        `[for i in range(5000) : try(rsadecrypt("YWJj", local.text), "")]`,
		"textencodebase64":  `[for i in range(20000) : textencodebase64(local.text, "UTF-16LE")]`,
		"jsonencode":        `[for i in range(5000) : jsonencode(range(5000))]`,
		"try":               `[for i in range(200000) : try(local.none.x, local.text.y, i)]`,
		"merge":             `[for i in range(5000) : merge({ for j in range(100) : "k${j}" => j }, { for j in range(100) : "l${j}" => j })]`,
		"nested loops":      `[for a in range(700) : [for b in range(700) : [for c in range(700) : "${a}${b}${c}"]]]`,
		"filtered loops":    `[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c if false]]]`,
		"range in range":    `[for a in range(5000) : range(5000)]`,
		"setproduct":        `setproduct(range(1000), range(1000), range(1000))`,
		"conversions":       `[for i in range(3000) : tomap({ for j in range(200) : "k${j}" => j })]`,
		"types":             `[for i in range(3000) : tolist([for j in range(200) : { a = j, b = "k${j}", c = null }])]`,
		"one of sets":       `[for i in range(5000) : setunion(range(200), range(200))]`,
		"anytrue":           `[for i in range(5000) : alltrue([for j in range(200) : true])]`,
		"sensitive":         `[for i in range(100000) : nonsensitive(sensitive(local.text))]`,
	})...)
	for i := range rows {
		build := rows[i].build
		rows[i].build = func(r *hostileRepo) {
			build(r)
			r.write("text.tf", "locals {\n  text = \""+text+"\"\n}\n")
			r.write("t.tpl", strings.Repeat("x${1}", 2000))
			for i := range 500 {
				r.write(fmt.Sprintf("files/%d/a%d.txt", i%20, i), "x")
			}
		}
	}
	// a number of 33 million digits, wherever one is written out
	for name, text := range map[string]string{
		"an argument":   "resource \"aws_db_instance\" \"b\" {\n  backup_retention_period = 3E33330330\n  identifier = -3E33330330\n  storage_encrypted = 3E33330330\n}\n",
		"an index":      "locals {\n  m = { a = 1 }\n}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = local.m[3E33330330]\n  identifier = aws_db_instance.b[3E33330330].id\n}\nmoved {\n  from = aws_db_instance.a[3E33330330]\n  to = aws_db_instance.b\n}\n",
		"a text":        "locals {\n  s = \"3E33330330\"\n}\nresource \"aws_db_instance\" \"b\" {\n  identifier = \"x${local.s + 1}${-local.s}${local.s * local.s}\"\n  storage_encrypted = { a = true }[local.s - 1]\n}\n",
		"a key":         "resource \"aws_db_instance\" \"b\" {\n  for_each = { 3E33330330 = false }\n  storage_encrypted = each.value\n  tags = { 3E33330330 = 3E33330330 }\n}\n",
		"a product":     "resource \"aws_db_instance\" \"b\" {\n  identifier = \"x${" + strings.TrimSuffix(strings.Repeat("1e900*", 4000), "*") + "}\"\n  storage_encrypted = length(\"${1e900 / 1e-900 / 1e-900 / 1e-900 / 1e-900 / 1e-900}\") > 3\n}\n",
		"a document":    "resource \"aws_iam_policy\" \"p\" {\n  policy = \"{\\\"Version\\\":3E33330330,\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":3E33330330,\\\"Resource\\\":3E33330330,\\\"Sid\\\":3E33330330}]}\"\n}\nresource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = \"[{\\\"name\\\":3E33330330,\\\"image\\\":3E33330330}]\"\n}\n",
		"a data source": "data \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = [\"{\\\"Version\\\":3E33330330,\\\"Statement\\\":[{\\\"Sid\\\":3E33330330,\\\"Action\\\":3E33330330}]}\", \"3E33330330\"]\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n",
		"a template":    "locals {\n  t = templatestring(\"$${3 * 3}$${\\\"3E33330330\\\" + 1}\", {})\n}\nresource \"aws_db_instance\" \"b\" {\n  identifier = local.t\n}\n",
	} {
		rows = append(rows, hostileRow{
			name: "a number of 33 million digits in " + name, exit: answered,
			build: func(r *hostileRepo) { r.write("bomb.tf", text) },
		})
	}
	rows = append(rows, hostileRow{name: "a number of 33 million digits in the JSON syntax", exit: exitIncomplete, build: func(r *hostileRepo) {
		r.write("a.tf.json", `{"resource":{"aws_db_instance":{"b":{"backup_retention_period":3E33330330,"tags":{"a":3E33330330},"identifier":"x${3E33330330}"}}}}`)
	}})
	for name, expr := range map[string]string{
		"loops over a list": `${[for i in local.l : [for j in local.l : [for k in local.l : 1]]]}`,
		"a wide number":     `${"x${"3E33330330" + 1}"}`,
		"a wide product":    `${"x${` + strings.TrimSuffix(strings.Repeat("1e900*", 4000), "*") + `}"}`,
		"a large text":      `${[for i in local.l : [for j in local.l : upper("k${i}-${j}")]]}`,
	} {
		text, _ := json.Marshal(map[string]any{
			"locals":   map[string]any{"l": make([]int, 1000), "bomb": expr},
			"resource": map[string]any{"aws_db_instance": map[string]any{"b": map[string]any{"storage_encrypted": "${length(local.bomb) > 0}"}}},
		})
		rows = append(rows, hostileRow{
			name: "in the JSON syntax: " + name, exit: answered, alloc: 2048,
			build: func(r *hostileRepo) { r.write("bomb.tf.json", string(text)) },
		})
	}
	var csv strings.Builder
	csv.WriteString("a,b,c\n")
	for i := range 100_000 {
		fmt.Fprintf(&csv, "%d,x,y\n", i)
	}
	wide := strings.Repeat("a,", 1000) + "a\n" + strings.Repeat(strings.Repeat("1,", 1000)+"1\n", 400)
	laughs := "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for c := 'b'; c <= 'p'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	for _, f := range []struct{ name, file, text, expr string }{
		{"csvdecode of 1 MB", "x.csv", csv.String(), `csvdecode(file("x.csv"))`},
		{"csvdecode of 1000 columns", "x.csv", wide, `csvdecode(file("x.csv"))`},
		{"csvdecode of a wide file in a loop", "x.csv", wide, `[for i in range(200) : csvdecode(file("x.csv"))]`},
		{"yamldecode of billion laughs", "x.yaml", laughs, `yamldecode(file("x.yaml"))`},
		{"yamldecode of 1 MB of lists", "x.yaml", strings.Repeat("- [1, 2, 3, {a: b}]\n", 50_000), `yamldecode(file("x.yaml"))`},
		{"yamldecode of merges", "x.yaml", "a: &a {" + repeat(500, "k%d: 1, ") + "}\n" + repeat(3000, "b%d:\n  <<: *a\n"), `yamldecode(file("x.yaml"))`},
		{"yamldecode nested", "x.yaml", strings.Repeat("[", 100_000), `try(yamldecode(file("x.yaml")), "x")`},
		{"jsondecode of 1 MB of lists", "x.json", "[" + strings.TrimSuffix(strings.Repeat("[1,2,3,{\"a\":[]}],", 50_000), ",") + "]", `jsondecode(file("x.json"))`},
		{"jsondecode of objects of many types", "x.json", "[" + strings.TrimSuffix(repeat(50_000, `{"k%d":1},`), ",") + "]", `tolist(jsondecode(file("x.json")))`},
		{"jsondecode nested", "x.json", strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), `try(jsondecode(file("x.json")), "x")`},
		{"templatefile with loops in loops", "x.tpl", strings.Repeat("%{for a in range(100)}", 8) + "x" + strings.Repeat("%{endfor}", 8), `templatefile("x.tpl", {})`},
		{"templatefile nested", "x.tpl", strings.Repeat("${\"", 50_000) + strings.Repeat("\"}", 50_000), `try(templatefile("x.tpl", {}), "x")`},
		{"templatefile with 20000 variables", "x.tpl", "${v1}", `templatefile("x.tpl", { for i in range(20000) : "v${i}" => i })`},
	} {
		rows = append(rows, hostileRow{
			name: f.name, exit: answered, alloc: 4096,
			build: func(r *hostileRepo) {
				r.write(f.file, f.text)
				r.write("bomb.tf", bomb(f.expr))
			},
		})
	}
	return rows
}
