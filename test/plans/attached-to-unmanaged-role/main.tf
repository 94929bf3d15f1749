# The role and the policy are made elsewhere.
resource "aws_iam_role_policy_attachment" "elsewhere" {
  role       = "made-elsewhere"
  policy_arn = "arn:aws:iam::123456789012:policy/made-elsewhere-too"
}

resource "aws_iam_role_policy" "elsewhere" {
  name = "more"
  role = "made-elsewhere"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }]
  })
}
