"""The loop around an agent, for asyncio."""

from __future__ import annotations

import asyncio
from typing import (
    Any,
    AsyncIterator,
    Awaitable,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Tuple,
    Union,
)

from .. import _agents
from .._agents import Piece
from .._calls import Params, named
from .._closing import AwaitedClosing
from .._objects import read
from .._wire import PathLike
from ..errors import Busy
from ..methods import At, Source
from ..providers import Provider
from ..results import InterruptedRun, ResetResult
from .engine import Engine
from .turn import Turn

__all__ = ["Host", "Interrupted", "Turn"]

#: What gives a CLI's call.
_Command = Optional[Callable[[Turn], Any]]
#: What answers in a CLI's place.
_Function = Optional[Callable[[Turn], Union[AsyncIterator[Union[str, Piece]], Awaitable[Any]]]]


class Interrupted:
    """A run that an earlier process of the host left open, and that has ended by now."""

    def __init__(self, engine: Engine, said: Mapping[str, Any]) -> None:
        self._engine = engine
        found = read(InterruptedRun, said)
        self.run, self.session, self.pid = found.run, found.session, found.pid
        self.agent, self.provider = found.agent, found.provider
        self.session_id, self.started_at = found.session_id, found.started_at
        #: What it was to answer.
        self.payloads: List[str] = [one.payload for one in found.payloads]

    async def is_alive(self) -> bool:
        """Whether its CLI, or what that has started, still lives here."""
        return bool((await self._engine.call("host.isAlive", run=self.run))["alive"])

    async def end_orphan(self) -> bool:
        """Ends the CLI, and all that it has started, if they live; whether none is left."""
        return bool((await self._engine.call("host.endOrphan", run=self.run))["ended"])


class Host(AwaitedClosing):
    """Wakes agents, runs their CLIs, falls back, and sees to it that every run ends; see
    `wakelog.Host`. The event loop is never kept waiting."""

    def __init__(
        self,
        engine: Engine,
        settings: Params,
        command: _Command,
        run: _Function,
        is_unknown: bool,
        ends_runs: bool,
        owns: bool,
        interrupted: List[Mapping[str, Any]],
    ) -> None:
        """Use `open`, or `over`."""
        #: The log, for all that is no turn.
        self.engine = engine
        self._settings, self._command, self._run = settings, command, run
        self._is_unknown, self._ends_runs, self._owns_engine = is_unknown, ends_runs, owns
        #: Runs that earlier processes of this host left open.
        self.interrupted = [Interrupted(engine, one) for one in interrupted]
        self._wakes: Dict[str, Tuple[asyncio.Lock, int]] = {}
        self._is_closed = False

    @classmethod
    async def open(
        cls,
        directory: PathLike,
        *,
        name: str,
        agent: str,
        provider: Provider,
        command: _Command = None,
        run: _Function = None,
        workspace: _agents.Place = None,
        lease: int = 60,
        timeout: Optional[float] = None,
        wait: Optional[float] = None,
        orphans: _agents.Orphans = "refuse",
        policy: Union[str, Mapping[str, Any], None] = None,
        take_over: bool = False,
        ends_runs: bool = True,
        unknown_provider: bool = False,
    ) -> Host:
        """Opens a log as `wakelog.Host` does, off the event loop. `command` may be a coroutine
        function; `run` is an async generator function, or a coroutine function that gives text."""
        settings = dict(
            agent=agent,
            provider=provider,
            workspace=workspace,
            lease=lease,
            timeout=timeout,
            wait=wait,
            orphans=orphans,
        )
        prepared = _prepared(settings, command, run, unknown_provider)
        engine = await Engine.open(directory, host=name, policy=policy, take_over=take_over)
        try:
            left = await _begin(engine, ends_runs)
        except BaseException:
            await engine.close()
            raise
        return cls(engine, prepared, command, run, unknown_provider, ends_runs, True, left)

    @classmethod
    async def over(
        cls,
        engine: Engine,
        *,
        agent: str,
        provider: Provider,
        command: _Command = None,
        run: _Function = None,
        workspace: _agents.Place = None,
        lease: int = 60,
        timeout: Optional[float] = None,
        wait: Optional[float] = None,
        orphans: _agents.Orphans = "refuse",
        ends_runs: bool = True,
        unknown_provider: bool = False,
    ) -> Host:
        """A host over a log that is open, as `wakelog.Host.over`."""
        settings = dict(
            agent=agent,
            provider=provider,
            workspace=workspace,
            lease=lease,
            timeout=timeout,
            wait=wait,
            orphans=orphans,
        )
        prepared = _prepared(settings, command, run, unknown_provider)
        left = await _begin(engine, ends_runs)
        return cls(engine, prepared, command, run, unknown_provider, ends_runs, False, left)

    def turn(
        self,
        session: str,
        text: Optional[str] = None,
        *,
        key: Optional[str] = None,
        source: Source = "message",
        check: bool = True,
        command: _Command = None,
        run: _Function = None,
        agent: Optional[str] = None,
        provider: Optional[Provider] = None,
        workspace: _agents.Place = None,
        lease: Optional[int] = None,
        timeout: Optional[float] = None,
        wait: Optional[float] = None,
        orphans: Optional[_agents.Orphans] = None,
        reason: Optional[str] = None,
        scope: Optional[str] = None,
        force_fresh: Optional[bool] = None,
        keep: Optional[bool] = None,
        resume: Optional[str] = None,
        fingerprint: Optional[Mapping[str, Any]] = None,
        transcript: Optional[bool] = None,
        transcripts: Optional[Mapping[str, bool]] = None,
        resumable: Optional[bool] = None,
        trace: Optional[str] = None,
        at: At = None,
    ) -> Turn:
        """A turn of `wakelog.Host`, to be used in an `async with`: the session is woken when that
        is entered."""
        if self._is_closed:
            raise Busy("the host was closed; make another one")
        own = command if run is None else run
        if own is not None:
            _agents.one_of(command, run, is_awaited=True)
        if provider is not None:
            _agents.known(provider, command if own else self._command, self._is_unknown)
        given = {
            "session": session,
            "text": text,
            "key": key,
            "source": source,
            "agent": agent,
            "provider": provider,
            "workspace": workspace,
            "lease": lease,
            "timeout": timeout,
            "wait": wait,
            "orphans": orphans,
            "reason": reason,
            "scope": scope,
            "force_fresh": force_fresh,
            "keep": keep,
            "resume": resume,
            "fingerprint": fingerprint,
            "transcript": transcript,
            "transcripts": transcripts,
            "resumable": resumable,
            "trace": trace,
            "at": at,
        }
        return Turn(
            self,
            session,
            _agents.turn_params(self._settings, given),
            self._command if own is None else command,
            self._run if own is None else run,
            check,
        )

    async def _wake(self, session: str, params: Params) -> Any:
        """One after the other in a session, as they come: threads of the library overtake each
        other."""
        lock, waiting = self._wakes.get(session) or (asyncio.Lock(), 0)
        self._wakes[session] = lock, waiting + 1
        try:
            async with lock:
                return await self.engine.call("turn", **params)
        finally:
            lock, waiting = self._wakes.pop(session)
            if waiting > 1:
                self._wakes[session] = lock, waiting - 1

    async def stop(self, session: str) -> bool:
        """Ends the open run of a session, if this host carries it out; whether there was one."""
        turns = _agents.running(self.engine, session)
        is_stopped = bool((await self.engine.call("host.stop", session=session))["stopped"])
        _agents.note_stop(turns, "cancelled")
        return is_stopped

    async def reset(self, session: str, *, because: Optional[str] = None) -> ResetResult:
        """Begins a new generation of a session, and ends the CLI that is in the old one."""
        turns = _agents.running(self.engine, session)
        params = named({"session": session, "because": because})
        result = read(ResetResult, await self.engine.call("host.reset", **params))
        _agents.note_stop(turns, "cancelled")
        return result

    async def close(self) -> None:
        """Ends every run and its CLI, or leaves them, and closes the log that it has opened."""
        self._is_closed = True
        turns = [turn for turn in _agents.turns_of(self.engine) if turn.host is self]
        _agents.note_stop(turns, "interrupted")
        if self._owns_engine:
            await self.engine.close()
        elif self._ends_runs and self.engine.blocking.is_open:
            await asyncio.gather(*(turn.close("interrupted") for turn in turns))


def _prepared(
    settings: Dict[str, Any], command: _Command, run: _Function, is_unknown: bool
) -> Params:
    """Looks at what is given, before a log is opened."""
    _agents.one_of(command, run, is_awaited=True)
    _agents.known(settings["provider"], command, is_unknown)
    return _agents.settings(settings)


async def _begin(engine: Engine, ends_runs: bool) -> List[Mapping[str, Any]]:
    await engine.call("host.open", endsRuns=ends_runs)
    left: List[Mapping[str, Any]] = (await engine.call("host.interrupted"))["items"]
    return left
