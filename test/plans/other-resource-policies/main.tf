locals {
  anybody = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
  })
}

resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}

resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  policy         = local.anybody
}

resource "aws_opensearch_domain_policy" "logs" {
  domain_name     = "logs"
  access_policies = local.anybody
}

resource "aws_backup_vault_policy" "vault" {
  backup_vault_name = "vault"
  policy            = local.anybody
}

resource "aws_efs_file_system_policy" "home" {
  file_system_id = "fs-12345678"
  policy         = local.anybody
}

resource "aws_glacier_vault" "archive" {
  name          = "archive"
  access_policy = local.anybody
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-12345678"
  service_name = "com.amazonaws.us-east-1.s3"
  policy       = local.anybody
}

resource "aws_cloudwatch_log_resource_policy" "dns" {
  policy_name     = "dns"
  policy_document = local.anybody
}
