data "aws_iam_role" "worker" {
  name = "worker"
}

data "aws_iam_policy" "shared" {
  name = "shared"
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role_policy_attachment" "shared" {
  role       = data.aws_iam_role.worker.name
  policy_arn = data.aws_iam_policy.shared.arn
}
