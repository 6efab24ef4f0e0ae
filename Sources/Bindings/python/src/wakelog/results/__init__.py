"""What the methods give: the wire's objects, their names in Python's spelling.

Every object keeps what it was read from in `json`, with whatever a newer engine says beside. Times
are RFC 3339, as they were recorded.
"""

from .agents import Agent, AttentionItem, Event, Explanation, FailureCounts
from .hosts import (
    Hello,
    HostResult,
    InterruptedRun,
    PolicyResult,
    RedactResult,
    RevivedId,
    ReviveResult,
    ForgetResult,
    UnfinishedUpgrade,
    UpgradeResult,
)
from .plans import (
    Candidate,
    Ended,
    Failure,
    NextAttempt,
    Payload,
    Plan,
    Reset,
    Usage,
    WakeResult,
    Workspace,
)
from .runs import Attempt, Checked, Fallback, FinishResult, FlushResult, ProgressResult, Run
from .sessions import Binding, Condemned, Counters, LastError, LastRun, ResetResult, Session

__all__ = [
    "Agent",
    "Attempt",
    "AttentionItem",
    "Binding",
    "Candidate",
    "Checked",
    "Condemned",
    "Counters",
    "Ended",
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
    "Payload",
    "Plan",
    "PolicyResult",
    "ProgressResult",
    "RedactResult",
    "RevivedId",
    "ReviveResult",
    "ForgetResult",
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
