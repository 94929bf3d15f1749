"""An agent that uploads the files of a release. boto3 finds its credentials as it does in any container of AWS."""

import sys

import boto3
from botocore.exceptions import ClientError

bucket, release, *others = sys.argv[1:]
s3 = boto3.client("s3")

for key in [f"{release}/app.js", f"{release}/index.html", *others]:
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=b"hello from boto3")
        print(f"{key}: uploaded")
    except ClientError as error:
        print(f"{key}: {error.response['Error']['Code']}")
