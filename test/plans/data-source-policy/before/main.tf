data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "objects" {
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::hermes-dev-deploy/releases/*"]
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "objects" {
  name   = "objects"
  policy = data.aws_iam_policy_document.objects.json
}

resource "aws_iam_role_policy_attachment" "objects" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.objects.arn
}
