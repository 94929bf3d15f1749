locals {
  teams = ["blue", "red"]
}

resource "aws_iam_role" "team" {
  for_each = toset(local.teams)
  name     = "team-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "team" {
  for_each = aws_iam_role.team
  name     = "own"
  role     = each.value.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::team-${each.key}/*" }]
  })
}
