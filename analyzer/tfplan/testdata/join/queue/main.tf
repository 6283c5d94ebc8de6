variable "name" {
  type = string
}

variable "key" {
  type = string
}

resource "aws_sqs_queue" "this" {
  name              = var.name
  kms_master_key_id = var.key
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Principal = "*", Resource = aws_sqs_queue.this.arn }] })
}
