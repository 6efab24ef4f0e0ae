"""What the model remembers of a log. Everything is a plain value; the rules are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, NamedTuple, Optional, Set, Tuple

from policy import Policy
from values import Json, Moment, Params, Ref


class IdName(NamedTuple):
    """A provider session: an opaque string is valid only for its provider."""

    provider: str
    text: str


class Workspace(NamedTuple):
    path: str
    kind: str

    @property
    def is_project(self) -> bool:
        return self.kind != "home"

    def json(self) -> Json:
        return {"path": self.path, "kind": self.kind}


def workspace_json(workspace: Optional[Workspace]) -> Json:
    return None if workspace is None else workspace.json()


@dataclass
class Binding:
    name: IdName
    generation: int
    proven_by: str
    since: Moment
    tick: int = 0
    fingerprint: Optional[Dict[str, str]] = None


@dataclass
class Identity:
    """What the whole log knows of one provider session."""

    name: IdName
    first_seen: Optional[int] = None
    proven: bool = False
    vouched: bool = False
    condemned: Optional[Tuple[str, Moment]] = None
    suspicion: int = 0
    empty_successes: int = 0
    workspace: Optional[Workspace] = None
    host: Optional[str] = None
    fingerprint: Optional[Dict[str, str]] = None
    display: Optional[str] = None
    params: Json = None
    last_bound: Optional[int] = None
    minted: Dict[str, int] = field(default_factory=dict)
    minted_at: Optional[int] = None
    runs: int = 0
    last_began: Optional[int] = None
    last_uncached: int = 0
    totals: Dict[str, int] = field(default_factory=dict)
    strayed: Dict[Tuple[Optional[Workspace], Optional[str]], int] = field(default_factory=dict)


@dataclass
class Failure:
    kind: str
    family: str

    def json(self) -> Json:
        return {"kind": self.kind, "family": self.family}


@dataclass
class Plan:
    mode: str
    name: Optional[IdName]
    workspace: Optional[Workspace]
    params: Json
    generation: int
    reset: Optional[str] = None
    drift: List[str] = field(default_factory=list)
    beside: bool = False
    considered: List[Json] = field(default_factory=list)
    chosen_from: Optional[str] = None

    def json(self) -> Json:
        return {
            "mode": self.mode, "sessionId": self.name.text if self.name else None,
            "workspace": workspace_json(self.workspace), "params": self.params,
            "generation": self.generation,
            "reset": {"because": self.reset} if self.reset else None,
            "drift": sorted(self.drift), "beside": self.beside, "considered": self.considered,
        }


@dataclass
class Attempt:
    ref: Ref
    plan: Plan
    began: Moment
    reported: Optional[str] = None
    entered: bool = False
    is_outside: bool = False
    proved: Optional[IdName] = None
    outcome: Optional[str] = None
    failure: Optional[Failure] = None
    usage: Optional[Dict[str, int]] = None
    ended: Optional[Moment] = None


@dataclass
class Wish:
    """One wake, or several that were deferred and merged into one."""

    wakes: List[Ref]
    source: str
    provider: str
    at: Moment
    offset: int
    is_exempt: bool
    reasons: List[str]
    force_fresh: bool
    is_reason_demand: bool
    scope: Optional[str] = None
    workspace: Optional[Workspace] = None
    keep: Optional[bool] = None
    resume: Optional[IdName] = None
    fingerprint: Optional[Dict[str, str]] = None
    transcript: Optional[bool] = None
    transcripts: Dict[str, bool] = field(default_factory=dict)
    resumable: bool = True
    lease: Optional[int] = None
    host: Optional[str] = None
    epoch: int = 0
    trace: Optional[str] = None
    payloads: List[Tuple[Ref, str]] = field(default_factory=list)
    interaction_before: Optional[int] = None

    @property
    def is_urgent(self) -> bool:
        """The sources that neither `notBefore` holds back."""
        return self.source in ("message", "manual")


@dataclass
class Run:
    ref: Ref
    fence: Ref
    session: str
    wish: Wish
    lease: Optional[int]
    heard: Moment
    attempts: List[Attempt] = field(default_factory=list)
    fallbacks: List[Json] = field(default_factory=list)
    is_suspending: bool = False
    outcome: Optional[str] = None
    ended: Optional[Moment] = None
    failure: Optional[Failure] = None

    @property
    def current(self) -> Attempt:
        return self.attempts[-1]

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def via(self) -> str:
        return "fallback" if self.fallbacks else self.attempts[0].plan.mode

    def holds(self) -> Set[IdName]:
        """The provider sessions that this run is in."""
        held = set()
        if self.current.plan.name:
            held.add(self.current.plan.name)
        if self.current.reported:
            held.add(IdName(self.wish.provider, self.current.reported))
        return held


@dataclass
class Session:
    key: str
    agent: str
    provider: str
    began: Moment
    latest: Moment
    generation: int = 1
    reset_at: int = 0
    bindings: Dict[str, Binding] = field(default_factory=dict)
    last_used: Optional[str] = None
    condemned: List[IdName] = field(default_factory=list)
    lost: Dict[str, IdName] = field(default_factory=dict)
    ever_bound: Set[str] = field(default_factory=set)
    open_run: Optional[Run] = None
    pending: Optional[Wish] = None
    last_interaction: Optional[int] = None
    not_before: Optional[Moment] = None
    cursor: int = 0
    last_run: Optional[Run] = None
    last_error: Optional[Tuple[Failure, Moment]] = None
    last_finish: Optional[Tuple[Params, Json]] = None
    wakes: int = 0
    runs: int = 0
    attempts: int = 0
    fallbacks: int = 0
    resets: int = 0


@dataclass
class Agent:
    name: str
    is_paused: bool = False
    last_status: Optional[str] = None
    last_error: Optional[Tuple[Failure, Moment]] = None
    failures: Dict[str, int] = field(default_factory=lambda: {
        "agent": 0, "infrastructure": 0, "session": 0, "configuration": 0})


@dataclass
class Log:
    policy: Policy = field(default_factory=Policy)
    tick: int = 0
    sessions: Dict[str, Session] = field(default_factory=dict)
    agents: Dict[str, Agent] = field(default_factory=dict)
    ids: Dict[IdName, Identity] = field(default_factory=dict)
    runs: Dict[Ref, Run] = field(default_factory=dict)
    fences: Dict[Ref, Run] = field(default_factory=dict)
    epochs: Dict[str, int] = field(default_factory=dict)
    answered: Dict[str, Tuple[str, Params, Json]] = field(default_factory=dict)
