"""What becomes of a run."""

from __future__ import annotations

from typing import List, Optional

from .._objects import Object, value
from .plans import Failure, NextAttempt, Payload, Usage
from .sessions import Session

__all__ = [
    "Attempt",
    "Checked",
    "Fallback",
    "FinishResult",
    "FlushResult",
    "ProgressResult",
    "Run",
]


@value
class ProgressResult(Object):
    """How long the run counts as alive without another sign."""

    lease_until: Optional[str]
    duplicate: Optional[bool]


@value
class Checked(Object):
    """That a fence holds."""

    ok: bool


@value
class FlushResult(Object):
    """Where the next flush begins."""

    cursor: int
    duplicate: Optional[bool]


@value
class FinishResult(Object):
    """What became of an attempt. Unless `settled`, run `next` and finish it with the same fence."""

    run: int
    attempt: int
    #: `succeeded`, `failed`, `timedOut`, `cancelled` or `interrupted`.
    outcome: str
    failure: Optional[Failure]
    settled: bool
    next: Optional[NextAttempt]
    session: Session
    #: Whether a deferred wake waits for `next` of the engine.
    pending: bool
    duplicate: Optional[bool]


@value
class Attempt(Object):
    """One try within a run."""

    attempt: int
    #: `resume` or `fresh`.
    mode: str
    #: The provider session asked for, and the one reported.
    asked: Optional[str]
    reported: Optional[str]
    outcome: Optional[str]
    failure: Optional[Failure]
    usage: Optional[Usage]
    started_at: str
    ended_at: Optional[str]


@value
class Fallback(Object):
    """The step from a failed attempt to the next one."""

    #: The attempt that failed.
    from_: int
    #: The attempt that follows; None where the provider itself began anew.
    to: Optional[int]
    cause: Optional[str]


@value
class Run(Object):
    """One wake carried to its end."""

    run: int
    session: str
    #: None while it is open.
    outcome: Optional[str]
    source: str
    reason: Optional[str]
    host: Optional[str]
    attempts: List[Attempt]
    fallbacks: List[Fallback]
    #: A W3C `traceparent`.
    trace: Optional[str]
    payloads: List[Payload]
