//go:build hostile

package main

import (
	"fmt"
	"strings"
)

// longRows are names and texts of a megabyte in each place from which reports read
// names. Repeated by 1,000 instances with many findings each they would be
// gigabytes.
func longRows() []hostileRow {
	long := strings.Repeat("a", 1_000_000)
	database := func(more, value string) string {
		return "resource \"aws_db_instance\" \"b\" {\n  count = 1000\n" + more + "  storage_encrypted = " + value + "\n}\n"
	}
	rows := []hostileRow{
		{name: "the name of a resource", exit: exitIncomplete},
		{name: "the type of a resource", exit: exitIncomplete},
		{name: "the name of a module call", exit: exitIncomplete},
		{name: "the name of a variable", exit: exitIncomplete},
		{name: "the name of a local", exit: exitIncomplete},
		{name: "the alias of a provider", exit: exitIncomplete},
		{name: "a label of many pieces", exit: exitIncomplete},
		{name: "a name in JSON syntax", exit: exitIncomplete},
		{name: "instance keys", exit: exitGaps},
		{name: "a key that is read", exit: exitIncomplete},
		{name: "a key that is written", exit: exitIncomplete},
		{name: "the id of a statement", exit: answered},
		{name: "the name of a container", exit: answered},
		{name: "a value that decides", exit: exitGaps},
		{name: "the reason of a suppression", exit: answered},
		{name: "the source of a module", exit: answered},
	}
	text := map[string]string{
		"the name of a resource":    "resource \"aws_db_instance\" \"" + long + "\" {\n  count = 1000\n  storage_encrypted = false\n}\n",
		"the type of a resource":    "resource \"aws_" + long + "\" \"b\" {\n  count = 1000\n}\n" + database("", "false"),
		"the name of a module call": "module \"" + long + "\" {\n  source = \"./m\"\n  count  = 1000\n}\n",
		"the name of a variable":    "variable \"" + long + "\" {}\n" + database("", "var."+long),
		"the name of a local":       "locals {\n  " + long + " = false\n  b = local." + long + "\n}\n" + database("", "local.b"),
		"the alias of a provider":   "provider \"aws\" {\n  alias = \"x\"\n}\n" + database("  provider = aws."+long+"\n", "false"),
		"a label of many pieces":    "resource \"aws_db_instance\" \"" + strings.Repeat(long[:900]+`\n`, 1000) + "\" {\n  count = 1000\n}\n",
		"instance keys": "locals {\n  a = join(\"\", [for i in range(1000) : \"" + long[:100] + "\"])\n}\n" +
			"resource \"aws_db_instance\" \"b\" {\n  for_each = { for i in range(1000) : \"${local.a}${i}\" => i }\n  storage_encrypted = false\n}\n",
		"a key that is read":    "locals {\n  m = { \"" + long + "\" = false }\n}\n" + database("", "local.m[\""+long+"\"]"),
		"a key that is written": "resource \"aws_lambda_function\" \"f\" {\n  count = 1000\n  environment {\n    variables = { \"PASSWORD_" + long + "\" = \"AKIAIOSFODNN7EXAMPLE\" }\n  }\n}\n",
		"the id of a statement": "resource \"aws_iam_policy\" \"p\" {\n  count = 1000\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Sid = \"" + long +
			"\", Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })\n}\n",
		"the name of a container": "resource \"aws_ecs_task_definition\" \"t\" {\n  count  = 1000\n  family = \"x\"\n  container_definitions = jsonencode([{ name = \"" + long +
			"\", image = \"x\", privileged = true }])\n}\n",
		"a value that decides":        database("  engine = \""+long+"\"\n  engine_version = \""+long+"\"\n", "false"),
		"the reason of a suppression": "# demarc:ignore aws-rds-storage-encrypted reason=\"" + long + "\"\n" + database("", "false"),
		"the source of a module":      "module \"m\" {\n  source = \"git::https://example.com/" + long + "\"\n  count  = 1000\n}\n",
	}
	for i := range rows {
		row := &rows[i]
		name, src := "bomb.tf", text[row.name]
		if row.name == "a name in JSON syntax" {
			name, src = "bomb.tf.json", fmt.Sprintf(`{"resource": {"aws_db_instance": {%q: {"count": 1000}}}}`, long)
		}
		row.name = "a megabyte: " + row.name
		row.format, row.alloc, row.work = true, 4096, 45
		row.build = func(r *hostileRepo) {
			r.write(name, src)
			r.write("m/main.tf", "resource \"aws_db_instance\" \"b\" {\n  storage_encrypted = false\n}\n")
		}
	}
	return append(rows, hostileRow{name: "a megabyte: the name of an environment", alone: true, exit: exitUsage, says: []string{"a text of more than 4096 bytes"}, build: func(r *hostileRepo) {
		r.write(".demarc.hcl", "environment \""+long+"\" {\n}\n")
		r.write("main.tf", withGap)
	}})
}
