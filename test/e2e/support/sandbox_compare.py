"""Makes the same calls of a server directly and through the sandbox, and prints where the answers differ."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

plan = json.load(sys.stdin)
config = Config(retries={"total_max_attempts": 1})


def client(service, door):
    keys = plan["keys"] if door == "sandbox" else {"AccessKeyId": "testing", "SecretAccessKey": "testing"}
    return boto3.client(
        service,
        endpoint_url=plan[door],
        region_name=plan["region"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        config=config,
    )


KEY = {"id": {"S": "1"}}
TABLE = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
CALLS = [
    ("s3", "create_bucket", {"Bucket": "b-{door}", "CreateBucketConfiguration": {"LocationConstraint": plan["region"]}}),
    ("s3", "put_object", {"Bucket": "b-{door}", "Key": "a/b c+%ü.txt", "Body": b"hello", "Metadata": {"x": "y"}}),
    ("s3", "head_object", {"Bucket": "b-{door}", "Key": "a/b c+%ü.txt"}),
    ("s3", "get_object", {"Bucket": "b-{door}", "Key": "a/b c+%ü.txt", "Range": "bytes=0-1"}),
    ("s3", "list_objects_v2", {"Bucket": "b-{door}", "Prefix": "a/"}),
    ("s3", "copy_object", {"Bucket": "b-{door}", "Key": "copy", "CopySource": "b-{door}/a/b c+%ü.txt"}),
    ("s3", "get_object", {"Bucket": "b-{door}", "Key": "none"}),
    ("s3", "delete_object", {"Bucket": "b-{door}", "Key": "copy"}),
    ("dynamodb", "create_table", {**TABLE, "TableName": "t-{door}"}),
    ("dynamodb", "put_item", {"TableName": "t-{door}", "Item": {**KEY, "n": {"N": "1"}}}),
    ("dynamodb", "get_item", {"TableName": "t-{door}", "Key": KEY}),
    ("dynamodb", "query", {"TableName": "t-{door}", "KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": "1"}}}),
    ("dynamodb", "batch_get_item", {"RequestItems": {"t-{door}": {"Keys": [KEY]}}}),
    ("dynamodb", "get_item", {"TableName": "none", "Key": KEY}),
    ("ec2", "describe_instances", {}),
    ("ec2", "describe_vpcs", {}),
    ("sqs", "create_queue", {"QueueName": "q-{door}"}),
    ("sqs", "list_queues", {}),
    ("sns", "create_topic", {"Name": "s-{door}"}),
    ("sns", "list_topics", {}),
    ("ssm", "put_parameter", {"Name": "/p/{door}", "Value": "v", "Type": "String"}),
    ("ssm", "get_parameter", {"Name": "/p/{door}"}),
    ("secretsmanager", "create_secret", {"Name": "s-{door}", "SecretString": "x"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "s-{door}"}),
    ("logs", "create_log_group", {"logGroupName": "/g/{door}"}),
    ("logs", "describe_log_groups", {}),
    ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1.0}]}),
    ("cloudwatch", "list_metrics", {}),
    ("kms", "list_keys", {}),
    ("lambda", "list_functions", {}),
    ("rds", "describe_db_instances", {}),
]


def filled(value, door):
    if isinstance(value, str):
        return value.replace("{door}", door)
    if isinstance(value, dict):
        return {filled(key, door): filled(item, door) for key, item in value.items()}
    return [filled(item, door) for item in value] if isinstance(value, list) else value


def outcome(service, method, arguments, door):
    try:
        answer = getattr(client(service, door), method)(**filled(arguments, door))
        return sorted(key for key in answer if key != "ResponseMetadata")
    except ClientError as error:
        return error.response["Error"]["Code"]


different = []
for service, method, arguments in CALLS:
    direct, through = (outcome(service, method, arguments, door) for door in ("moto", "sandbox"))
    if direct != through:
        different.append({"call": f"{service}.{method}", "direct": direct, "through": through})
print(json.dumps({"calls": len(CALLS), "different": different}))
