"""Calls that AWS would allow an administrator, some of each service, and what came of one of them."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

KEY = {"id": {"S": "1"}}
TABLE = {
    "TableName": "t-{door}",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
IN = {"Bucket": "b-{door}", "Key": "a/b c+%ü.txt"}
TOPIC = "arn:aws:sns:{region}:123456789012:s-{door}"
QUEUE = {"QueueUrl": "{url}/123456789012/q-{door}"}
GROUP = {"logGroupName": "/g/{door}"}
STREAM = {**GROUP, "logStreamName": "s"}
ITEM = {"TableName": "t-{door}", "Item": {**KEY, "n": {"N": "1"}}}

# `{door}` keeps what is made by one way from what is made by another; the resources that a call needs are made before.
CALLS = [
    ("s3", "create_bucket", {"Bucket": "b-{door}", "CreateBucketConfiguration": {"LocationConstraint": "{region}"}}),
    ("s3", "list_buckets", {}),
    ("s3", "head_bucket", {"Bucket": "b-{door}"}),
    ("s3", "get_bucket_location", {"Bucket": "b-{door}"}),
    ("s3", "put_bucket_versioning", {"Bucket": "b-{door}", "VersioningConfiguration": {"Status": "Enabled"}}),
    ("s3", "put_object", {**IN, "Body": b"hello", "Metadata": {"x": "y"}}),
    ("s3", "head_object", IN),
    ("s3", "get_object", {**IN, "Range": "bytes=0-1"}),
    ("s3", "put_object_tagging", {**IN, "Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}),
    ("s3", "get_object_tagging", IN),
    ("s3", "get_object_attributes", {**IN, "ObjectAttributes": ["ETag", "ObjectSize"]}),
    ("s3", "list_objects", {"Bucket": "b-{door}"}),
    ("s3", "list_objects_v2", {"Bucket": "b-{door}", "Prefix": "a/"}),
    ("s3", "list_object_versions", {"Bucket": "b-{door}"}),
    ("s3", "copy_object", {"Bucket": "b-{door}", "Key": "copy", "CopySource": "b-{door}/a/b c+%ü.txt"}),
    ("s3", "create_multipart_upload", {"Bucket": "b-{door}", "Key": "parts"}),
    ("s3", "delete_object", {"Bucket": "b-{door}", "Key": "copy"}),
    ("s3", "delete_objects", {"Bucket": "b-{door}", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}}),
    ("dynamodb", "create_table", TABLE),
    ("dynamodb", "describe_table", {"TableName": "t-{door}"}),
    ("dynamodb", "list_tables", {}),
    ("dynamodb", "put_item", ITEM),
    ("dynamodb", "get_item", {"TableName": "t-{door}", "Key": KEY}),
    ("dynamodb", "update_item", {"TableName": "t-{door}", "Key": KEY, "UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "2"}}}),
    ("dynamodb", "query", {"TableName": "t-{door}", "KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": "1"}}}),
    ("dynamodb", "scan", {"TableName": "t-{door}"}),
    ("dynamodb", "batch_get_item", {"RequestItems": {"t-{door}": {"Keys": [KEY]}}}),
    ("dynamodb", "batch_write_item", {"RequestItems": {"t-{door}": [{"PutRequest": {"Item": KEY}}]}}),
    ("dynamodb", "transact_write_items", {"TransactItems": [{"Put": ITEM}]}),
    ("dynamodb", "transact_get_items", {"TransactItems": [{"Get": {"TableName": "t-{door}", "Key": KEY}}]}),
    ("dynamodb", "execute_statement", {"Statement": "SELECT * FROM \"t-{door}\" WHERE id = '1'"}),
    ("dynamodb", "delete_item", {"TableName": "t-{door}", "Key": KEY}),
    ("ec2", "describe_instances", {}),
    ("ec2", "describe_vpcs", {}),
    ("ec2", "describe_subnets", {}),
    ("ec2", "describe_security_groups", {}),
    ("ec2", "describe_volumes", {}),
    ("sqs", "create_queue", {"QueueName": "q-{door}"}),
    ("sqs", "list_queues", {}),
    ("sqs", "get_queue_url", {"QueueName": "q-{door}"}),
    ("sqs", "send_message", {**QUEUE, "MessageBody": "héllo"}),
    ("sqs", "send_message_batch", {**QUEUE, "Entries": [{"Id": "1", "MessageBody": "x"}]}),
    ("sqs", "receive_message", QUEUE),
    ("sqs", "get_queue_attributes", {**QUEUE, "AttributeNames": ["All"]}),
    ("sqs", "purge_queue", QUEUE),
    ("sns", "create_topic", {"Name": "s-{door}"}),
    ("sns", "list_topics", {}),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}),
    ("sns", "publish_batch", {"TopicArn": TOPIC, "PublishBatchRequestEntries": [{"Id": "1", "Message": "x"}]}),
    ("sns", "get_topic_attributes", {"TopicArn": TOPIC}),
    ("ssm", "put_parameter", {"Name": "/p/{door}", "Value": "v", "Type": "String"}),
    ("ssm", "get_parameter", {"Name": "/p/{door}"}),
    ("ssm", "get_parameters", {"Names": ["/p/{door}"]}),
    ("ssm", "get_parameters_by_path", {"Path": "/p/"}),
    ("ssm", "describe_parameters", {}),
    ("secretsmanager", "create_secret", {"Name": "s-{door}", "SecretString": "x"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "s-{door}"}),
    ("secretsmanager", "describe_secret", {"SecretId": "s-{door}"}),
    ("secretsmanager", "put_secret_value", {"SecretId": "s-{door}", "SecretString": "y"}),
    ("secretsmanager", "list_secrets", {}),
    ("logs", "create_log_group", GROUP),
    ("logs", "create_log_stream", STREAM),
    ("logs", "put_log_events", {**STREAM, "logEvents": [{"timestamp": 1, "message": "x"}]}),
    ("logs", "get_log_events", STREAM),
    ("logs", "filter_log_events", GROUP),
    ("logs", "describe_log_streams", GROUP),
    ("logs", "describe_log_groups", {}),
    ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1.0}]}),
    ("cloudwatch", "list_metrics", {}),
    ("cloudwatch", "get_metric_data", {"MetricDataQueries": [], "StartTime": 0, "EndTime": 60}),
    ("cloudwatch", "describe_alarms", {}),
    ("kms", "list_keys", {}),
    ("kms", "list_aliases", {}),
    ("kms", "generate_random", {"NumberOfBytes": 8}),
    ("lambda", "list_functions", {}),
    ("rds", "describe_db_instances", {}),
    ("rds", "describe_db_clusters", {}),
]

# The server behind says no, and the sandbox hands that on.
REFUSED_BEHIND = [
    ("s3", "get_object", {"Bucket": "b-{door}", "Key": "none"}),
    ("dynamodb", "get_item", {"TableName": "none", "Key": KEY}),
    ("lambda", "get_function", {"FunctionName": "none"}),
    ("sqs", "get_queue_url", {"QueueName": "none"}),
    ("rds", "describe_db_instances", {"DBInstanceIdentifier": "none"}),
]


def filled(value, words):
    if isinstance(value, str):
        for name, word in words.items():
            value = value.replace("{" + name + "}", word)
        return value
    if isinstance(value, dict):
        return {filled(key, words): filled(item, words) for key, item in value.items()}
    return [filled(item, words) for item in value] if isinstance(value, list) else value


def outcome(call, door, url, region, keys):
    """Names of what is in the answer, or the error's code."""
    service, method, arguments = call
    client = boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    words = {"door": door, "url": url, "region": region}
    try:
        answer = getattr(client, method)(**filled(arguments, words))
        return sorted(key for key in answer if key != "ResponseMetadata")
    except ClientError as error:
        return error.response["Error"]["Code"]
