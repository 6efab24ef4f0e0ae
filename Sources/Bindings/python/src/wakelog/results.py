"""What the methods give: the wire's objects, their names in Python's spelling.

Every object keeps what it was read from in `json`, with whatever a newer engine says beside. Times
are RFC 3339, as they were recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from ._json import Object

__all__ = [
    "Agent",
    "Attempt",
    "AttentionItem",
    "Binding",
    "Candidate",
    "Checked",
    "Condemned",
    "Counters",
    "Event",
    "Explanation",
    "Failure",
    "FailureCounts",
    "Fallback",
    "FinishResult",
    "FlushResult",
    "Hello",
    "HostResult",
    "InterruptedRun",
    "LastError",
    "LastRun",
    "NextAttempt",
    "Plan",
    "PolicyResult",
    "ProgressResult",
    "RedactResult",
    "Reset",
    "ResetResult",
    "Run",
    "Session",
    "UnfinishedUpgrade",
    "UpgradeResult",
    "Usage",
    "WakeResult",
    "Workspace",
]


@dataclass(frozen=True)
class Workspace(Object):
    """Where an agent runs: a path, compared literally, and what kind of place it is."""

    path: str
    #: `project`, `home`, `worktree` or `other`.
    kind: str


@dataclass(frozen=True)
class Usage(Object):
    """What an attempt used."""

    input_tokens: Optional[int] = None
    output_tokens: Optional[int] = None
    cost_micros: Optional[int] = None


@dataclass(frozen=True)
class Failure(Object):
    """How an attempt failed."""

    #: `unknownSession`, `timeout`, `rateLimited`, …
    kind: str
    #: `session`, `infrastructure`, `configuration`, `agent`, `operator` or `unknown`.
    family: str
    #: What decided: an entry of the table of failures.
    because: Optional[str]


@dataclass(frozen=True)
class Reset(Object):
    """The end of a generation."""

    because: str


@dataclass(frozen=True)
class Candidate(Object):
    """An id that was looked at for a plan, and what was found."""

    #: Where it came from: `explicit`, `bound` or `agent`.
    from_: str
    session_id: Optional[str]
    #: `offered`, or why not: `condemned`, `unproven`, `reset`, `workspace`, …
    verdict: str
    because: Optional[str]


@dataclass(frozen=True)
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
    because: str
    considered: List[Candidate]


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class NextAttempt(Object):
    """The attempt to make after one that failed."""

    attempt: int
    plan: Plan


@dataclass(frozen=True)
class Binding(Object):
    """What a key points to."""

    session_id: str
    display_id: Optional[str]
    params: Optional[Dict[str, Any]]
    workspace: Optional[Workspace]
    generation: int
    #: `success`, `turns`, `imported`, …
    proven_by: Optional[str]
    since: Optional[str]


@dataclass(frozen=True)
class Condemned(Object):
    """An id that is never offered again."""

    session_id: str
    because: str
    at: str


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class LastError(Object):
    """The failure that no success has cleared yet."""

    kind: str
    family: str
    because: Optional[str]
    at: Optional[str]


@dataclass(frozen=True)
class Counters(Object):
    """How much a key has seen."""

    wakes: int
    runs: int
    attempts: int
    fallbacks: int
    resets: int


@dataclass(frozen=True)
class Session(Object):
    """A session key: what it points to, what runs, and how the last run ended."""

    key: str
    agent: str
    provider: str
    generation: int
    #: `idle`, `running` or `queued`.
    status: str
    bound: Optional[Binding]
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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class ProgressResult(Object):
    """How long the run counts as alive without another sign."""

    lease_until: Optional[str]
    duplicate: Optional[bool]


@dataclass(frozen=True)
class Checked(Object):
    """That a fence holds."""

    ok: bool


@dataclass(frozen=True)
class FlushResult(Object):
    """Where the next flush begins."""

    cursor: int
    duplicate: Optional[bool]


@dataclass(frozen=True)
class ResetResult(Object):
    """A key's new generation, and what it pointed to before."""

    generation: int
    previous: Optional[Binding]
    pending: bool
    duplicate: Optional[bool]


@dataclass(frozen=True)
class FailureCounts(Object):
    """Failed runs in a row, by family."""

    agent: int
    infrastructure: int
    session: int
    configuration: int


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Fallback(Object):
    """The step from a failed attempt to the next one."""

    #: The attempt that failed.
    from_: int
    #: The attempt that follows; None where the provider itself began anew.
    to: Optional[int]
    cause: Optional[str]


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class AttentionItem(Object):
    """Something that a person may want to look at."""

    #: `silentRun`, `leaseExpired`, `stuckQueue`, `condemnedLoop` or `flapping`.
    kind: str
    session: str
    run: Optional[int]
    since: Optional[str]
    family: str
    because: str


@dataclass(frozen=True)
class Event(Object):
    """An event of the log. What its kind has beside is in `json`."""

    seq: int
    at: str
    kind: str
    session: Optional[str]
    agent: Optional[str]
    run: Optional[int]
    generation: Optional[int]


@dataclass(frozen=True)
class Explanation(Object):
    """Why something is as it is, and the events that made it so."""

    answer: str
    events: List[Event]


@dataclass(frozen=True)
class Hello(Object):
    """Who answers."""

    protocol: int
    version: str
    #: The log's own name.
    log: str
    policy: str
    read_only: bool


@dataclass(frozen=True)
class InterruptedRun(Object):
    """A run that an earlier process of a host left open."""

    run: int
    session: str
    pending: bool


@dataclass(frozen=True)
class UnfinishedUpgrade(Object):
    """An upgrade that a crash cut short."""

    to: str
    state: str


@dataclass(frozen=True)
class HostResult(Object):
    """A host's new epoch, and the runs that this ended."""

    epoch: int
    interrupted: List[InterruptedRun]
    unfinished: Optional[UnfinishedUpgrade]
    duplicate: Optional[bool]


@dataclass(frozen=True)
class UpgradeResult(Object):
    """Where an upgrade stands, and the version to run."""

    state: str
    use: Optional[str]
    duplicate: Optional[bool]


@dataclass(frozen=True)
class PolicyResult(Object):
    """The policy in force."""

    policy: Mapping[str, Any]
    since: Optional[str]
    duplicate: Optional[bool]


@dataclass(frozen=True)
class RedactResult(Object):
    """Whether there was evidence to remove."""

    redacted: bool
    duplicate: Optional[bool]
