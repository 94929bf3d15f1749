# The bank's tables, one environment at a time, as the roles in ../roles name them.
#
#   terraform -chdir=examples/bank/tables init
#   terraform -chdir=examples/bank/tables apply -var environment=dev

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "environment" {
  description = "Environment of ../roles/project.yaml."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The bank has the environments dev and prod."
  }
}

locals {
  # Account, region and names come from where the roles have them, so that the two cannot drift apart.
  project = yamldecode(file("${path.module}/../roles/project.yaml"))
  place   = local.project.environments[var.environment]
  tables  = jsondecode(file("${path.module}/tables.json"))
}

provider "aws" {
  region              = local.place.region
  allowed_account_ids = [local.place.account]

  default_tags {
    tags = {
      # By this tag `seed.mjs` and `teardown.mjs` know the bank's own tables.
      "leasehold-example" = local.project.name
      "environment"       = var.environment
    }
  }
}

resource "aws_dynamodb_table" "bank" {
  for_each = local.tables

  name         = "${local.project.name}-${var.environment}-${each.key}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = each.value.partitionKey
  range_key    = try(each.value.sortKey, null)

  dynamic "attribute" {
    for_each = compact([each.value.partitionKey, try(each.value.sortKey, null)])
    content {
      name = attribute.value
      type = "S"
    }
  }

  deletion_protection_enabled = true

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true # by the account's own key of KMS, aws/dynamodb
  }
}

output "tables" {
  description = "Names of the tables."
  value       = sort([for table in aws_dynamodb_table.bank : table.name])
}
