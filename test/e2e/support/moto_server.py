"""moto's server, with the gaps fixed that keep a real stack from applying cleanly. What is deployed stays as it is.

The deployed Terraform is never weakened for the test; each patch below makes moto answer as AWS does:
- IAM users keep their permissions boundary (moto drops it on create, and has no Put/DeleteUserPermissionsBoundary).
- CloudTrail finds a trail by ARN where AWS accepts one (StartLogging, StopLogging, DeleteTrail).
- A domain name of API Gateway has a status and a target for its DNS record, and no empty settings of mutual TLS.

`--with-parent` ends the server when its standard input closes, so that it never outlives the test that started it.
"""

import os
import sys
import threading

from moto.apigatewayv2.models import DomainName
from moto.cloudtrail.models import CloudTrailBackend
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import User
from moto.iam.responses import IamResponse
from moto.server import main


def permissions_boundary(user: User):
    arn = getattr(user, "permissions_boundary_arn", None)
    return arn and {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}


def create_user(self: IamResponse, create=IamResponse.create_user) -> ActionResult:
    result = create(self)
    self.backend.get_user(self._get_param("UserName")).permissions_boundary_arn = self._get_param("PermissionsBoundary")
    return result


def put_user_permissions_boundary(self: IamResponse) -> ActionResult:
    self.backend.get_user(self._get_param("UserName")).permissions_boundary_arn = self._get_param("PermissionsBoundary")
    return EmptyResult()


def delete_user_permissions_boundary(self: IamResponse) -> ActionResult:
    self.backend.get_user(self._get_param("UserName")).permissions_boundary_arn = None
    return EmptyResult()


def by_name_or_arn(method):
    return lambda self, name: method(self, self.get_trail(name).trail_name)


def domain_name_json(self: DomainName, to_json=DomainName.to_json) -> dict:
    answer = to_json(self)
    target = f"d-{self.domain_name.replace('.', '-')}.execute-api.amazonaws.com"
    answer["domainNameConfigurations"] = [
        {"domainNameStatus": "AVAILABLE", "apiGatewayDomainName": target, "hostedZoneId": "Z0", **configuration}
        for configuration in self.domain_name_configurations
    ]
    if not any((self.mutual_tls_authentication or {}).values()):
        del answer["mutualTlsAuthentication"]
    return answer


DomainName.to_json = domain_name_json
User.permissions_boundary = property(permissions_boundary)
IamResponse.create_user = create_user
IamResponse.put_user_permissions_boundary = put_user_permissions_boundary
IamResponse.delete_user_permissions_boundary = delete_user_permissions_boundary
for action in ("start_logging", "stop_logging", "delete_trail"):
    setattr(CloudTrailBackend, action, by_name_or_arn(getattr(CloudTrailBackend, action)))

if "--with-parent" in sys.argv:
    sys.argv.remove("--with-parent")
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

main(sys.argv[1:])
