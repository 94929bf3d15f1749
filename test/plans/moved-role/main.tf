resource "aws_iam_role" "new" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "new" {
  name = "upload"
  role = aws_iam_role.new.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::hermes-dev-deploy/*" }]
  })
}

moved {
  from = aws_iam_role.old
  to   = aws_iam_role.new
}

moved {
  from = aws_iam_role_policy.old
  to   = aws_iam_role_policy.new
}
