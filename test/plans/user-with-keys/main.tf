resource "aws_iam_user" "ci" {
  name = "ci"
  path = "/robots/"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

resource "aws_iam_user_login_profile" "ci" {
  user = aws_iam_user.ci.name
}

resource "aws_iam_user_ssh_key" "ci" {
  username   = aws_iam_user.ci.name
  encoding   = "SSH"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFakeFakeFakeFakeFakeFakeFakeFakeFakeFakeFake ci"
}

resource "aws_iam_user_policy_attachment" "power" {
  user       = aws_iam_user.ci.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}
