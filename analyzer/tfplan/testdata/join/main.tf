variable "volumes" {
  type    = map(number)
  default = { "/dev/sdg" = 20, "/dev/sdf" = 10 }
}

variable "names" {
  type = set(string)
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  key = aws_kms_key.main.arn
}

resource "aws_kms_key" "main" {
  enable_key_rotation = true
}

resource "aws_instance" "app" {
  ami           = "ami-12345678"
  instance_type = "t3.micro"

  dynamic "ebs_block_device" {
    for_each = var.volumes
    content {
      device_name = ebs_block_device.key
      volume_size = ebs_block_device.value
      kms_key_id  = local.key
    }
  }
}

resource "aws_security_group" "app" {
  name = "app"

  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.lb.id]
  }

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16", "10.0.0.0/16"]
  }
}

resource "aws_security_group" "lb" {
  name = "lb"
}

data "aws_iam_policy_document" "bucket" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.main.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket" "main" {
  bucket_prefix = "main-"
}

resource "aws_s3_bucket_policy" "main" {
  bucket = aws_s3_bucket.main.id
  policy = data.aws_iam_policy_document.bucket.json
}

module "queue" {
  source   = "./queue"
  for_each = var.names

  name = each.key
  key  = local.key
}
