"""Speaks to the sandbox with boto3, and prints what came of each call as one line of JSON."""

import io
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

plan = json.load(sys.stdin)
config = Config(retries={"total_max_attempts": 1})
results = []


def client(service, keys):
    return boto3.client(
        service,
        endpoint_url=plan["url"],
        region_name=plan["region"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        config=config,
    )


def attempt(call, **arguments):
    try:
        answer = call(**arguments)
        results.append("ok")
        return answer
    except ClientError as error:
        results.append(f'{error.response["Error"]["Code"]} {error.response["ResponseMetadata"]["HTTPStatusCode"]}')
        return None


agent = plan["agent"]
sts = client("sts", agent)
attempt(sts.get_caller_identity)
attempt(sts.assume_role, **{**plan["lease"], "TokenCode": "000000"})
lease = attempt(sts.assume_role, **plan["lease"])["Credentials"]
attempt(sts.assume_role, **plan["lease"])
s3 = client("s3", lease)
attempt(s3.put_object, Bucket=plan["bucket"], Key="1.4.2/a b+ü.js", Body=b"hello")
attempt(s3.put_object, Bucket=plan["bucket"], Key="1.4.1/app.js", Body=b"hello")
attempt(s3.upload_fileobj, Fileobj=io.BytesIO(b"x" * 20_000_000), Bucket=plan["bucket"], Key="1.4.2/big")
attempt(s3.get_object, Bucket=plan["bucket"], Key="1.4.2/a b+ü.js")
attempt(s3.delete_object, Bucket=plan["bucket"], Key="1.4.2/a b+ü.js")
attempt(s3.list_objects_v2, Bucket=plan["bucket"], Prefix="1.4.2/x")
attempt(s3.list_objects_v2, Bucket=plan["bucket"])
attempt(client("dynamodb", lease).get_item, TableName="t", Key={"id": {"S": "1"}})
attempt(client("ec2", lease).describe_instances)
attempt(client("sqs", lease).list_queues)
attempt(client("iam", agent).create_user, UserName="x")
attempt(client("sts", {**agent, "SecretAccessKey": "wrong"}).get_caller_identity)
attempt(client("s3", {**agent, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}).list_buckets)
print(json.dumps(results))
