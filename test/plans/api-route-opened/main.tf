resource "aws_apigatewayv2_api" "broker" {
  name          = "broker"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "request" {
  api_id             = aws_apigatewayv2_api.broker.id
  route_key          = "POST /leases"
  authorization_type = "NONE"
}
