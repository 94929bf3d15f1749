resource "aws_s3_bucket" "trail" {
  bucket = "hermes-trail"
}

resource "aws_cloudwatch_event_rule" "policies" {
  name          = "policies"
  event_pattern = jsonencode({ source = ["aws.iam"] })
  state         = "DISABLED"
}

resource "aws_cloudwatch_log_group" "broker" {
  name              = "broker"
  retention_in_days = 7
}
