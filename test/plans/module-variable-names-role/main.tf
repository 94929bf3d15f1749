# The module gets the name of a role that is not made yet.
resource "aws_iam_role" "worker" {
  name_prefix = "worker-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

module "permissions" {
  source    = "./permissions"
  role_name = aws_iam_role.worker.name
}
