import {
  to = aws_iam_role.adopted
  id = "made-by-hand"
}

resource "aws_iam_role" "adopted" {
  name                 = "made-by-hand"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:root" } }]
  })
}
