"""How attempts end: the facts that the fuzzer tells, and the failure that each stands for.

The engine's classifier is not modelled. These few facts are unambiguous in the protocol or in the
acceptance tables, and `check` asks `wakelog classify` whether it reads them as they are meant here.
"""

from __future__ import annotations

import json
import subprocess
from typing import Dict, List, Optional, Tuple

from state import Failure
from values import Json, Params

FAMILIES = {
    "session": ["unknownSession", "missingTranscript", "poisonedSession", "contextOverflow",
                "wrongWorkspace", "sessionInUse"],
    "infrastructure": ["timeout", "processLost", "interrupted", "network", "serverError",
                       "overloaded", "rateLimited", "emptyResponse"],
    "configuration": ["authentication", "modelNotFound", "invalidRequest", "misconfigured"],
    "agent": ["agentError"],
    "operator": ["cancelled"],
    "unknown": ["unclassified"],
}
FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}

UNKNOWN = "No conversation found with session ID: "
IN_USE = "Error: Session ID x is already in use.\n"
TOO_LONG = "prompt is too long: 211000 tokens > 200000 maximum"
POISONED = "API Error: 400 due to tool use concurrency issues.\n"
OPTION = "Error: --session-id cannot be used with --continue or --resume.\n"

STATUSES = {429: "rateLimited", 401: "authentication", 529: "overloaded", 500: "serverError",
            400: "invalidRequest"}

# What a failed attempt without turns tells, and its kind.
FAILURES: List[Tuple[Params, str]] = [
    ({"exitCode": 1, "stderr": UNKNOWN + "x"}, "unknownSession"),
    ({"exitCode": 1, "stderr": IN_USE}, "sessionInUse"),
    ({"exitCode": 1, "stderr": TOO_LONG}, "contextOverflow"),
    ({"exitCode": 1, "stdout": POISONED}, "poisonedSession"),
    ({"exitCode": 1, "stderr": OPTION}, "misconfigured"),
    ({"exitCode": 1, "status": 429, "message": "Too many requests"}, "rateLimited"),
    ({"exitCode": 1, "status": 401, "message": "Unauthorized"}, "authentication"),
    ({"exitCode": 1, "status": 529, "message": "Overloaded"}, "overloaded"),
    ({"exitCode": 1, "status": 400}, "invalidRequest"),
    ({"exitCode": 1, "errorCode": "ECONNRESET"}, "network"),
    ({"outcome": "timedOut"}, "timeout"),
    ({"signal": 11, "exitCode": 139}, "processLost"),
    ({"signal": 9}, "processLost"),
    ({"exitCode": 143}, "interrupted"),
    ({"outcome": "cancelled"}, "cancelled"),
    ({"outcome": "interrupted"}, "interrupted"),
    ({"exitCode": 1, "message": "boom"}, "unclassified"),
    ({"outcome": "failed"}, "unclassified"),
    ({"exitCode": 0, "stderr": UNKNOWN + "x"}, "unknownSession"),
    ({"exitCode": 0}, "emptyResponse"),
]
NAMES_OF_FACTS = ("outcome", "exitCode", "signal", "stdout", "stderr", "message", "status",
                  "errorCode", "sessionId", "turns")


def session_kind(params: Params) -> Optional[str]:
    text = " ".join(str(params.get(name, "")) for name in ("stdout", "stderr", "message"))
    for sign, kind in ((UNKNOWN, "unknownSession"), (IN_USE, "sessionInUse"),
                       (TOO_LONG, "contextOverflow"), (POISONED, "poisonedSession")):
        if sign in text:
            return kind
    return None


def judge(params: Params, is_resuming: bool, took_turns: bool) -> Tuple[str, Optional[Failure]]:
    """The outcome of an attempt and why it failed. Meant for the facts above alone."""
    outcome, kind = _judge(params, is_resuming, took_turns)
    return outcome, Failure(kind, FAMILY_OF[kind]) if kind else None


def _judge(params: Params, is_resuming: bool, took_turns: bool) -> Tuple[str, Optional[str]]:
    said, code = params.get("outcome"), params.get("exitCode")
    of_session = session_kind(params)
    if took_turns and of_session in ("unknownSession", "sessionInUse"):
        of_session = None
    if is_resuming and code == 0 and not took_turns:
        if of_session:
            return "failed", of_session
        has_output = any(params.get(name) for name in ("stdout", "stderr", "message"))
        if params.get("turns") == 0 and not has_output:
            return "failed", "emptyResponse"
    if said == "cancelled":
        return "cancelled", "cancelled"
    if said == "interrupted":
        return "interrupted", "interrupted"
    if said == "timedOut":
        return "timedOut", "timeout"
    failed = said == "failed" or (said is None and bool(
        code or "signal" in params or "status" in params or "errorCode" in params
        or (code is None and ("message" in params or of_session))))
    if not failed:
        return "succeeded", None
    if code == 143:
        return "interrupted", "interrupted"
    if "signal" in params:
        return "failed", "processLost"
    if of_session:
        return "failed", of_session
    if OPTION in str(params.get("stderr", "")):
        return "failed", "misconfigured"
    if params.get("status") in STATUSES:
        return "failed", STATUSES[params["status"]]
    if params.get("errorCode") == "ECONNRESET":
        return "failed", "network"
    return "failed", "agentError" if took_turns else "unclassified"


def check(wakelog: str) -> None:
    """Asserts that the engine's classifier reads each fact as it is meant here."""
    rows: List[Dict[str, Json]] = []
    for number, (facts, kind) in enumerate(FAILURES):
        rows.append({"id": str(number), "provider": "claude", "turns": 0, **facts})
    told = subprocess.run(
        [wakelog, "classify"], input="".join(json.dumps(row) + "\n" for row in rows),
        capture_output=True, text=True, check=True).stdout
    for row, line in zip(FAILURES, told.splitlines()):
        kind = json.loads(line)["kind"]
        assert kind == row[1], f"{row[0]} is {kind} to the engine, and {row[1]} to the model"
