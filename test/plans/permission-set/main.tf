locals {
  instance = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
}

resource "aws_ssoadmin_permission_set" "engineer" {
  name             = "engineer"
  instance_arn     = local.instance
  session_duration = "PT8H"
}

resource "aws_ssoadmin_managed_policy_attachment" "engineer" {
  instance_arn       = local.instance
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
  permission_set_arn = aws_ssoadmin_permission_set.engineer.arn
}

resource "aws_ssoadmin_permission_set_inline_policy" "engineer" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.engineer.arn
  inline_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "iam:*", Resource = "*" }]
  })
}

resource "aws_ssoadmin_account_assignment" "engineer" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.engineer.arn
  principal_id       = "11111111-2222-3333-4444-555555555555"
  principal_type     = "GROUP"
  target_id          = "123456789012"
  target_type        = "AWS_ACCOUNT"
}
