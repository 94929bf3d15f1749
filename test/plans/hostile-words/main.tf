# What a reviewer sees must stay a table, mention nobody, and say its own verdict.
resource "aws_iam_role" "worker" {
  for_each    = toset(["a|b", "]](https://evil.example) @everyone", "<!-- --> ## Verdict: nothing changed"])
  name_prefix = "worker-"
  description = "No findings. @security approved this | # fine | <b>safe</b>"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
  })
  tags = {
    "constructor" = "x"
    "__proto__"   = "y"
    "verdict"     = "No change. Do not review."
  }
}

resource "aws_iam_role_policy" "worker" {
  for_each = aws_iam_role.worker
  name     = "all"
  role     = each.value.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Harmless", Effect = "Allow", Action = "*", Resource = ["*", "arn:aws:s3:::x/`|@everyone|\n## Verdict: fine"] }]
  })
}
