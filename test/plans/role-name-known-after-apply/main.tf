# Nothing but a reference says which role gets which policy.
resource "aws_iam_policy" "read" {
  name_prefix = "read-"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ec2:DescribeInstances", Resource = "*" }]
  })
}

resource "aws_iam_role" "reader" {
  count       = 2
  name_prefix = "reader-${count.index}-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "read" {
  count      = 2
  role       = aws_iam_role.reader[count.index].name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role_policy" "first" {
  name = "only-the-first"
  role = aws_iam_role.reader[0].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }]
  })
}
