"""Events that the benchmark and a training put into ledgers."""

import base64
import json

START = {"topic": "deploy.initiated", "actor": "octocat", "run": {"id": 1, "attempt": 1}, "state": {"from": "IDLE", "to": "SIMULATING"}}


def event(number):
    """An event as `ledger import` takes it; its nonce is the base64 of its number."""
    nonce = base64.b64encode(number.to_bytes(16, "big")).decode()
    payload = {"commit": f"{number:040x}", "environment": "production", "targets": ["netlify:site/1f2e3d4c?context=production"]}
    return json.dumps({**START, "deploy_key": f"dk_{number:026}", "payload": payload, "nonce": nonce})
