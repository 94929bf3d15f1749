resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "worker" {
  name = "worker"
  role = aws_iam_role.worker.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "A", Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = ["arn:aws:sqs:us-east-1:123456789012:jobs"] },
      { Sid = "B", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::jobs/*"] },
    ]
  })
}
