resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = aws_s3_bucket.trail.id
  enable_logging = false
}

resource "aws_s3_bucket" "trail" {
  bucket = "hermes-trail"
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "security@example.com"
}

resource "aws_cloudwatch_event_rule" "policies" {
  name          = "policies"
  event_pattern = jsonencode({ source = ["aws.iam"] })
}

resource "aws_cloudwatch_event_target" "policies" {
  rule = aws_cloudwatch_event_rule.policies.name
  arn  = aws_sns_topic.alerts.arn
}

resource "aws_cloudwatch_log_group" "broker" {
  name              = "broker"
  retention_in_days = 400
}

resource "aws_cloudwatch_metric_alarm" "denials" {
  alarm_name          = "denials"
  namespace           = "hermes"
  metric_name         = "denials"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 1
  period              = 60
  statistic           = "Sum"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}
