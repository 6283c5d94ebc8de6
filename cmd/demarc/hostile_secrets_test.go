//go:build hostile

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// secretRows put the canary where it is secret, and pass it everywhere. Every format
// is written, and no output holds it.
func secretRows() []hostileRow {
	const sensitive = "variable \"s\" {\n  type = string\n  sensitive = true\n  default = \"" + canaryText + "\"\n}\n"
	sources := map[string]struct {
		text string
		env  []string
		file map[string]string
	}{
		"a sensitive variable":       {text: sensitive + "locals {\n  s = var.s\n}\n"},
		"the environment":            {text: "variable \"s\" {}\nlocals {\n  s = var.s\n}\n", env: []string{"TF_VAR_s=" + canaryText}},
		"sensitive()":                {text: "locals {\n  s = sensitive(\"" + canaryText + "\")\n}\n"},
		"a sensitive file of values": {text: "variable \"s\" {\n  sensitive = true\n}\nlocals {\n  s = var.s\n}\n", file: map[string]string{"terraform.tfvars": "s = \"" + canaryText + "\"\n"}},
		"an output of a module":      {text: "module \"m\" {\n  source = \"./m\"\n}\nlocals {\n  s = module.m.o\n}\n", file: map[string]string{"m/main.tf": "output \"o\" {\n  value = \"" + canaryText + "\"\n  sensitive = true\n}\n"}},
		"an input of a module":       {text: "module \"m\" {\n  source = \"./m\"\n  i = \"" + canaryText + "\"\n}\nlocals {\n  s = module.m.o\n}\n", file: map[string]string{"m/main.tf": "variable \"i\" {\n  sensitive = true\n}\noutput \"o\" {\n  value = var.i\n  sensitive = true\n}\n"}},
		"an attribute of a resource": {text: "resource \"aws_secretsmanager_secret_version\" \"v\" {\n  secret_id = \"x\"\n  secret_string = \"" + canaryText + "\"\n}\nlocals {\n  s = aws_secretsmanager_secret_version.v.secret_string\n}\n"},
		"a parameter":                {text: "resource \"aws_ssm_parameter\" \"p\" {\n  name = \"x\"\n  type = \"SecureString\"\n  value = \"" + canaryText + "\"\n}\nlocals {\n  s = aws_ssm_parameter.p.value\n}\n"},
		"an ephemeral variable":      {text: "variable \"s\" {\n  ephemeral = true\n  sensitive = true\n  default = \"" + canaryText + "\"\n}\nlocals {\n  s = var.s\n}\n"},
	}
	uses := map[string]string{
		"for_each of a resource":      "resource \"aws_db_instance\" \"u\" {\n  for_each = toset([local.s])\n  identifier = each.value\n  storage_encrypted = false\n}\n",
		"for_each over a map":         "resource \"aws_db_instance\" \"u\" {\n  for_each = { (local.s) = local.s }\n  identifier = each.key\n  storage_encrypted = false\n}\n",
		"for_each of a module":        "module \"u\" {\n  source = \"./u\"\n  for_each = toset([local.s])\n  name = each.key\n}\n",
		"dynamic blocks":              "resource \"aws_security_group\" \"u\" {\n  dynamic \"ingress\" {\n    for_each = toset([local.s])\n    content {\n      from_port = 22\n      to_port = 22\n      protocol = \"tcp\"\n      cidr_blocks = [\"0.0.0.0/0\"]\n      description = ingress.key\n    }\n  }\n}\n",
		"an index":                    "locals {\n  m = { (local.s) = false }\n}\nresource \"aws_db_instance\" \"u\" {\n  storage_encrypted = local.m[local.s]\n}\n",
		"a key of tags":               "resource \"aws_db_instance\" \"u\" {\n  tags = { (local.s) = \"x\", x = local.s }\n  storage_encrypted = false\n}\n",
		"a loop":                      "resource \"aws_db_instance\" \"u\" {\n  for_each = { for k in [local.s] : k => { e = false, n = k } }\n  identifier = each.value.n\n  storage_encrypted = each.value.e\n}\n",
		"split":                       "resource \"aws_db_instance\" \"u\" {\n  for_each = toset(split(\",\", local.s))\n  storage_encrypted = false\n}\n",
		"a statement":                 "resource \"aws_s3_bucket_policy\" \"u\" {\n  bucket = \"b\"\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Sid = local.s, Effect = \"Allow\", Principal = \"*\", Action = \"s3:*\", Resource = \"arn:aws:s3:::${local.s}/*\", Condition = { StringEquals = { (local.s) = local.s } } }] })\n}\n",
		"a policy document":           "data \"aws_iam_policy_document\" \"u\" {\n  statement {\n    sid = local.s\n    actions = [\"*\"]\n    resources = [local.s]\n    principals {\n      type = \"AWS\"\n      identifiers = [\"*\", local.s]\n    }\n  }\n}\nresource \"aws_iam_policy\" \"u\" {\n  policy = data.aws_iam_policy_document.u.json\n}\nresource \"aws_s3_bucket_policy\" \"u\" {\n  bucket = local.s\n  policy = data.aws_iam_policy_document.u.json\n}\n",
		"a container":                 "resource \"aws_ecs_task_definition\" \"u\" {\n  family = \"u\"\n  container_definitions = jsonencode([{ name = local.s, image = \"x\", privileged = true, readonlyRootFilesystem = false, user = \"root\", environment = [{ name = \"PASSWORD\", value = local.s }, { name = local.s, value = \"AKIAIOSFODNN7EXAMPLE\" }] }])\n}\n",
		"the environment of a Lambda": "resource \"aws_lambda_function\" \"u\" {\n  function_name = local.s\n  role = \"r\"\n  environment {\n    variables = { PASSWORD = local.s, (local.s) = \"AKIAIOSFODNN7EXAMPLE\" }\n  }\n}\n",
		"user data":                   "resource \"aws_instance\" \"u\" {\n  ami = \"a\"\n  user_data = \"export PASSWORD=${local.s}\"\n  availability_zone = local.s\n}\n",
		"an ordinary attribute":       "resource \"aws_db_instance\" \"u\" {\n  engine = local.s\n  engine_version = local.s\n  instance_class = local.s\n  identifier = local.s\n  password = local.s\n  storage_encrypted = local.s\n}\n",
		"a number":                    "resource \"aws_db_instance\" \"u\" {\n  backup_retention_period = local.s\n  storage_encrypted = local.s == \"x\"\n  count = local.s\n}\n",
		"the source of a module":      "module \"u\" {\n  source = local.s\n}\nmodule \"v\" {\n  source = \"./${local.s}\"\n}\n",
		"mistakes":                    "resource \"aws_db_instance\" \"u\" {\n  identifier = regex(\"x\", local.s)\n  engine = jsondecode(local.s)\n  storage_encrypted = tobool(local.s)\n  tags = tomap(local.s)\n  name = file(local.s)\n  port = local.m[local.s].x.y\n  kms_key_id = \"${local.s}\".x\n}\nlocals {\n  m = {}\n}\n",
		"a validation":                "variable \"v\" {\n  default = 1\n  validation {\n    condition = local.s == \"x\"\n    error_message = \"not ${local.s}\"\n  }\n}\nresource \"aws_db_instance\" \"u\" {\n  lifecycle {\n    precondition {\n      condition = local.s == \"x\"\n      error_message = local.s\n    }\n  }\n}\n",
		"names of other resources":    "resource \"aws_s3_bucket\" \"u\" {\n  bucket = local.s\n}\nresource \"aws_s3_bucket_policy\" \"u\" {\n  bucket = aws_s3_bucket.u.bucket\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"s3:GetObject\", Resource = aws_s3_bucket.u.arn }] })\n}\n",
		"networks":                    "resource \"aws_security_group_rule\" \"u\" {\n  security_group_id = local.s\n  type = \"ingress\"\n  from_port = 22\n  to_port = 22\n  protocol = \"tcp\"\n  cidr_blocks = [\"0.0.0.0/0\", local.s]\n  description = local.s\n}\n",
		"a listener":                  "resource \"aws_lb_listener\" \"u\" {\n  load_balancer_arn = local.s\n  port = 80\n  protocol = \"HTTP\"\n  ssl_policy = local.s\n  default_action {\n    type = \"forward\"\n    target_group_arn = local.s\n  }\n}\n",
		"a provider":                  "provider \"aws\" {\n  region = local.s\n  access_key = local.s\n  secret_key = local.s\n  default_tags {\n    tags = { (local.s) = local.s }\n  }\n}\nresource \"aws_db_instance\" \"u\" {\n  storage_encrypted = false\n}\n",
		"encoded":                     "resource \"aws_instance\" \"u\" {\n  ami = \"a\"\n  user_data_base64 = base64encode(local.s)\n  tags = { a = upper(local.s), b = strrev(local.s), c = jsonencode([local.s]), d = format(\"%q\", local.s), e = join(\"\", [local.s]), f = substr(local.s, 0, 100) }\n}\n",
	}
	var rows []hostileRow
	for _, what := range slices.Sorted(maps.Keys(sources)) {
		src := sources[what]
		rows = append(rows, hostileRow{
			name: "secret from " + what, exit: answered, env: src.env, format: true, alloc: 512,
			hides: []string{strings.ToUpper(canaryText), "Y2FuYXJ5LTNmOWExY"},
			build: func(r *hostileRepo) {
				for name, text := range src.file {
					r.write(name, text)
				}
				r.write("u/main.tf", "variable \"name\" {}\nresource \"aws_db_instance\" \"u\" {\n  identifier = var.name\n  storage_encrypted = var.name == \"x\"\n}\n")
				r.write("source.tf", src.text)
				for i, use := range slices.Sorted(maps.Keys(uses)) {
					r.write(fmt.Sprintf("use%d.tf", i), strings.ReplaceAll(strings.ReplaceAll(uses[use], "\"u\"", fmt.Sprintf("\"u%d\"", i)), ".u.", fmt.Sprintf(".u%d.", i)))
				}
			},
		})
		// one use at a time: one error may hide another
		for _, use := range slices.Sorted(maps.Keys(uses)) {
			if what != "a sensitive variable" && what != "the environment" && what != "an attribute of a resource" {
				continue
			}
			rows = append(rows, hostileRow{
				name: "secret from " + what + " in " + use, exit: answered, env: src.env, format: true,
				build: func(r *hostileRepo) {
					r.write("u/main.tf", "variable \"name\" {}\nresource \"aws_db_instance\" \"u\" {\n  identifier = var.name\n  storage_encrypted = var.name == \"x\"\n}\n")
					r.write("source.tf", src.text)
					r.write("use.tf", uses[use])
				},
			})
		}
	}
	return append(rows,
		hostileRow{name: "secret neighbours on one line of JSON", exit: answered, format: true, build: func(r *hostileRepo) {
			r.write("x.tf.json", `{"resource":{"aws_db_instance":{"u":{"password":"`+canaryText+`","storage_encrypted":false,"master_password":"`+canaryText+`","publicly_accessible":true}}}}`)
		}},
		hostileRow{name: "secret neighbours on one line of HCL", exit: answered, format: true, build: func(r *hostileRepo) {
			r.write("x.tf", "locals { o = { password = \""+canaryText+"\", on = false, token = \""+canaryText+"\" } }\nresource \"aws_db_instance\" \"u\" { storage_encrypted = local.o.on }\n")
			r.write("y.tf", "resource \"aws_ecs_task_definition\" \"u\" {\n  container_definitions = jsonencode([{ name = \"a\", privileged = true, environment = [{ name = \"DB_PASSWORD\", value = \""+canaryText+"\" }] }])\n}\n")
		}},
		hostileRow{name: "a plan with sensitive values", alone: true, exit: answered, args: []string{"scan", "p.json"}, format: true, build: func(r *hostileRepo) {
			r.write("p.json", `{"format_version":"1.2","terraform_version":"1.11.4","variables":{"s":{"value":"`+canaryText+`"}},"planned_values":{"outputs":{"o":{"sensitive":true,"value":"`+canaryText+`"}}},"resource_changes":[`+
				`{"address":"aws_db_instance.u","mode":"managed","type":"aws_db_instance","name":"u","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["update"],"before":{"engine":"`+canaryText+`","password":"`+canaryText+`","storage_encrypted":false},"after":{"engine":"`+canaryText+`","password":"`+canaryText+`","identifier":"`+canaryText+`","storage_encrypted":false,"tags":{"`+canaryText+`":"x"}},"after_unknown":{},"before_sensitive":{"engine":true,"password":true},"after_sensitive":{"engine":true,"password":true,"identifier":true,"tags":true}}}],`+
				`"configuration":{"root_module":{"variables":{"s":{"sensitive":true,"default":"`+canaryText+`"}},"outputs":{"o":{"sensitive":true,"expression":{"constant_value":"`+canaryText+`"}}},"resources":[{"address":"aws_db_instance.u","mode":"managed","type":"aws_db_instance","name":"u","expressions":{"password":{"constant_value":"`+canaryText+`"},"engine":{"references":["var.s"]}}}]}}}`)
		}},
		hostileRow{name: "a plan on standard input that is no plan", alone: true, exit: exitIncomplete, args: []string{"scan", "-"}, build: func(*hostileRepo) {}, stdin: func(w io.Writer) {
			_, _ = io.WriteString(w, `{"password":"`+canaryText+`"}`)
		}},
		hostileRow{name: "secrets in the configuration file", alone: true, exit: exitUsage, build: func(r *hostileRepo) {
			r.write("main.tf", withGap)
			r.write(".demarc.hcl", "token = \""+strings.ToUpper("not-")+"x\"\nfail_on = file(\"../away/secret.txt\")\n")
		}},
	)
}
