"""Makes the same calls of a server directly and through the sandbox, and prints where the answers differ."""

import json
import sys

from sandbox_calls import CALLS, REFUSED_BEHIND, outcome

plan = json.load(sys.stdin)
DOORS = {"moto": {"AccessKeyId": "testing", "SecretAccessKey": "testing"}, "sandbox": plan["keys"]}

different = []
refused = 0
for call in CALLS + REFUSED_BEHIND:
    direct, through = (outcome(call, door, plan[door], plan["region"], keys) for door, keys in DOORS.items())
    refused += isinstance(through, str)
    if direct != through:
        different.append({"call": ".".join(call[:2]), "direct": direct, "through": through})
print(json.dumps({"calls": len(CALLS), "refused": refused, "different": different}))
