# Each makes things that no plan shows.
resource "aws_cloudformation_stack" "roles" {
  name         = "roles"
  capabilities = ["CAPABILITY_NAMED_IAM"]
  template_body = jsonencode({
    Resources = { Role = { Type = "AWS::IAM::Role" } }
  })
}

resource "aws_iam_user" "agent" {
  name = "agent"
}

resource "terraform_data" "more" {
  provisioner "local-exec" {
    command = "aws iam attach-user-policy --user-name agent --policy-arn arn:aws:iam::aws:policy/AdministratorAccess"
  }
}
