module "worker" {
  source = "./worker"
}

moved {
  from = aws_iam_role.worker
  to   = module.worker.aws_iam_role.this
}

moved {
  from = aws_iam_role_policy_attachment.logs
  to   = module.worker.aws_iam_role_policy_attachment.logs
}
