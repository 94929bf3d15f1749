resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "worker" {
  name   = "worker"
  role   = aws_iam_role.worker.name
  policy = <<-JSON
    {
      "Statement": [
        { "Effect": "Allow", "Resource": "arn:aws:s3:::jobs/*", "Action": "s3:GetObject" },
        {
          "Effect": "Allow",
          "Action": ["sqs:ReceiveMessage", "sqs:SendMessage"],
          "Resource": "arn:aws:sqs:us-east-1:123456789012:jobs"
        }
      ],
      "Version": "2012-10-17"
    }
  JSON
}
