"""The loop around an agent, for asyncio."""

from __future__ import annotations

import asyncio
import inspect
from types import TracebackType
from typing import (
    Any,
    AsyncIterator,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Tuple,
    Type,
    Union,
)

from .. import _agents
from .._agents import Attempt, Piece, Refused, RunFailed
from .._calls import Params, named
from .._closing import AwaitedClosing
from .._objects import read
from .._wire import PathLike
from ..methods import At, Source
from ..providers import Provider
from ..results import FinishResult, InterruptedRun, ResetResult
from .engine import Engine

__all__ = ["Host", "Interrupted", "Turn"]

#: How long the library looks for what comes next: a call that is cancelled ends before.
_SLICE = 60_000


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
        settings: Dict[str, Any],
        command: Optional[Callable[[Turn], Any]],
        run: Optional[Callable[[Turn], Any]],
        interrupted: List[Mapping[str, Any]],
    ) -> None:
        """Use `open`."""
        #: The log, for all that is no turn.
        self.engine = engine
        self._settings, self._command, self._run = settings, command, run
        #: Runs that earlier processes of this host left open.
        self.interrupted = [Interrupted(engine, one) for one in interrupted]
        self._wakes: Dict[str, Tuple[asyncio.Lock, int]] = {}

    @classmethod
    async def open(
        cls,
        directory: PathLike,
        *,
        name: str,
        agent: str,
        provider: Provider,
        command: Optional[Callable[[Turn], Any]] = None,
        run: Optional[Callable[[Turn], Any]] = None,
        workspace: _agents.Place = None,
        lease: int = 60,
        timeout: Optional[float] = None,
        wait: Optional[float] = None,
        orphans: str = "refuse",
        policy: Union[str, Mapping[str, Any], None] = None,
        take_over: bool = False,
        ends_runs: bool = True,
        unknown_provider: bool = False,
    ) -> Host:
        """Opens a log as `wakelog.Host` does, off the event loop. `command` may be a coroutine
        function; `run` is an async generator function, or a coroutine function that gives text."""
        _agents.one_of(command, run)
        _agents.known(provider, command, unknown_provider)
        settings = dict(
            agent=agent,
            provider=provider,
            workspace=workspace,
            lease=lease,
            timeout=timeout,
            wait=wait,
            orphans=orphans,
        )
        _agents.turn_params(settings, {})
        engine = await Engine.open(directory, host=name, policy=policy, take_over=take_over)
        try:
            await engine.call("host.open", endsRuns=ends_runs)
            left = (await engine.call("host.interrupted"))["items"]
        except BaseException:
            await engine.close()
            raise
        return cls(engine, settings, command, run, left)

    def turn(
        self,
        session: str,
        text: Optional[str] = None,
        *,
        key: Optional[str] = None,
        source: Source = "message",
        check: bool = True,
        command: Optional[Callable[[Turn], Any]] = None,
        run: Optional[Callable[[Turn], Any]] = None,
        agent: Optional[str] = None,
        provider: Optional[Provider] = None,
        workspace: _agents.Place = None,
        lease: Optional[int] = None,
        timeout: Optional[float] = None,
        wait: Optional[float] = None,
        orphans: Optional[str] = None,
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
        if command is not None or run is not None:
            _agents.one_of(command, run)
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
        params = _agents.turn_params(self._settings, given)
        own = command or run
        return Turn(
            self,
            session,
            params,
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
        return bool((await self.engine.call("host.stop", session=session))["stopped"])

    async def reset(self, session: str, *, because: Optional[str] = None) -> ResetResult:
        """Begins a new generation of a session, and ends the CLI that is in the old one."""
        params = named({"session": session, "because": because})
        return read(ResetResult, await self.engine.call("host.reset", **params))

    async def close(self) -> None:
        """Ends every run and its CLI, or leaves them, and closes the log."""
        await self.engine.close()


class Turn(Attempt):
    """One run of a session, from its wake to its end. Iterate over it for what the agent says."""

    def __init__(
        self,
        host: Host,
        session: str,
        params: Params,
        command: Optional[Callable[[Turn], Any]],
        run: Optional[Callable[[Turn], Any]],
        check: bool,
    ) -> None:
        self.session, self.payloads = session, []
        self._host, self._params = host, params
        self._command, self._run, self._is_checked = command, run, check
        self._facts: Optional[Dict[str, Any]] = None
        self._cause: Optional[Exception] = None
        self._number: Optional[int] = None
        self._event: Optional[Mapping[str, Any]] = None
        self._is_closed = False

    async def __aenter__(self) -> Turn:
        waking = asyncio.ensure_future(self._host._wake(self.session, self._params))
        try:
            said = await asyncio.shield(waking)
        except asyncio.CancelledError:
            # The run may have begun all the same, and has to end.
            waking.add_done_callback(self._undo)
            raise
        self._number = said["turn"]
        self.disposition, self.run = said["disposition"], said["run"]
        self._event = said["next"]
        if self.disposition == "refused":
            await self.close()
            raise Refused(said["because"])
        return self

    def _undo(self, waking: asyncio.Future[Any]) -> None:
        if not waking.cancelled() and waking.exception() is None:
            self._number = waking.result()["turn"]
            # Kept until it is done by the loop that it belongs to.
            self._undoing = asyncio.ensure_future(self.close("interrupted"))

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close("cancelled" if error is None else "interrupted")

    async def __aiter__(self) -> AsyncIterator[Piece]:
        """What the agent says and does."""
        if self._number is None:
            raise RuntimeError("use a turn in `async with`: whatever is raised, its run ends then")
        while True:
            event, self._event = self._event, None
            event = event or await self._call("turn.next", milliseconds=_SLICE)
            kind = event["event"]
            if kind == "pieces":
                for one in event["pieces"]:
                    yield Piece(**one)
            elif kind == "attempt":
                self._take(event)
                if self._command is not None:
                    call = self._command(self)
                    if inspect.isawaitable(call):
                        call = await call
                    await self._call("turn.start", **_agents.agent_call(call).sent())
                else:
                    async for piece in self._answer():
                        yield piece
            elif kind == "end":
                self._is_closed = True  # the library has let go of it
                self.disposition = event["disposition"]
                if event["result"] is None:
                    return
                self.result = read(FinishResult, event["result"])
                if self._is_checked and self.result.outcome != "succeeded":
                    raise RunFailed(event) from self._cause
                return

    async def _answer(self) -> AsyncIterator[Piece]:
        """What a function says; its end is told once all of that is handed on."""
        assert self._run is not None
        self._facts = self._cause = None
        answer: Any = None
        try:
            try:
                answer = self._run(self)
                if inspect.isawaitable(answer):
                    text, answer = await answer, None
                    if text is not None:
                        answer = _one(text)
            except Exception as error:
                self._cause = error
            while self._cause is None and answer is not None:
                try:
                    said = await answer.__anext__()
                except StopAsyncIteration:
                    break
                except Exception as error:
                    if _agents.is_lost(error):
                        raise
                    self._cause = error
                    break
                await self.check()
                yield _agents.piece_of(said)
        finally:
            close = getattr(answer, "aclose", None)
            if close is not None:
                await close()
        facts: Dict[str, Any] = {"outcome": "succeeded"}
        if self._cause is not None:
            facts = _agents.failure_facts(self._cause)
        elif self._facts is not None:
            facts = self._facts
        self._event = await self._call("turn.finish", **named(facts))

    async def report(self, *, session_id: Optional[str] = None, entered: bool = False) -> None:
        """Names the provider session, and says whether a model has answered in it. For `run`; of a
        CLI that is read from its output."""
        await self._call("turn.report", **named({"session_id": session_id, "entered": entered}))

    def finish(self, **facts: Any) -> None:
        """Says how the attempt ended, in the words of `Engine.finish`. For `run`, where it was no
        plain success; told when all that it said is handed on."""
        self._facts = facts

    async def check(self) -> None:
        """Checks that the run may still write; `StaleFence` if it may not."""
        await self._host.engine.check(session=self.session, fence=self.fence or "")

    async def stop(self) -> None:
        """Ends the run: as cancelled."""
        await self._call("turn.stop")

    async def close(self, outcome: str = "cancelled") -> None:
        """Ends the run, if it has not ended, and its CLI. Closing twice does nothing."""
        if self._is_closed or self._number is None:
            return
        self._is_closed = True
        # A task that is cancelled again waits no longer, and the run ends all the same.
        await asyncio.shield(self._call("turn.close", outcome=outcome))

    async def _call(self, method: str, **params: Any) -> Any:
        return await self._host.engine.call(method, turn=self._number, **params)


async def _one(said: Any) -> AsyncIterator[Any]:
    yield said
