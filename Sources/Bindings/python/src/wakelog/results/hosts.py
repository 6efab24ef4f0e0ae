"""What is said of hosts, policies and the log."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from .._objects import Object, value
from .plans import Payload

__all__ = [
    "Hello",
    "HostResult",
    "InterruptedRun",
    "PolicyResult",
    "RedactResult",
    "RevivedId",
    "ReviveResult",
    "ForgetResult",
    "UnfinishedUpgrade",
    "UpgradeResult",
]


@value
class Hello(Object):
    """Who answers."""

    protocol: int
    version: str
    #: The log's own name.
    log: str
    policy: str
    read_only: bool


@value
class InterruptedRun(Object):
    """A run that an earlier process of a host left open."""

    run: int
    session: str
    pending: bool
    agent: Optional[str]
    provider: Optional[str]
    session_id: Optional[str]
    started_at: Optional[str]
    #: The process that ran it, as `progress` said.
    pid: Optional[int]
    #: Whether that process still runs on this machine.
    alive: bool
    payloads: List[Payload]


@value
class UnfinishedUpgrade(Object):
    """An upgrade that a crash cut short."""

    to: str
    state: str


@value
class HostResult(Object):
    """A host's new epoch, and the runs that this ended."""

    epoch: int
    interrupted: List[InterruptedRun]
    unfinished: Optional[UnfinishedUpgrade]
    duplicate: Optional[bool]


@value
class UpgradeResult(Object):
    """Where an upgrade stands, and the version to run."""

    state: str
    use: Optional[str]
    duplicate: Optional[bool]


@value
class PolicyResult(Object):
    """The policy in force."""

    policy: Mapping[str, Any]
    since: Optional[str]
    duplicate: Optional[bool]


@value
class RevivedId(Object):
    """A condemnation that was taken back, or would be."""

    session_id: str
    session: str
    condemned_at: str
    because: str


@value
class ReviveResult(Object):
    """The condemnations that were taken back, or would be."""

    items: List[RevivedId]
    duplicate: Optional[bool]


@value
class RedactResult(Object):
    """Whether there was evidence to remove, and whether its bytes are overwritten in the file: a
    reader that began before may see them still, and the engine does it later."""

    redacted: bool
    overwritten: bool
    duplicate: Optional[bool]


@value
class ForgetResult(Object):
    """How many events are numbers now, and how many names are gone."""

    forgotten: bool
    events: int
    symbols: int
    duplicate: Optional[bool]
