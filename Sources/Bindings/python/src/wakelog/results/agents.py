"""What is known of agents, and what a person may want to look at."""

from __future__ import annotations

from typing import List, Optional

from .._objects import Object, value
from .sessions import LastError

__all__ = [
    "Agent",
    "AttentionItem",
    "Event",
    "Explanation",
    "FailureCounts",
]


@value
class FailureCounts(Object):
    """Failed runs in a row, by family."""

    agent: int
    infrastructure: int
    session: int
    configuration: int


@value
class Agent(Object):
    """An agent: what it is doing, and whether its failures are its own."""

    agent: str
    #: `idle`, `running`, `paused` or `failing`.
    status: str
    last_run_status: Optional[str]
    last_error: Optional[LastError]
    failures: FailureCounts
    #: Whether three runs in a row failed by its own fault.
    replaceable: bool
    because: str
    #: How many keys it has.
    sessions: int


@value
class AttentionItem(Object):
    """Something that a person may want to look at."""

    #: `silentRun`, `leaseExpired`, `stuckQueue`, `condemnedLoop`, `flapping`, `noProgress`, `clock`,
    #: `writerBlocked` or `oldReader`.
    kind: str
    #: None for what is the machine's.
    session: Optional[str]
    run: Optional[int]
    since: Optional[str]
    family: str
    because: str


@value
class Event(Object):
    """An event of the log. What its kind has beside is in `json`."""

    seq: int
    at: str
    kind: str
    session: Optional[str]
    agent: Optional[str]
    run: Optional[int]
    generation: Optional[int]


@value
class Explanation(Object):
    """Why something is as it is, and the events that made it so."""

    answer: str
    events: List[Event]
