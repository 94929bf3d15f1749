locals {
  roles = {
    reader = "s3:GetObject"
    writer = "s3:PutObject"
  }
}

module "role" {
  source   = "./role"
  for_each = local.roles
  name     = each.key
  action   = each.value
}

resource "aws_iam_policy" "shared" {
  name_prefix = "shared-"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "shared" {
  for_each   = local.roles
  role       = module.role[each.key].name
  policy_arn = aws_iam_policy.shared.arn
}

resource "aws_iam_role_policy_attachment" "administrator" {
  role       = module.role["writer"].name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
