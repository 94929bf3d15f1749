variable "role_name" {
  type = string
}

resource "aws_iam_role_policy" "this" {
  name = "queue"
  role = var.role_name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "arn:aws:sqs:us-east-1:123456789012:jobs" }]
  })
}
