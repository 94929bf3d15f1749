resource "aws_kms_key" "data" {
  description = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Account", Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" },
      { Sid = "Partner", Effect = "Allow", Principal = { AWS = "999988887777" }, Action = ["kms:Decrypt", "kms:CreateGrant"], Resource = "*" },
    ]
  })
}

resource "aws_kms_grant" "session" {
  name              = "session"
  key_id            = aws_kms_key.data.key_id
  grantee_principal = "arn:aws:iam::123456789012:role/worker"
  operations        = ["Decrypt"]
}
