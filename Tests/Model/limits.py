"""What is wrong with a call in itself, whatever the log holds: it leaves the log untouched."""

from __future__ import annotations

from facts import NAMES_OF_FACTS
from values import WRONG_PARAMETERS, Params, Refusal

SOURCES = ["timer", "message", "assignment", "cron", "manual", "recovery", "event"]
REQUIRED = ("session", "agent", "provider", "source")
OPTIONAL = ("reason", "scope", "workspace", "forceFresh", "keep", "resume", "fingerprint",
            "transcript", "transcripts", "resumable", "lease", "host", "epoch", "payload", "trace")
NAMES = ("session", "agent", "provider", "resume", "host")
MOST_BYTES = 1024
FIRST_MILLISECOND = 100_000_000_000


def validate(method: str, params: Params) -> None:
    """Refuses a call that no state of the log could make right."""
    at = params.get("at")
    if isinstance(at, int) and at < FIRST_MILLISECOND:
        raise Refusal(WRONG_PARAMETERS)
    if method == "finish" and not any(name in params for name in NAMES_OF_FACTS):
        raise Refusal(WRONG_PARAMETERS)
    if method == "wake":
        validate_wake(params)


def validate_wake(params: Params) -> None:
    known = REQUIRED + OPTIONAL + ("at", "key")
    if any(name not in known for name in params) or any(name not in params for name in REQUIRED):
        raise Refusal(WRONG_PARAMETERS)
    if params["source"] not in SOURCES or type(params.get("forceFresh", False)) is not bool:
        raise Refusal(WRONG_PARAMETERS)
    for name in NAMES:
        if params.get(name) == "":
            raise Refusal(WRONG_PARAMETERS)
        if len(str(params.get(name, "")).encode()) > MOST_BYTES:
            raise Refusal("tooLarge")
