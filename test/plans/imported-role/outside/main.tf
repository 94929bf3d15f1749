resource "aws_iam_role" "made_by_hand" {
  name                 = "made-by-hand"
  max_session_duration = 7200
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:root" } }]
  })
}

resource "aws_iam_role_policy_attachment" "by_hand" {
  role       = aws_iam_role.made_by_hand.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
