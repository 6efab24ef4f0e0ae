"""What hosts with and without an event loop have in common: agents, calls, pieces, failures."""

from __future__ import annotations

import dataclasses
import difflib
import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from ._calls import Params, named
from ._objects import NOTHING, read
from .errors import InvalidParameter, WakelogError
from .providers import Provider, providers
from .results import FinishResult, Plan, Workspace

__all__ = ["AgentCall", "Attempt", "Piece", "Refused", "RunFailed"]

#: Where an agent works: an absolute path, or a path and what kind of place it is.
Place = Union[str, "os.PathLike[str]", Workspace, Mapping[str, Any], None]


@dataclasses.dataclass(frozen=True)
class AgentCall:
    """How an agent's CLI is called."""

    #: The program and its arguments; the words that choose a session are put in.
    words: Sequence[str]
    #: Variables that are set for it beside this process' own; None leaves one out.
    environment: Mapping[str, Optional[str]] = dataclasses.field(default_factory=dict)
    #: What it reads from its standard input; None for nothing.
    input: Optional[str] = None
    #: Where it works; None for the workspace.
    directory: Union[str, "os.PathLike[str]", None] = None

    def sent(self) -> Params:
        """As `turn.start` takes it."""
        if isinstance(self.words, (str, bytes)):
            raise InvalidParameter(
                "`command` must be a list of words, not one string: "
                '["claude", "-p", turn.text]; no shell takes it apart',
                field="command",
            )
        return named(
            {
                "command": [os.fspath(word) for word in self.words],
                "environment": dict(self.environment) or None,
                "input": self.input,
                "directory": None if self.directory is None else os.fspath(self.directory),
            }
        )


def agent_call(given: Any) -> AgentCall:
    """What a command gave, as a call."""
    if isinstance(given, AgentCall):
        return given
    if isinstance(given, Mapping):
        return AgentCall(**given)
    return AgentCall(given)


@dataclasses.dataclass(frozen=True)
class Piece:
    """Something that an agent said or did. As a string it is its text."""

    #: `text`, `tool`, `usage`, or `raw` for whatever else the CLI printed.
    kind: str
    #: Of `text`; empty for the others.
    text: str = ""
    #: Of `tool`: what is called, and what with.
    name: Optional[str] = None
    input: Any = None
    #: Of `usage`: what the attempt has used so far.
    usage: Optional[Mapping[str, Any]] = None
    #: Of `raw`: the document.
    document: Any = None

    def __str__(self) -> str:
        return self.text


def piece_of(said: Any) -> Piece:
    """A piece of the wire, or what a function said."""
    if isinstance(said, Piece):
        return said
    if isinstance(said, str):
        return Piece("text", said)
    if isinstance(said, Mapping):
        return Piece(**said)
    raise TypeError(f"a function says text or a wakelog.Piece, not {type(said).__name__}")


class Attempt:
    """The attempt that a turn is at."""

    #: The session key.
    session: str
    #: What the agent is asked: the texts that the run answers, with an empty line between them.
    text: str = ""
    #: Each of these texts.
    payloads: List[str]
    #: The run; None while there is none.
    run: Optional[int] = None
    #: The number of the attempt.
    attempt: Optional[int] = None
    #: The right to write for the run.
    fence: Optional[str] = None
    #: How to begin.
    plan: Optional[Plan] = None
    #: How the attempt before failed, where this is its fallback.
    failure: Optional[str] = None
    #: `started`, `deferred`, `merged`, `coalesced`, `duplicate`.
    disposition: str = ""
    #: The result of the last attempt; None before its end.
    result: Optional[FinishResult] = None

    @property
    def session_id(self) -> Optional[str]:
        """The provider session to resume; None for a fresh one."""
        return self.plan.session_id if self.plan else None

    def _take(self, event: Mapping[str, Any]) -> None:
        self.text, self.payloads = event["text"], event["payloads"]
        self.run, self.attempt, self.fence = event["run"], event["attempt"], event["fence"]
        self.plan, self.failure = read(Plan, event["plan"]), event["failure"]
        self.disposition = "started"


class RunFailed(Exception):
    """A run did not succeed. It has ended, and the next turn is free to begin."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        result = event.get("result") or NOTHING
        failure = result.get("failure") or NOTHING
        #: `failed`, `timedOut`, `cancelled` or `interrupted`.
        self.outcome: str = result.get("outcome") or "failed"
        #: The kind of failure, its family, and the entry of the table that decided.
        self.kind: Optional[str] = failure.get("kind")
        self.family: Optional[str] = failure.get("family")
        self.because: Optional[str] = failure.get("because")
        #: What the CLI, or the host, said of it.
        self.said: Optional[str] = event.get("said")
        #: The result of the last attempt.
        self.result = read(FinishResult, result)
        kind = f" ({self.kind})" if self.kind else ""
        super().__init__(f"the run has {self.outcome}{kind}" + (f": {self.said}" if self.said else ""))


class Refused(Exception):
    """A wake was refused: nothing was started, and nothing kept."""

    def __init__(self, because: Optional[str]) -> None:
        #: `paused`, or `notBefore`.
        self.because = because
        super().__init__(
            "the agent is paused; `unpause` it"
            if because == "paused"
            else "the provider asked to wait; messages and manual wakes are not held back"
            if because == "notBefore"
            else f"the wake was refused: {because}"
        )


def failure_facts(error: Exception) -> Dict[str, Any]:
    """What is told of an attempt whose function raised."""
    facts: Dict[str, Any] = {
        "outcome": "failed",
        "message": f"{type(error).__module__}.{type(error).__qualname__}: {error}",
    }
    for name in ("status_code", "status", "http_status"):
        status = getattr(error, name, None)
        if isinstance(status, int) and 100 <= status < 600:
            facts["status"] = status
            break
    exit_code = getattr(error, "exit_code", None)
    if isinstance(exit_code, int):
        facts["exit_code"] = exit_code
    for name in ("stderr", "stdout"):
        text = getattr(error, name, None)
        if isinstance(text, str):
            facts[name] = text
    return facts


def place(given: Place) -> Any:
    """A workspace as it is sent."""
    if given is None or isinstance(given, (Workspace, Mapping)):
        return given
    return Workspace(path=os.fspath(given), kind="project")


def turn_params(settings: Mapping[str, Any], given: Mapping[str, Any]) -> Params:
    """What a turn is asked for: the host's settings, and what is said otherwise."""
    asked = {**settings, **{name: value for name, value in given.items() if value is not None}}
    asked["workspace"] = place(asked.get("workspace"))
    return named(asked)


def one_of(command: Any, run: Any) -> None:
    """A CLI or a function answers, not both."""
    if (command is None) == (run is None):
        raise InvalidParameter(
            "give `command`, which makes the call of a CLI, or `run`, a function that answers",
            field="command",
        )
    if not callable(command or run):
        raise InvalidParameter(
            "`command` is a function of the turn that gives the words of a call: "
            'lambda turn: ["claude", "-p", turn.text]',
            field="command" if run is None else "run",
        )


def known(provider: Provider, command: Any, is_meant: bool) -> None:
    """A CLI of a provider that nobody knows would never be resumed, and nobody would notice."""
    if command is None or is_meant or not isinstance(provider, str):
        return
    names = [name for one in providers() for name in (one["name"], *one["aliases"])]
    if provider in names:
        return
    near = difflib.get_close_matches(provider, names, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise InvalidParameter(
        f"there is no provider {provider!r}{hint} Give a document that says what its CLI does, or "
        "unknown_provider=True: nothing is resumed then",
        field="provider",
    )


#: What is thrown once the run is another's.
LOST = ("staleFence", "hostSuperseded")


def is_lost(error: BaseException) -> bool:
    """Whether the run is another's by now."""
    return isinstance(error, WakelogError) and error.code in LOST
