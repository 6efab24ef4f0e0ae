"""The loop around an agent."""

from __future__ import annotations

import threading
import weakref
from types import TracebackType
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Type, Union

from . import _agents
from ._agents import Attempt, Piece, Refused, RunFailed
from ._calls import Params, named
from ._closing import Closing
from ._objects import read
from ._wire import PathLike
from .engine import Engine
from .errors import WakelogError
from .methods import At, Source
from .providers import Provider
from .results import FinishResult, InterruptedRun, ResetResult

__all__ = ["Host", "Interrupted", "Turn"]

#: How long one look for what comes next takes: Python sees Ctrl-C in between.
_SLICE = 200


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

    @property
    def alive(self) -> bool:
        """Whether its CLI, or what that has started, still lives here."""
        return bool(self._engine.call("host.isAlive", run=self.run)["alive"])

    def end_orphan(self) -> bool:
        """Ends the CLI, and all that it has started, if they live; whether none is left."""
        return bool(self._engine.call("host.endOrphan", run=self.run)["ended"])


class Host(Closing):
    """Wakes agents, runs their CLIs, falls back, and sees to it that every run ends.

    It renews leases while the loop is busy elsewhere, checks that the run may still write before it
    hands anything on, and ends every CLI with all that it has started. May be used from many
    threads; a turn by one at a time.
    """

    def __init__(
        self,
        directory: PathLike,
        *,
        name: str,
        agent: str,
        provider: Provider,
        command: Optional[Callable[[Turn], Any]] = None,
        run: Optional[Callable[[Turn], Iterator[Any]]] = None,
        workspace: _agents.Place = None,
        lease: int = 60,
        timeout: Optional[float] = None,
        wait: Optional[float] = None,
        orphans: str = "refuse",
        policy: Union[str, Mapping[str, Any], None] = None,
        take_over: bool = False,
        ends_runs: bool = True,
        unknown_provider: bool = False,
    ) -> None:
        """Opens a log under a name; `Busy` while another process of this machine has it.

        `command` gives the words of a CLI's call for a turn, or an `AgentCall`; the words that
        resume its session are put in. `run` answers in a CLI's place: a generator function that
        yields text or pieces. `timeout` and `lease` are seconds; `wait` is how long a turn waits for
        an open run of its session, None for as long as it takes. `orphans` says what is done with a
        CLI in the session whose host is gone: `refuse`, `wait` or `end`. Without `ends_runs`, runs
        and CLIs are left as they are when the host is closed.
        """
        _agents.one_of(command, run)
        _agents.known(provider, command, unknown_provider)
        self._begin(
            Engine(directory, host=name, policy=policy, take_over=take_over),
            dict(
                agent=agent,
                provider=provider,
                workspace=workspace,
                lease=lease,
                timeout=timeout,
                wait=wait,
                orphans=orphans,
            ),
            command,
            run,
            ends_runs,
        )

    def _begin(
        self, engine: Engine, settings: Dict[str, Any], command: Any, run: Any, ends_runs: bool
    ) -> None:
        #: The log, for all that is no turn.
        self.engine = engine
        self._settings = settings
        self._command, self._run = command, run
        try:
            _agents.turn_params(settings, {})
            engine.call("host.open", endsRuns=ends_runs)
            left = engine.call("host.interrupted")["items"]
        except BaseException:
            engine.close()
            raise
        #: Runs that earlier processes of this host left open.
        self.interrupted = [Interrupted(engine, one) for one in left]

    def turn(
        self,
        session: str,
        text: Optional[str] = None,
        *,
        key: Optional[str] = None,
        source: Source = "message",
        check: bool = True,
        command: Optional[Callable[[Turn], Any]] = None,
        run: Optional[Callable[[Turn], Iterator[Any]]] = None,
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
        """Wakes a session, and gives what its agent says and does, piece by piece.

        Use it in a `with`: whatever is raised, the run ends. `text` is what the agent is asked; it
        is kept in the log until the run has ended. `key` makes a message that comes twice be
        answered once. Where a run of the session is open the turn waits, and answers what has come
        meanwhile too. At the end of a run that did not succeed `RunFailed` is raised, unless
        `check` is false. A refused wake raises `Refused`. Other parameters are those of `wake`, and
        the host's own for this turn.
        """
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
            self.engine,
            session,
            params,
            self._command if own is None else command,
            self._run if own is None else run,
            check,
        )

    def stop(self, session: str) -> bool:
        """Ends the open run of a session, if this host carries it out; whether there was one."""
        return bool(self.engine.call("host.stop", session=session)["stopped"])

    def reset(self, session: str, *, because: Optional[str] = None) -> ResetResult:
        """Begins a new generation of a session, and ends the CLI that is in the old one."""
        params = named({"session": session, "because": because})
        return read(ResetResult, self.engine.call("host.reset", **params))

    def close(self) -> None:
        """Ends every run and its CLI, or leaves them, and closes the log."""
        if self.engine.is_open:
            self.engine.close()


class Turn(Attempt):
    """One run of a session, from its wake to its end. Iterate over it for what the agent says."""

    def __init__(
        self,
        engine: Engine,
        session: str,
        params: Params,
        command: Optional[Callable[[Turn], Any]],
        run: Optional[Callable[[Turn], Iterator[Any]]],
        check: bool,
    ) -> None:
        self.session, self.payloads = session, []
        self._engine, self._command, self._run = engine, command, run
        self._is_checked = check
        self._is_scoped = False
        self._facts: Optional[Dict[str, Any]] = None
        self._cause: Optional[BaseException] = None
        said = engine.call("turn", **params)
        self._number: int = said["turn"]
        self.disposition, self.run = said["disposition"], said["run"]
        self._event: Optional[Mapping[str, Any]] = said["next"]
        # A turn that nobody has ended: its run must not stay open for as long as the process lives.
        self._finalizer = weakref.finalize(self, _let_go, engine, self._number)
        self._finalizer.atexit = False  # the engine ends them all
        if self.disposition == "refused":
            self.close()
            raise Refused(said["because"])

    def __enter__(self) -> Turn:
        self._is_scoped = True
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close("cancelled" if error is None else "interrupted")

    def __iter__(self) -> Iterator[Piece]:
        """What the agent says and does. A loop that is left ends the run: at once, or with its
        `with`."""
        try:
            yield from self._pieces()
        finally:
            if not self._is_scoped:
                self.close("cancelled")

    def _pieces(self) -> Iterator[Piece]:
        while True:
            event, self._event = self._event, None
            event = event or self._call("turn.next", milliseconds=_SLICE)
            kind = event["event"]
            if kind == "pieces":
                for one in event["pieces"]:
                    yield Piece(**one)
            elif kind == "attempt":
                self._take(event)
                if self._command is not None:
                    self._call("turn.start", **_agents.agent_call(self._command(self)).sent())
                else:
                    yield from self._answer()
            elif kind == "end":
                self._finalizer.detach()  # the library has let go of it
                self.disposition = event["disposition"]
                if event["result"] is None:
                    return
                self.result = read(FinishResult, event["result"])
                if self._is_checked and self.result.outcome != "succeeded":
                    raise RunFailed(event) from self._cause
                return

    def _answer(self) -> Iterator[Piece]:
        """What a function says; its end is told once all of that is handed on."""
        assert self._run is not None
        self._facts = self._cause = None
        facts: Dict[str, Any] = {"outcome": "succeeded"}
        answer: Iterator[Any] = iter(())
        try:
            given = self._run(self)
            if given is not None:
                answer = iter([given] if isinstance(given, (str, Piece)) else given)
        except Exception as error:
            self._cause = error
        try:
            while self._cause is None:
                try:
                    said = next(answer)
                except StopIteration:
                    break
                except Exception as error:
                    if _agents.is_lost(error):
                        raise
                    self._cause = error
                    break
                self.check()
                yield _agents.piece_of(said)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        if self._cause is not None:
            assert isinstance(self._cause, Exception)
            facts = _agents.failure_facts(self._cause)
        elif self._facts is not None:
            facts = self._facts
        self._event = self._call("turn.finish", **named(facts))

    def report(self, *, session_id: Optional[str] = None, entered: bool = False) -> None:
        """Names the provider session, and says whether a model has answered in it. For `run`; of a
        CLI that is read from its output."""
        self._call("turn.report", **named({"session_id": session_id, "entered": entered}))

    def finish(self, **facts: Any) -> None:
        """Says how the attempt ended, in the words of `Engine.finish`. For `run`, where it was no
        plain success; told when all that it said is handed on."""
        self._facts = facts

    def check(self) -> None:
        """Checks that the run may still write; `StaleFence` if it may not."""
        self._engine.check(session=self.session, fence=self.fence or "")

    def stop(self) -> None:
        """Ends the run, from any thread: as cancelled."""
        self._call("turn.stop")

    def close(self, outcome: str = "cancelled") -> None:
        """Ends the run, if it has not ended, and its CLI. Closing twice does nothing."""
        if self._finalizer.detach() and self._engine.is_open:
            self._engine.call("turn.close", turn=self._number, outcome=outcome)

    def _call(self, method: str, **params: Any) -> Any:
        return self._engine.call(method, turn=self._number, **params)


def _let_go(engine: Engine, number: int) -> None:
    """Ends a turn that was forgotten: aside, as the collector must not wait for a CLI."""

    def close() -> None:
        try:
            if engine.is_open:
                engine.call("turn.close", turn=number, outcome="interrupted")
        except WakelogError:
            pass  # closed meanwhile

    threading.Thread(target=close, daemon=True).start()
