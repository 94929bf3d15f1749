# Which of the two gets the policy stands in an expression that no plan shows.
variable "production" {
  type    = bool
  default = false
}

resource "aws_iam_role" "development" {
  name_prefix = "development-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "production" {
  name_prefix = "production-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "all" {
  name = "all"
  role = var.production ? aws_iam_role.production.name : aws_iam_role.development.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}
