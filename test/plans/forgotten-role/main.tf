removed {
  from = aws_iam_role.worker
  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_iam_role_policy_attachment.admin
  lifecycle {
    destroy = false
  }
}
