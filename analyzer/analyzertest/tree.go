package analyzertest

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing/fstest"
)

// Tree returns a configuration whose root calls each of n modules once; every module
// is a small service of eleven resources. Benchmarks measure on it.
func Tree(n int) fs.FS {
	files := fstest.MapFS{}
	var root strings.Builder
	root.WriteString("provider \"aws\" {\n  region = \"eu-west-1\"\n}\n\nresource \"aws_kms_key\" \"main\" {\n  enable_key_rotation = true\n}\n")
	for i := range n {
		fmt.Fprintf(&root, "\nmodule \"service%d\" {\n  source  = \"./modules/service%d\"\n  name    = \"service%d\"\n  encrypt = %t\n  kms_key = aws_kms_key.main.arn\n  cidrs   = [\"10.%d.0.0/16\"]\n}\n", i, i, i, i%3 != 0, i%250)
		files[path.Join("modules", fmt.Sprintf("service%d", i), "main.tf")] = &fstest.MapFile{Data: []byte(serviceModule)}
	}
	files["main.tf"] = &fstest.MapFile{Data: []byte(root.String())}
	return files
}

const serviceModule = `
variable "name" { type = string }
variable "encrypt" {
  type    = bool
  default = true
}
variable "kms_key" { type = string }
variable "cidrs" { type = list(string) }
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  tags = merge(var.tags, { Name = var.name, Service = format("%s-%s", var.name, "shop") })
  logs = { for kind in ["access", "audit"] : kind => "${var.name}-${kind}" }
}

resource "aws_s3_bucket" "logs" {
  for_each = local.logs
  bucket   = each.value
  tags     = local.tags
}

resource "aws_s3_bucket_public_access_block" "logs" {
  for_each                = aws_s3_bucket.logs
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = var.encrypt
}

resource "aws_db_instance" "main" {
  identifier              = var.name
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.t4g.medium"
  allocated_storage       = 100
  storage_encrypted       = var.encrypt
  kms_key_id              = var.encrypt ? var.kms_key : null
  backup_retention_period = 14
  deletion_protection     = true
  vpc_security_group_ids  = [aws_security_group.db.id]
  tags                    = local.tags
}

resource "aws_security_group" "db" {
  name        = "${var.name}-db"
  description = "Database of ${var.name}"
  dynamic "ingress" {
    for_each = var.cidrs
    content {
      description = "PostgreSQL"
      from_port   = 5432
      to_port     = 5432
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
  tags = local.tags
}

resource "aws_iam_role" "app" {
  name = "${var.name}-app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for b in aws_s3_bucket.logs : "${b.arn}/*"]
  }
}

resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.app.json
}

resource "aws_sqs_queue" "jobs" {
  name                    = "${var.name}-jobs"
  sqs_managed_sse_enabled = true
  tags                    = local.tags
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/app/${var.name}"
  retention_in_days = 365
  kms_key_id        = var.kms_key
}

output "endpoint" {
  value = aws_db_instance.main.endpoint
}

output "queue" {
  value = coalesce(aws_sqs_queue.jobs.url, "none")
}
`

// Nested returns a configuration of nested modules: the root calls chains of deepest
// modules each, n in all, and every module has equally many resources. Values are
// passed down each chain as inputs and up again as outputs.
func Nested(n, resources int) fs.FS {
	const deepest = 30
	files := fstest.MapFS{}
	var root strings.Builder
	for chain := range (n + deepest - 1) / deepest {
		dir := fmt.Sprintf("chain%d", chain)
		fmt.Fprintf(&root, "module %q {\n  source = \"./%s/m0\"\n  names = [%q]\n  settings = { encrypt = true, days = %d }\n}\n", dir, dir, dir, chain)
		last := min(deepest, n-chain*deepest) - 1
		for level := range last + 1 {
			files[fmt.Sprintf("%s/m%d/main.tf", dir, level)] = &fstest.MapFile{Data: []byte(nestedModule(level, last, resources))}
		}
	}
	files["main.tf"] = &fstest.MapFile{Data: []byte(root.String())}
	return files
}

func nestedModule(level, last, resources int) string {
	var b strings.Builder
	b.WriteString(nestedHead)
	if level < last {
		fmt.Fprintf(&b, "module \"next\" {\n  source = \"../m%d\"\n  names = concat(var.names, [\"m%d\"])\n  settings = merge(var.settings, { level = %d })\n}\n", level+1, level, level)
	}
	fmt.Fprintf(&b, "resource \"aws_sqs_queue\" \"q\" {\n  count = %d\n  name = \"${local.name}-${count.index}\"\n  sqs_managed_sse_enabled = var.settings.encrypt\n  tags = local.tags\n}\n", resources)
	b.WriteString("output \"arns\" {\n  value = concat(aws_sqs_queue.q[*].arn, ")
	if level < last {
		b.WriteString("slice(module.next.arns, 0, 1)")
	} else {
		b.WriteString("[]")
	}
	b.WriteString(")\n}\n")
	return b.String()
}

const nestedHead = `
variable "names" { type = list(string) }
variable "settings" {
  type = object({ encrypt = bool, days = number, level = optional(number, 0) })
}
locals {
  name = join("-", slice(var.names, 0, min(3, length(var.names))))
  tags = { for i, n in slice(var.names, 0, 1) : "name${i}" => n }
}
`
