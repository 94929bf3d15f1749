"""Calls AWS with boto3 and nothing but its environment, and prints what came of each call as one line of JSON."""

import io
import json
import socket
import sys
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

bucket = sys.argv[1]

# Python asks the system's resolver, and not every system resolves the names below localhost.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **options: resolve(
    "127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **options
)
results = {}


def attempt(name, call, **arguments):
    try:
        results[name] = call(**arguments) or "ok"
    except ClientError as error:
        results[name] = f'{error.response["Error"]["Code"]} {error.response["ResponseMetadata"]["HTTPStatusCode"]}'


def client(service, **config):
    return boto3.client(service, config=Config(retries={"total_max_attempts": 1}, **config))


def get(client, key):
    return client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def put(client, **arguments):
    client.put_object(Bucket=bucket, **arguments)


def presigned(s3):
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "1.4.2/signed"}, ExpiresIn=60)
    request = urllib.request.Request(url, data=b"by link", method="PUT", headers={"Content-Type": "text/plain"})
    urllib.request.urlopen(request).read()
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "1.4.2/signed"}, ExpiresIn=60)
    return urllib.request.urlopen(url).read().decode()


def multipart(s3):
    small = TransferConfig(multipart_threshold=6_000_000, multipart_chunksize=6_000_000)
    s3.upload_fileobj(io.BytesIO(b"x" * 14_000_000), bucket, "1.4.2/parts", Config=small)
    return len(s3.get_object(Bucket=bucket, Key="1.4.2/parts")["Body"].read())


def large(s3):
    s3.put_object(Bucket=bucket, Key="1.4.2/large", Body=io.BytesIO(b"y" * 20_000_000))
    return len(s3.get_object(Bucket=bucket, Key="1.4.2/large")["Body"].read())


path = client("s3", s3={"addressing_style": "path"})
virtual = boto3.client(
    "s3",
    endpoint_url=path.meta.endpoint_url.replace("127.0.0.1", "localhost"),
    config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "virtual"}),
)
attempt("put", put, client=path, Key="1.4.2/a b+ü!'().js", Body=b"hello", CacheControl="no-cache")
attempt("get", get, client=path, key="1.4.2/a b+ü!'().js")
attempt("outside", put, client=path, Key="1.4.3/app.js", Body=b"hello")
attempt("virtual", get, client=virtual, key="1.4.2/a b+ü!'().js")
attempt("presigned", presigned, s3=path)
attempt("multipart", multipart, s3=path)
attempt("large", large, s3=path)
attempt("dynamodb", client("dynamodb").get_item, TableName="t", Key={"id": {"S": "1"}})
attempt("sts", client("sts").get_session_token)
attempt("iam", client("iam").list_users)
results["key"] = boto3.Session().get_credentials().access_key
print(json.dumps(results))
