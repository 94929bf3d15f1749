resource "aws_s3_bucket" "builds" {
  bucket_prefix = "builds-"
}

data "aws_iam_policy_document" "builds" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.builds.arn}/*"]
  }
}

resource "aws_iam_user" "builder" {
  name = "builder"
}

resource "aws_iam_user_policy" "builds" {
  name   = "builds"
  user   = aws_iam_user.builder.name
  policy = data.aws_iam_policy_document.builds.json
}
