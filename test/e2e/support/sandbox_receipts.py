"""Makes calls of a sandbox with no server behind it, and prints those that boto3 takes for failures."""

import json
import sys

from sandbox_calls import CALLS, outcome

plan = json.load(sys.stdin)
failed = {}
for call in CALLS:
    try:
        came = outcome(call, "sandbox", plan["sandbox"], plan["region"], plan["keys"])
    except Exception as error:  # boto3 could not read the answer
        came = repr(error)
    if isinstance(came, str):
        failed[".".join(call[:2])] = came
print(json.dumps({"calls": len(CALLS), "failed": failed}))
