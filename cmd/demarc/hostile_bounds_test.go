//go:build hostile

package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// repeat writes n lines of a format, each with its number.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// bomb returns a resource whose verdict depends on an expression.
func bomb(expr string) string {
	return "locals {\n  bomb = " + expr + "\n}\nresource \"aws_db_instance\" \"bomb\" {\n  storage_encrypted = length(local.bomb) > 0\n}\n"
}

// bombs are rows of one expression each, in a separate file.
func bombs(prefix string, expressions map[string]string) []hostileRow {
	var rows []hostileRow
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		expr := expressions[name]
		rows = append(rows, hostileRow{
			name:  prefix + " " + name,
			build: func(r *hostileRepo) { r.write("bomb.tf", bomb(expr)) },
			exit:  answered, alloc: 4096,
			hides: []string{"an expression in error"}, // which would be no bomb
		})
	}
	return rows
}

// boundRows are inputs that cost disproportionate time or memory.
func boundRows() []hostileRow {
	rows := []hostileRow{
		{name: "module calls, two a level, 20 levels", build: func(r *hostileRepo) { r.fan(20, 2) }, exit: exitIncomplete, alloc: 4096},
		{name: "module calls, two a level, 38 levels", build: func(r *hostileRepo) { r.fan(38, 2) }, exit: exitIncomplete, alloc: 4096},
		{name: "module calls, ten a level, 6 levels", build: func(r *hostileRepo) { r.fan(6, 10) }, exit: answered, alloc: 4096},
		{name: "module calls with a count of 100 each, 8 levels", build: func(r *hostileRepo) { r.fanCount(8, 100) }, exit: exitIncomplete, alloc: 4096},
		{name: "module outputs, each twice the one below", build: func(r *hostileRepo) { r.doublingModules(30) }, exit: answered, alloc: 4096},
		{name: "count 2000, 100 times", build: func(r *hostileRepo) {
			r.write("bomb.tf", repeat(100, "resource \"aws_db_instance\" \"b%d\" {\n  count = 2000\n  storage_encrypted = true\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "count 200000", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_db_instance\" \"b\" {\n  count = 200000\n  storage_encrypted = true\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "for_each over 100000", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_db_instance\" \"b\" {\n  for_each = { for i in range(100000) : \"k${i}\" => i }\n  storage_encrypted = true\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "count 3000 with an open gap each", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_db_instance\" \"b\" {\n  count = 3000\n  storage_encrypted = false\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "50000 nested blocks", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_security_group\" \"b\" {\n"+repeat(50000, "  ingress {\n    from_port   = %d\n    to_port     = %d\n    protocol    = \"tcp\"\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n")+"}\n")
		}, exit: answered, alloc: 4096},
		{name: "dynamic over 9000", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_security_group\" \"b\" {\n  dynamic \"ingress\" {\n    for_each = range(9000)\n    content {\n      from_port   = ingress.value\n      to_port     = ingress.value\n      protocol    = \"tcp\"\n      cidr_blocks = [\"10.0.0.0/8\"]\n    }\n  }\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "dynamic over 200000", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_security_group\" \"b\" {\n  dynamic \"ingress\" {\n    for_each = range(200000)\n    content {\n      from_port   = 22\n      to_port     = 22\n      protocol    = \"tcp\"\n      cidr_blocks = [\"0.0.0.0/0\"]\n    }\n  }\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "dynamic in dynamic in dynamic", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_wafv2_web_acl\" \"b\" {\n  dynamic \"rule\" {\n    for_each = range(300)\n    content {\n      name = \"r${rule.value}\"\n      dynamic \"statement\" {\n        for_each = range(300)\n        content {\n          dynamic \"not_statement\" {\n            for_each = range(300)\n            content {}\n          }\n        }\n      }\n    }\n  }\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "1000 rules of a network ACL", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_network_acl\" \"b\" {\n  vpc_id = \"vpc-1\"\n}\n"+repeat(1000, "resource \"aws_network_acl_rule\" \"r%d\" {\n  network_acl_id = aws_network_acl.b.id\n  rule_number    = %d\n  egress         = false\n  protocol       = \"tcp\"\n  rule_action    = \"allow\"\n  cidr_block     = \"0.0.0.0/0\"\n  from_port      = 22\n  to_port        = 22\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "1000 rules of a network ACL in blocks", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_network_acl\" \"b\" {\n  vpc_id = \"vpc-1\"\n"+repeat(1000, "  ingress {\n    rule_no    = %d\n    protocol   = \"tcp\"\n    action     = \"allow\"\n    cidr_block = \"0.0.0.0/0\"\n    from_port  = 22\n    to_port    = 22\n  }\n")+"}\n")
		}, exit: answered, alloc: 4096},
		{name: "3000 variables of a Lambda function from a loop", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_lambda_function\" \"b\" {\n  function_name = \"b\"\n  role = \"arn:aws:iam::111122223333:role/r\"\n  environment {\n    variables = { for i in range(3000) : \"PASSWORD_${i}\" => \"AKIAIOSFODNN7EXAMPL${i % 10}\" }\n  }\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "a heredoc of 600 KB of short lines", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_instance\" \"b\" {\n  ami = \"ami-1\"\n  user_data = <<-EOT\n"+strings.Repeat("a\n", 300_000)+"EOT\n}\n")
		}, exit: answered, alloc: 2048},
		{name: "a heredoc of 600 KB with templates", build: func(r *hostileRepo) {
			r.write("bomb.tf", "locals {\n  a = 1\n}\nresource \"aws_instance\" \"b\" {\n  ami = \"ami-1\"\n  user_data = <<-EOT\n"+strings.Repeat("  ${local.a}\n", 50_000)+"EOT\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "JSON syntax on one line with 10000 resources", build: func(r *hostileRepo) {
			r.write("bomb.tf.json", `{"resource":{"aws_db_instance":{`+strings.TrimSuffix(repeat(10_000, `"b%d":{"storage_encrypted":false},`), ",")+`}}}`)
		}, exit: answered, alloc: 4096},
		{name: "10000 resources on one line each with a gap", build: func(r *hostileRepo) {
			r.write("bomb.tf", repeat(10_000, "resource \"aws_db_instance\" \"b%d\" {storage_encrypted = false}\n"))
		}, exit: answered, alloc: 4096},
		{name: "20 roots with a bomb each", build: func(r *hostileRepo) {
			for i := range 20 {
				r.write(fmt.Sprintf("root%d/bomb.tf", i), bomb("distinct([for i in range(200000) : \"k${i}\"])"))
			}
		}, exit: answered, alloc: 4096, work: 21},
		{name: "20 roots that call modules of two a level", build: func(r *hostileRepo) {
			r.fan(19, 2)
			for i := range 20 {
				r.write(fmt.Sprintf("root%d/main.tf", i), "module \"m\" {\n  source = \"../m1\"\n}\n")
			}
		}, exit: exitIncomplete, alloc: 4096, work: 21},
		{name: "one root in 50 environments with a bomb", build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(50, "environment \"e%d\" {\n  roots = [\"app\"]\n}\n"))
			r.write("app/bomb.tf", bomb("distinct([for i in range(200000) : \"k${i}\"])"))
		}, exit: answered, alloc: 4096, work: 21},
		{name: "2000 resources read one value that is costly to trace", build: func(r *hostileRepo) {
			r.write("bomb.tf", "locals {\n  all = { for i in range(2000) : \"k${i}\" => i > 5000 }\n}\nresource \"aws_db_instance\" \"b\" {\n  for_each = local.all\n  storage_encrypted = each.value\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "3000 locals, each of all before it", build: func(r *hostileRepo) {
			var b strings.Builder
			b.WriteString("locals {\n  l0 = [1]\n")
			for i := 1; i < 3000; i++ {
				fmt.Fprintf(&b, "  l%d = concat(local.l%d, [%d])\n", i, i-1, i)
			}
			b.WriteString("}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = length(local.l2999) > 0\n}\n")
			r.write("bomb.tf", b.String())
		}, exit: answered, alloc: 4096},
		{name: "a chain of 20000 locals", build: func(r *hostileRepo) {
			var b strings.Builder
			b.WriteString("locals {\n  l0 = true\n")
			for i := 1; i < 20000; i++ {
				fmt.Fprintf(&b, "  l%d = local.l%d\n", i, i-1)
			}
			b.WriteString("}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = local.l19999\n}\n")
			r.write("bomb.tf", b.String())
		}, exit: answered, alloc: 2048},
		{name: "billion laughs of locals", build: func(r *hostileRepo) {
			var b strings.Builder
			b.WriteString("locals {\n  l0 = [\"lol\"]\n")
			for i := 1; i < 40; i++ {
				fmt.Fprintf(&b, "  l%d = [%s]\n", i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("local.l%d, ", i-1), 10), ", "))
			}
			b.WriteString("}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = length(flatten(local.l39)) > 0\n  tags = { a = jsonencode(local.l39) }\n}\n")
			r.write("bomb.tf", b.String())
		}, exit: exitIncomplete, alloc: 4096},
		{name: "circles of locals, variables, outputs and modules", build: func(r *hostileRepo) {
			r.write("main.tf", "locals {\n  a = local.b\n  b = module.m.o\n}\nmodule \"m\" {\n  source = \"./m\"\n  i = local.a\n}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = local.a\n}\n")
			r.write("m/main.tf", "variable \"i\" {}\noutput \"o\" {\n  value = var.i\n}\n")
		}, exit: answered, says: []string{"depends on itself"}},
		{name: "modules that call each other", build: func(r *hostileRepo) {
			r.write("a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n")
			r.write("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n")
			r.write("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n")
		}, exit: answered, says: []string{"calls itself"}},
		{name: "templatefile that includes itself", build: func(r *hostileRepo) {
			r.write("t.tpl", "${templatefile(\"t.tpl\", {})}")
			r.write("bomb.tf", bomb(`templatefile("t.tpl", {})`))
		}, exit: answered},
		{name: "templatefile that includes others, 20 levels of ten", build: func(r *hostileRepo) {
			for i := range 20 {
				r.write(fmt.Sprintf("t%d.tpl", i), strings.Repeat(fmt.Sprintf("${templatefile(\"t%d.tpl\", {})}", i+1), 10))
			}
			r.write("t20.tpl", strings.Repeat("lol", 100))
			r.write("bomb.tf", bomb(`templatefile("t0.tpl", {})`))
		}, exit: answered, alloc: 4096},
		{name: "10000 modules in one directory's calls", build: func(r *hostileRepo) {
			r.write("m/main.tf", "variable \"on\" {}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = var.on\n}\n")
			r.write("main.tf", repeat(10_000, "module \"m%d\" {\n  source = \"./m\"\n  on = true\n}\n"))
		}, exit: answered, alloc: 4096, work: 21},
		{name: "many policy statements", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_iam_policy\" \"b\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [for i in range(5000) : { Effect = \"Allow\", Action = [for j in range(20) : \"s${j}:*\"], Resource = \"*\" }] })\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "patterns of policies that backtrack", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_iam_policy\" \"b\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [for i in range(500) : { Effect = \"Allow\", Action = \""+strings.Repeat("*a", 2000)+"\", Resource = \""+strings.Repeat("*?", 2000)+"\" }] })\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "policy documents that use each other as sources", build: func(r *hostileRepo) {
			var b strings.Builder
			b.WriteString("data \"aws_iam_policy_document\" \"d0\" {\n  statement {\n    actions = [\"s3:*\"]\n    resources = [\"*\"]\n  }\n}\n")
			for i := 1; i < 30; i++ {
				fmt.Fprintf(&b, "data \"aws_iam_policy_document\" \"d%d\" {\n  source_policy_documents = [for i in range(10) : data.aws_iam_policy_document.d%d.json]\n}\n", i, i-1)
			}
			b.WriteString("resource \"aws_iam_policy\" \"b\" {\n  policy = data.aws_iam_policy_document.d29.json\n}\n")
			r.write("bomb.tf", b.String())
		}, exit: answered, alloc: 4096},
		{name: "a security group that 3000 others refer to", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_security_group\" \"b\" {\n  name = \"b\"\n}\n"+repeat(3000, "resource \"aws_security_group_rule\" \"r%d\" {\n  security_group_id = aws_security_group.b.id\n  type = \"ingress\"\n  from_port = 22\n  to_port = 22\n  protocol = \"tcp\"\n  cidr_blocks = [\"0.0.0.0/0\"]\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "2000 buckets and 2000 access blocks that cannot be told apart", build: func(r *hostileRepo) {
			r.write("bomb.tf", "variable \"x\" {}\n"+repeat(2000, "resource \"aws_s3_bucket\" \"b%d\" {\n  bucket = var.x\n}\nresource \"aws_s3_bucket_public_access_block\" \"p%d\" {\n  bucket = var.x\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "100000 lines of mistakes", build: func(r *hostileRepo) {
			r.write("bomb.tf", strings.Repeat("= = =\n", 100_000))
		}, exit: exitIncomplete, alloc: 1024},
		{name: "100000 variables without a value", build: func(r *hostileRepo) {
			r.write("bomb.tf", repeat(100_000, "variable \"v%d\" {}\n"))
		}, exit: answered, alloc: 4096},
		{name: "100000 outputs", build: func(r *hostileRepo) {
			r.write("bomb.tf", repeat(100_000, "output \"o%d\" {\n  value = %d\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "50000 providers", build: func(r *hostileRepo) {
			r.write("bomb.tf", repeat(50_000, "provider \"aws\" {\n  alias = \"p%d\"\n  region = \"eu-west-1\"\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "5000 providers for 5000 resources", build: func(r *hostileRepo) {
			r.write("bomb.tf", repeat(5000, "provider \"aws\" {\n  alias = \"p%d\"\n  default_tags {\n    tags = { a = \"b\" }\n  }\n}\nresource \"aws_sqs_queue\" \"q%d\" {\n  provider = aws.p%d\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "50000 moved blocks in a chain", build: func(r *hostileRepo) {
			var b strings.Builder
			for i := range 50_000 {
				fmt.Fprintf(&b, "moved {\n  from = aws_db_instance.b%d\n  to = aws_db_instance.b%d\n}\n", i, i+1)
			}
			b.WriteString("resource \"aws_db_instance\" \"b50000\" {}\n")
			r.write("bomb.tf", b.String())
		}, exit: answered, alloc: 4096},
		{name: "a variable type nested 400 deep with 100 attributes", build: func(r *hostileRepo) {
			r.write("bomb.tf", "variable \"v\" {\n  type = "+strings.Repeat("object({a = string, b = ", 400)+"string"+strings.Repeat("})", 400)+"\n  default = null\n}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = var.v == null\n}\n")
		}, exit: answered, alloc: 1024},
		{name: "a set of objects from a variable file of 100000", build: func(r *hostileRepo) {
			r.write("bomb.tf", "variable \"v\" {\n  type = set(object({ a = string, b = optional(number, 3) }))\n}\nresource \"aws_db_instance\" \"b\" {\n  storage_encrypted = length(var.v) > 0\n}\n")
			r.write("terraform.tfvars", "v = ["+repeat(100_000, "{ a = \"k%d\" },\n")+"]\n")
		}, exit: answered, alloc: 8192},
		{name: "100000 suppression comments", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_db_instance\" \"b\" {\n"+repeat(100_000, "  # demarc:ignore aws-rds-storage-encrypted reason=\"r%d\"\n")+"  storage_encrypted = false\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "100000 comments of other tools", build: func(r *hostileRepo) {
			r.write("bomb.tf", "resource \"aws_db_instance\" \"b\" {\n"+repeat(100_000, "  #checkov:skip=CKV_AWS_16:r%d\n  #tfsec:ignore:AWS0080\n")+"  storage_encrypted = false\n}\n")
		}, exit: answered, alloc: 4096},
		{name: "a configuration file of 2 MB", alone: true, build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(20_000, "suppress \"aws-rds-storage-encrypted\" {\n  resources = [\"*b%d*\"]\n  reason = \"r\"\n}\n"))
		}, exit: exitUsage, says: []string{"larger than 1 MiB"}},
		{name: "5000 suppress blocks", build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(5000, "suppress \"aws-rds-storage-encrypted\" {\n  resources = [\"aws_db_instance.b%d\"]\n  reason = \"r\"\n}\n"))
			r.write("bomb.tf", repeat(5000, "resource \"aws_db_instance\" \"b%d\" {\n  storage_encrypted = false\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "900 patterns for 5000 resources", build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(900, "suppress \"aws-rds-storage-encrypted\" {\n  resources = [\"*b%d*\"]\n  reason = \"r\"\n}\n"))
			r.write("bomb.tf", repeat(5000, "resource \"aws_db_instance\" \"b%d\" {\n  storage_encrypted = false\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "900 owners and attestations for 5000 resources", build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(900, "owner \"o%d\" {\n  services = [\"rds\"]\n  tags = { team = \"o%d\" }\n}\n")+
				repeat(900, "attest \"encrypt-at-rest\" {\n  objectives = [\"encrypt-at-rest\"]\n  resources = [\"aws_db_instance.b%d\"]\n  by = \"b\"\n  evidence = \"https://example.org\"\n  date = \"2026-01-01\"\n  expires = \"2027-01-01\"\n}\n"))
			r.write("bomb.tf", repeat(5000, "resource \"aws_db_instance\" \"b%d\" {\n  storage_encrypted = false\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "10000 patterns", alone: true, build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(10_000, "suppress \"aws-rds-storage-encrypted\" {\n  resources = [\"*b%d*\"]\n  reason = \"r\"\n}\n"))
			r.write("bomb.tf", withGap)
		}, exit: exitUsage, alloc: 512, says: []string{"more than 1000 patterns"}},
		{name: "15000 owners", alone: true, build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(15_000, "owner \"o%d\" {\n  paths = [\"**/*b%d*/**\"]\n}\n"))
			r.write("bomb.tf", withGap)
		}, exit: exitUsage, alloc: 512, says: []string{"more than 1000 blocks of owner"}},
		{name: "4000 attestations", alone: true, build: func(r *hostileRepo) {
			r.write(".demarc.hcl", repeat(4000, "attest \"encrypt-at-rest\" {\n  objectives = [\"encrypt-at-rest\"]\n  resources = [\"*b%d*\"]\n  by = \"b\"\n  evidence = \"https://example.org\"\n  date = \"2026-01-01\"\n  expires = \"2027-01-01\"\n}\n"))
			r.write("bomb.tf", withGap)
		}, exit: exitUsage, alloc: 512, says: []string{"more than 1000"}},
		{name: "globs that backtrack", build: func(r *hostileRepo) {
			r.write(".demarc.hcl", "exclude = ["+repeat(200, "\""+strings.Repeat("**/*a", 30)+"%d\", ")+"]\n"+repeat(200, "suppress \"aws-rds-storage-encrypted\" {\n  resources = [\""+strings.Repeat("*a", 60)+"%d\"]\n  reason = \"r\"\n}\n"))
			deep := strings.Repeat("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", 30)
			r.write(deep+"bomb.tf", repeat(100, "resource \"aws_db_instance\" \""+strings.Repeat("a", 200)+"%d\" {\n  storage_encrypted = false\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "100000 CODEOWNERS rules for 2000 resources", build: func(r *hostileRepo) {
			r.write("CODEOWNERS", repeat(100_000, "/some/dir%d/**/*.tf @team%d\n"))
			for i := range 20 {
				r.write(fmt.Sprintf("root%d/main.tf", i), repeat(100, "resource \"aws_db_instance\" \"b%d\" {\n  storage_encrypted = false\n}\n"))
			}
		}, exit: answered, alloc: 4096},
		{name: "CODEOWNERS patterns that backtrack", build: func(r *hostileRepo) {
			r.write("CODEOWNERS", strings.Repeat(strings.Repeat("*a", 100)+" @team\n", 1000))
			r.write(strings.Repeat("a", 250)+"/main.tf", repeat(100, "resource \"aws_db_instance\" \"b%d\" {\n  storage_encrypted = false\n}\n"))
		}, exit: answered, alloc: 4096},
		{name: "10000 files", build: func(r *hostileRepo) { r.files(10_000) }, exit: answered, alloc: 8192},
		{name: "100000 files", alone: true, build: func(r *hostileRepo) { r.files(100_000) }, exit: exitIncomplete, says: []string{"more than 50000 files"}},
		{name: "100000 files of other kinds", build: func(r *hostileRepo) {
			for i := range 100_000 {
				if i%1000 == 0 {
					r.mkdir(fmt.Sprintf("d%d", i/1000))
				}
				r.must(os.WriteFile(r.path(fmt.Sprintf("d%d/f%d.txt", i/1000, i)), nil, 0o644))
			}
		}, exit: exitGaps, alloc: 1024},
		{name: "10000 roots", build: func(r *hostileRepo) { r.roots(9999) }, exit: answered, alloc: 8192},
		{name: "10000 roots that call a module", build: func(r *hostileRepo) {
			r.write("m/main.tf", "resource \"aws_db_instance\" \"b\" {\n  storage_encrypted = false\n}\n")
			for i := range 9999 {
				r.write(fmt.Sprintf("r%d/main.tf", i), "module \"m\" {\n  source = \"../m\"\n}\n")
			}
		}, exit: answered, alloc: 8192, work: 21},
		{name: "11000 roots", alone: true, build: func(r *hostileRepo) { r.roots(11_000) }, exit: exitIncomplete, says: []string{"more than 10000 root modules"}},
		{name: "modules.json of 100000 entries", build: func(r *hostileRepo) {
			r.write("main.tf", "module \"m0\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n")
			r.write(".terraform/modules/modules.json", `{"Modules":[`+strings.TrimSuffix(repeat(100_000, `{"Key":"m%d","Source":"registry.terraform.io/terraform-aws-modules/vpc/aws","Version":"1.0.0","Dir":".terraform/modules/m%d"},`), ",")+`]}`)
		}, exit: answered, alloc: 1024},
		{name: "a plan with 100000 changes", build: func(r *hostileRepo) {}, args: []string{"scan", "-"}, stdin: hugePlan(100_000), alone: true, exit: answered, alloc: 8192},
		{name: "a plan nested 100000 deep", build: func(r *hostileRepo) {
			r.write("p.json", `{"format_version":"1.2","planned_values":`+strings.Repeat(`{"a":`, 100_000)+"1"+strings.Repeat("}", 100_000)+"}")
		}, args: []string{"scan", "p.json"}, alone: true, exit: exitIncomplete},
		{name: "a plan with one string of 3 GB", build: func(r *hostileRepo) {}, args: []string{"scan", "-"}, stdin: func(w io.Writer) {
			_, _ = io.WriteString(w, `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"outputs":{"o":{"value":"`)
			blocks(w, 3<<30)
			_, _ = io.WriteString(w, `"}}},"resource_changes":[]}`)
		}, alone: true, exit: exitIncomplete, alloc: 1024},
		{name: "a plan that never ends", build: func(r *hostileRepo) {}, args: []string{"scan", "-"}, stdin: func(w io.Writer) {
			_, _ = io.WriteString(w, `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[`)
			for {
				if _, err := io.WriteString(w, strings.Repeat(`{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":["create"],"before":null,"after":{}}},`, 1000)); err != nil {
					return
				}
			}
		}, alone: true, exit: exitIncomplete, alloc: 8192},
		{name: "white space that never ends", build: func(r *hostileRepo) {}, args: []string{"scan", "-"}, stdin: func(w io.Writer) {
			for {
				if _, err := io.WriteString(w, strings.Repeat(" ", 1<<20)); err != nil {
					return
				}
			}
		}, alone: true, exit: exitIncomplete, alloc: 1024},
	}
	for _, name := range []string{"big.tf", "big.tf.json", "big.tofu", "terraform.tfvars", "x.auto.tfvars.json", "main_override.tf", ".terraform/modules/modules.json", ".git/HEAD"} {
		rows = append(rows, hostileRow{
			name: "sparse " + name + " of 3 GB", alloc: 512, exit: exitIncomplete, says: []string{"larger than"},
			build: func(r *hostileRepo) {
				r.write("main.tf", "variable \"v\" {}\nmodule \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n"+withGap)
				r.sparse(name, 3<<30)
			},
		})
	}
	last := &rows[len(rows)-1]
	last.exit, last.says = exitGaps, nil // the file is not read
	rows = append(rows,
		hostileRow{name: "sparse .demarc.hcl of 3 GB", build: func(r *hostileRepo) { r.sparse(".demarc.hcl", 3<<30) }, alone: true, exit: exitUsage, says: []string{"larger than"}},
		hostileRow{name: "sparse CODEOWNERS of 3 GB", build: func(r *hostileRepo) { r.sparse("CODEOWNERS", 3<<30) }, exit: exitGaps, says: []string{"larger than"}},
		hostileRow{name: "sparse plan of 3 GB", build: func(r *hostileRepo) { r.sparse("plan.json", 3<<30) }, args: []string{"scan", "plan.json"}, alone: true, exit: exitIncomplete},
		hostileRow{name: "sparse file of 3 GB that file() reads", build: func(r *hostileRepo) { r.write("bomb.tf", bomb(`file("big")`)); r.sparse("big", 3<<30) }, exit: answered},
		hostileRow{name: "sparse file of 3 GB that filesha256() reads", build: func(r *hostileRepo) { r.write("bomb.tf", bomb(`filesha256("big")`)); r.sparse("big", 3<<30) }, exit: answered},
		hostileRow{name: "10 MB that is hashed 5000 times", build: func(r *hostileRepo) {
			r.write("bomb.tf", bomb(`[for i in range(5000) : filesha512("big")]`))
			r.sparse("big", 10<<20)
		}, exit: answered, alloc: 4096},
		hostileRow{name: "100 files of 30 MB", build: func(r *hostileRepo) {
			for i := range 100 {
				r.write(fmt.Sprintf("f%d.tf", i), "")
				r.sparse(fmt.Sprintf("f%d.tf", i), 30<<20)
			}
		}, exit: exitIncomplete, alloc: 8192},
	)
	return append(rows, expressionRows()...)
}

// files writes n files of one resource each, a thousand in a directory.
func (r *hostileRepo) files(n int) {
	r.t.Helper()
	for i := range n {
		r.write(fmt.Sprintf("d%d/f%d.tf", i/1000, i), fmt.Sprintf("resource \"aws_db_instance\" \"b%d\" {}\n", i))
	}
}

// roots writes n root modules.
func (r *hostileRepo) roots(n int) {
	r.t.Helper()
	for i := range n {
		r.write(fmt.Sprintf("r%d/main.tf", i), "resource \"aws_db_instance\" \"b\" {}\n")
	}
}

// hugePlan returns a plan that creates n databases.
func hugePlan(n int) func(io.Writer) {
	return func(w io.Writer) {
		_, _ = io.WriteString(w, `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{},"resource_changes":[`)
		for i := range n {
			comma := ","
			if i == 0 {
				comma = ""
			}
			_, _ = fmt.Fprintf(w, `%s{"address":"aws_db_instance.b%d","mode":"managed","type":"aws_db_instance","name":"b%d","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{"storage_encrypted":false},"after_unknown":{}}}`, comma, i, i)
		}
		_, _ = io.WriteString(w, `]}`)
	}
}

func blocks(w io.Writer, size int) {
	block := strings.Repeat("a", 1<<20)
	for range size >> 20 {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
	}
}

// fan makes modules that call the next one n times each.
func (r *hostileRepo) fan(levels, n int) {
	for i := range levels {
		dir := fmt.Sprintf("m%d/", i)
		if i == 0 {
			dir = ""
		}
		up := "../"
		if i == 0 {
			up = "./"
		}
		r.write(dir+"main.tf", repeat(n, fmt.Sprintf("module \"c%%d\" {\n  source = \"%sm%d\"\n}\n", up, i+1)))
	}
	r.write(fmt.Sprintf("m%d/main.tf", levels), "resource \"aws_db_instance\" \"b\" {\n  storage_encrypted = true\n}\n")
}

func (r *hostileRepo) fanCount(levels, count int) {
	for i := range levels {
		dir, up := fmt.Sprintf("m%d/", i), "../"
		if i == 0 {
			dir, up = "", "./"
		}
		r.write(dir+"main.tf", fmt.Sprintf("module \"c\" {\n  source = \"%sm%d\"\n  count = %d\n}\n", up, i+1, count))
	}
	r.write(fmt.Sprintf("m%d/main.tf", levels), "resource \"aws_db_instance\" \"b\" {\n  storage_encrypted = true\n}\n")
}

func (r *hostileRepo) doublingModules(levels int) {
	for i := range levels {
		dir, up := fmt.Sprintf("m%d/", i), "../"
		if i == 0 {
			dir, up = "", "./"
		}
		text := fmt.Sprintf("module \"c\" {\n  source = \"%sm%d\"\n}\noutput \"o\" {\n  value = concat(module.c.o, module.c.o)\n}\n", up, i+1)
		if i == 0 {
			text += "resource \"aws_db_instance\" \"b\" {\n  storage_encrypted = length(module.c.o) > 0\n}\n"
		}
		r.write(dir+"main.tf", text)
	}
	r.write(fmt.Sprintf("m%d/main.tf", levels), "output \"o\" {\n  value = [1]\n}\n")
}
