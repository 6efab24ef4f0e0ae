"""What hosts with and without an event loop have in common: agents, calls, pieces, failures."""

from __future__ import annotations

import dataclasses
import difflib
import inspect
import os
import time
import weakref
from typing import Any, Dict, Iterable, List, Literal, Mapping, Optional, Sequence, Union

from ._calls import Params, named
from ._failures import Refused, RunFailed, failure_facts, is_lost
from ._objects import read, wire_name
from .errors import InvalidParameter
from .providers import Provider, providers
from .results import FinishResult, Plan, Usage, Workspace

__all__ = ["AgentCall", "Attempt", "Piece", "Refused", "RunFailed", "is_lost"]

#: Where an agent works: an absolute path, or a path and what kind of place it is.
Place = Union[str, "os.PathLike[str]", Workspace, Mapping[str, Any], None]
#: What is done with a CLI whose host is gone.
Orphans = Literal["refuse", "wait", "end"]


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
        return named(
            {
                "command": _words(self.words),
                "environment": dict(self.environment) or None,
                "input": self.input,
                "directory": None if self.directory is None else os.fspath(self.directory),
            }
        )


def _words(given: Any) -> List[str]:
    """A program and its arguments: paths may be among them, text as a whole is a mistake."""
    if isinstance(given, Iterable) and not isinstance(given, (str, bytes)):
        words = [os.fspath(one) if isinstance(one, os.PathLike) else one for one in given]
        if all(isinstance(word, str) for word in words):
            return words
    what = "one string" if isinstance(given, (str, bytes)) else ascii(given)
    raise InvalidParameter(
        f'`command` must be a list of words, not {what}: ["claude", "-p", turn.text]; no shell '
        "takes it apart",
        field="command",
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
    usage: Optional[Usage] = None
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
        piece = Piece(**said)
        if isinstance(piece.usage, Mapping):
            piece = dataclasses.replace(piece, usage=usage_of(piece.usage))
        return piece
    raise TypeError(f"a function says text or a wakelog.Piece, not {type(said).__name__}")


def usage_of(given: Any) -> Optional[Usage]:
    """What was used, however it was given."""
    if not isinstance(given, Mapping):
        return given  # type: ignore[no-any-return]
    return read(Usage, {wire_name(name): value for name, value in given.items()})


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
    #: Why, where the engine said.
    because: Optional[str] = None
    #: What the attempt has used, as far as it said.
    usage: Optional[Usage] = None
    #: The result of the last attempt; None before its end.
    result: Optional[FinishResult] = None

    _facts: Optional[Dict[str, Any]] = None
    #: When the time of the attempt is over, where a function makes it.
    _limit: Optional[float] = None
    #: How it is to end, where that was asked for.
    _stop: Optional[str] = None

    @property
    def session_id(self) -> Optional[str]:
        """The provider session to resume; None for a fresh one."""
        return self.plan.session_id if self.plan else None

    @property
    def is_stopped(self) -> bool:
        """Whether the attempt is to end: it was stopped, reset or closed, or has had its time. A
        function that takes long between two pieces looks at it."""
        return self._stop is not None or self._is_late

    def finish(self, **facts: Any) -> None:
        """Says how the attempt ended, in the words of `Engine.finish`. For `run`, where it was no
        plain success; told when all that it said is handed on."""
        self._facts = facts

    def _note_stop(self, outcome: str) -> None:
        self._stop = self._stop or outcome

    @property
    def _is_late(self) -> bool:
        return self._limit is not None and time.monotonic() >= self._limit

    def _take(self, event: Mapping[str, Any]) -> None:
        self.text, self.payloads = event["text"], event["payloads"]
        self.run, self.attempt, self.fence = event["run"], event["attempt"], event["fence"]
        self.plan, self.failure = read(Plan, event["plan"]), event["failure"]
        self.disposition = "started"
        self.usage = self._facts = self._limit = None

    def _hand_on(self, said: Any) -> Piece:
        piece = piece_of(said)
        if piece.usage is not None:
            self.usage = piece.usage
        return piece

    def _end(self, event: Mapping[str, Any], check: bool, cause: Optional[BaseException]) -> None:
        self.disposition, self.because = event["disposition"], event["because"]
        if event["result"] is None:
            return
        self.result = read(FinishResult, event["result"])
        if check and self.result.outcome != "succeeded":
            raise RunFailed(event) from cause

    def _ending(self, cause: Optional[Exception]) -> Params:
        """What is told of the end of a function, and of what it raised."""
        facts = dict(self._facts or {"outcome": "succeeded"})
        if cause is not None:
            facts = failure_facts(cause)
        if self.is_stopped:
            facts["outcome"] = self._stop or "timedOut"
        if facts.get("usage") is not None:
            self.usage = usage_of(facts["usage"])
        return named(facts)


#: The turns that are open, by the engine and their numbers: of every host over it. One that is
#: forgotten is gone, and says so to nobody: in a callback of Python's, Ctrl-C would be lost.
_turns: weakref.WeakKeyDictionary[Any, Dict[int, weakref.ref[Any]]] = weakref.WeakKeyDictionary()


def remember(engine: Any, number: int, turn: Any) -> None:
    """Notes that a turn of an engine's hosts is open."""
    turns = _turns.get(engine)
    if turns is None:
        turns = _turns.setdefault(engine, {})
    turns[number] = weakref.ref(turn)


def forget(engine: Any, number: int) -> None:
    """Notes that it is open no more."""
    _turns.get(engine, {}).pop(number, None)


def turns_of(engine: Any) -> List[Any]:
    """The open turns of an engine's hosts."""
    turns = [turn() for turn in list(_turns.get(engine, {}).values())]
    return [turn for turn in turns if turn is not None]


def running(engine: Any, session: str) -> List[Any]:
    """Those of them that carry out a run of a session."""
    return [
        turn for turn in turns_of(engine) if turn.fence is not None and turn.session == session
    ]


def note_stop(turns: List[Any], outcome: str) -> None:
    """Has functions end that answer in them."""
    for turn in turns:
        turn._note_stop(outcome)


def place(given: Place) -> Any:
    """A workspace as it is sent."""
    if isinstance(given, (str, os.PathLike)):
        given = Workspace(path=os.fspath(given), kind="project")
    elif isinstance(given, Mapping):
        given = {"kind": "project", **given}
    path = given.get("path") if isinstance(given, Mapping) else getattr(given, "path", None)
    if isinstance(path, str) and not os.path.isabs(path):
        raise InvalidParameter(
            f"`workspace` must be an absolute path such as /srv/app, not {path!r}: a relative one "
            "means another folder in another process",
            field="workspace",
        )
    return given


def settings(given: Mapping[str, Any]) -> Params:
    """What every turn of a host is asked for, looked at when the host is made."""
    orphans = given["orphans"]
    if orphans not in ("refuse", "wait", "end"):
        raise InvalidParameter(
            f"`orphans` must be one of refuse, wait, end, not {orphans!r}", field="orphans"
        )
    for name in ("lease", "timeout", "wait"):
        value = given[name]
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if value is not None and not (is_number and value >= 0):
            raise InvalidParameter(
                f"`{name}` must be a number of seconds, from 0, not {value!r}", field=name
            )
    return named({**given, "workspace": place(given["workspace"])})


def turn_params(settings: Params, given: Mapping[str, Any]) -> Params:
    """What a turn is asked for: the host's settings, and what is said otherwise."""
    asked = dict(settings)
    for name, value in given.items():
        if value is not None:
            asked[wire_name(name)] = place(value) if name == "workspace" else value
    return asked


def one_of(command: Any, run: Any, is_awaited: bool) -> None:
    """A CLI or a function answers, not both; and of a kind that the host can call."""
    if (command is None) == (run is None):
        raise InvalidParameter(
            "give `command`, which makes the call of a CLI, or `run`, a function that answers",
            field="command",
        )
    if not callable(command or run):
        raise InvalidParameter(
            "`command` is a function of the turn that gives the words of a call: "
            'lambda turn: ["claude", "-p", turn.text]'
            if run is None
            else "`run` is a function of the turn that yields what the agent says",
            field="command" if run is None else "run",
        )
    if is_awaited and inspect.isgeneratorfunction(run):
        raise InvalidParameter(
            "`run` is an `async def` here, as the event loop would wait for any other", field="run"
        )
    for name, function in (("command", command), ("run", run)):
        if not is_awaited and (
            inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
        ):
            raise InvalidParameter(
                f"`{name}` is an `async def`, which wakelog.aio.Host awaits", field=name
            )


def known(provider: Provider, command: Any, is_meant: bool) -> None:
    """A CLI of a provider that nobody knows would never be resumed, and nobody would notice."""
    if command is None or is_meant or not isinstance(provider, str):
        return
    names = [name for one in providers() for name in (one["name"], *one["aliases"])]
    if provider in names:
        return
    near = difflib.get_close_matches(provider, names, 1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise InvalidParameter(
        f"there is no provider {provider!r}{hint} Give a document that says what its CLI does, or "
        "unknown_provider=True: nothing is resumed then",
        field="provider",
    )
