"""How an attempt is to begin, and what became of a wake."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Union

from .._objects import Object, value

__all__ = [
    "Candidate",
    "Ended",
    "Failure",
    "NextAttempt",
    "Payload",
    "Plan",
    "Reset",
    "Usage",
    "WakeResult",
    "Workspace",
]


@value
class Workspace(Object):
    """Where an agent runs: a path, compared literally, and what kind of place it is."""

    path: str
    #: `project`, `home`, `worktree` or `other`.
    kind: str


@value
class Usage(Object):
    """What an attempt used."""

    input_tokens: Optional[int] = None
    output_tokens: Optional[int] = None
    cost_micros: Optional[int] = None
    #: Of the input tokens, those from a cache.
    cached_tokens: Optional[int] = None
    #: True, or the wire's names of the counts that are of the whole provider session.
    total: Union[bool, List[str], None] = None


@value
class Failure(Object):
    """How an attempt failed."""

    #: `unknownSession`, `timeout`, `rateLimited`, …
    kind: str
    #: `session`, `infrastructure`, `configuration`, `agent`, `operator` or `unknown`.
    family: str
    #: What decided: an entry of the table of failures.
    because: Optional[str]


@value
class Reset(Object):
    """The end of a generation."""

    because: str


@value
class Candidate(Object):
    """An id that was looked at for a plan, and what was found."""

    #: Where it came from: `explicit`, `bound` or `agent`.
    from_: str
    session_id: Optional[str]
    #: `offered`, or why not: `condemned`, `unproven`, `reset`, `workspace`, …
    verdict: str
    because: Optional[str]


@value
class Plan(Object):
    """How an attempt begins."""

    #: `resume` or `fresh`.
    mode: str
    #: The id to resume; None for a fresh session.
    session_id: Optional[str]
    #: Where to run; None when nobody named a place.
    workspace: Optional[Workspace]
    #: What the provider reported with the session.
    params: Optional[Dict[str, Any]]
    generation: int
    #: Why this wake began a new generation; None when it did not.
    reset: Optional[Reset]
    #: Names of the fingerprint that differ and do not reset.
    drift: List[str]
    #: Whether it runs beside a session that somebody else is in.
    beside: bool
    because: str
    considered: List[Candidate]


@value
class NextAttempt(Object):
    """The attempt to make after one that failed."""

    attempt: int
    plan: Plan


@value
class Payload(Object):
    """What a wake asks for."""

    wake: int
    payload: str


@value
class Ended(Object):
    """How a run ended."""

    outcome: str
    #: `resume`, `fresh` or `fallback`.
    via: Optional[str]
    at: str


@value
class WakeResult(Object):
    """What became of a wake. Of `next` without a pending wake only the disposition is there."""

    #: `started`, `refused`, `coalesced`, `deferred` or, of `next`, `none`, `busy`.
    disposition: str
    #: The run: started, open, or waiting.
    run: Optional[int]
    #: The attempt to make; None unless started, as the next two.
    attempt: Optional[int]
    #: The right to write for the run.
    fence: Optional[str]
    plan: Optional[Plan]
    #: Why it was refused: `paused` or `notBefore`.
    because: Optional[str]
    #: The numbers of the wakes that run as one.
    merged: Optional[List[int]]
    #: Whether this is the answer to an earlier call with the same key.
    duplicate: Optional[bool]
    #: Of a duplicate: whether its run is still open.
    open: Optional[bool]
    #: Of a duplicate whose run has ended: how.
    now: Optional[Ended]
    #: Of a run that started: what its wakes ask for.
    payloads: List[Payload]
