"""What is known of a key."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from .._objects import Object, value
from .plans import Failure, Workspace

__all__ = [
    "Binding",
    "Condemned",
    "Counters",
    "LastError",
    "LastRun",
    "ResetResult",
    "Session",
]


@value
class Binding(Object):
    """What a key points to."""

    session_id: str
    provider: str
    display_id: Optional[str]
    params: Optional[Dict[str, Any]]
    workspace: Optional[Workspace]
    generation: int
    #: `success`, `turns`, `imported`, …
    proven_by: Optional[str]
    since: Optional[str]


@value
class Condemned(Object):
    """An id that is never offered again."""

    session_id: str
    because: str
    at: str


@value
class LastRun(Object):
    """How a key's last run ended."""

    run: int
    #: `succeeded`, `failed`, `timedOut`, `cancelled`, `interrupted` or `superseded`.
    outcome: str
    #: How many it took.
    attempts: int
    #: `resume`, `fresh` or `fallback`.
    via: Optional[str]
    failure: Optional[Failure]


@value
class LastError(Object):
    """The failure that no success has cleared yet."""

    kind: str
    family: str
    because: Optional[str]
    at: Optional[str]


@value
class Counters(Object):
    """How much a key has seen."""

    wakes: int
    runs: int
    attempts: int
    fallbacks: int
    resets: int


@value
class Session(Object):
    """A session key: what it points to, what runs, and how the last run ended."""

    key: str
    agent: str
    provider: str
    generation: int
    #: `idle`, `running` or `queued`.
    status: str
    #: What it used last.
    bound: Optional[Binding]
    #: What it points to for every provider, what it used last first.
    bindings: List[Binding]
    condemned: List[Condemned]
    open_run: Optional[int]
    #: Whether a deferred wake waits for `next`.
    pending: bool
    not_before: Optional[str]
    #: How many transcript messages of this generation were flushed.
    cursor: int
    last_run: Optional[LastRun]
    last_error: Optional[LastError]
    counters: Counters
    #: The number of the key's last event.
    head: Optional[int]


@value
class ResetResult(Object):
    """A key's new generation, and what it pointed to before."""

    generation: int
    previous: Optional[Binding]
    pending: bool
    duplicate: Optional[bool]
