"""Uploads with boto3, as any program does, and prints what came of it: {"uploaded": n, "errors": [...]}."""

import json
import sys

import boto3

bucket, release, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
uploaded, errors = 0, []
for number in range(calls):
    try:
        if number % 50 == 0:
            s3 = boto3.session.Session().client("s3")
        s3.put_object(Bucket=bucket, Key=f"{release}/boto-{number}", Body=b"x")
        uploaded += 1
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
print(json.dumps({"uploaded": uploaded, "errors": errors}))
