# Nothing here exists yet; the default key policy of AWS is no policy of ours.
resource "aws_kms_key" "plain" {
  description = "AWS gives it its default policy"
}

resource "aws_sqs_queue" "plain" {
  name = "plain"
}

resource "aws_secretsmanager_secret" "plain" {
  name = "plain"
}

resource "aws_sqs_queue" "open" {
  name = "open"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sns_topic" "open" {
  name_prefix = "open-"
}

resource "aws_sns_topic_policy" "open" {
  arn = aws_sns_topic.open.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }]
  })
}
