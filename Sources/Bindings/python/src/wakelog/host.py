"""The loop around an agent."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Union

from . import _agents
from ._agents import Piece
from ._calls import named
from ._closing import Closing
from ._objects import read
from ._wire import PathLike
from .engine import Engine
from .errors import Busy
from .methods import At, Source
from .providers import Provider
from .results import InterruptedRun, ResetResult
from .turn import Turn

__all__ = ["Host", "Interrupted", "Turn"]

#: What gives a CLI's call.
_Command = Optional[Callable[[Turn], Any]]
#: What answers in a CLI's place.
_Function = Optional[Callable[[Turn], Union[Iterator[Union[str, Piece]], Any]]]


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
    ) -> None:
        """Opens a log under a name; `Busy` while another process of this machine has it.

        `command` gives the words of a CLI's call for a turn, or an `AgentCall`; the words that
        resume its session are put in. `run` answers in a CLI's place: a generator function that
        yields text or pieces. Nothing interrupts it between two of them: one that takes long looks
        at `turn.is_stopped`. `timeout` and `lease` are seconds; `wait` is how long a turn waits for
        an open run of its session, None for as long as it takes. `orphans` says what is done with a
        CLI in the session whose host is gone: `refuse`, `wait` or `end`. Without `ends_runs`, runs
        and CLIs are left as they are when the host is closed.
        """
        settings = dict(
            agent=agent,
            provider=provider,
            workspace=workspace,
            lease=lease,
            timeout=timeout,
            wait=wait,
            orphans=orphans,
        )
        self._prepare(settings, command, run, unknown_provider)
        engine = Engine(directory, host=name, policy=policy, take_over=take_over)
        try:
            self._begin(engine, ends_runs, owns=True)
        except BaseException:
            engine.close()
            raise

    @classmethod
    def over(
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
        """A host over a log that is open, under the name that it was opened with; there may be
        more, for agents that are called otherwise. Closing it ends its turns and leaves the log
        open; the first one says for all whether runs end with the log."""
        settings = dict(
            agent=agent,
            provider=provider,
            workspace=workspace,
            lease=lease,
            timeout=timeout,
            wait=wait,
            orphans=orphans,
        )
        host = cls.__new__(cls)
        host._prepare(settings, command, run, unknown_provider)
        host._begin(engine, ends_runs, owns=False)
        return host

    def _prepare(
        self, settings: Dict[str, Any], command: _Command, run: _Function, is_unknown: bool
    ) -> None:
        """Looks at what is given, before a log is opened."""
        _agents.one_of(command, run, is_awaited=False)
        _agents.known(settings["provider"], command, is_unknown)
        self._settings = _agents.settings(settings)
        self._command, self._run, self._is_unknown = command, run, is_unknown

    def _begin(self, engine: Engine, ends_runs: bool, owns: bool) -> None:
        #: The log, for all that is no turn.
        self.engine = engine
        self._owns_engine, self._ends_runs, self._is_closed = owns, ends_runs, False
        engine.call("host.open", endsRuns=ends_runs)
        left: List[Mapping[str, Any]] = engine.call("host.interrupted")["items"]
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
        """Wakes a session, and gives what its agent says and does, piece by piece.

        Use it in a `with`: whatever is raised, the run ends. `text` is what the agent is asked; it
        is kept in the log until the run has ended. `key` makes a message that comes twice be
        answered once. Where a run of the session is open the turn waits, and answers what has come
        meanwhile too. At the end of a run that did not succeed `RunFailed` is raised, unless
        `check` is false. A refused wake raises `Refused`. Other parameters are those of `wake`, and
        the host's own for this turn.
        """
        if self._is_closed:
            raise Busy("the host was closed; make another one")
        own = command if run is None else run
        if own is not None:
            _agents.one_of(command, run, is_awaited=False)
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

    def stop(self, session: str) -> bool:
        """Ends the open run of a session, if this host carries it out; whether there was one."""
        turns = _agents.running(self.engine, session)
        is_stopped = bool(self.engine.call("host.stop", session=session)["stopped"])
        _agents.note_stop(turns, "cancelled")
        return is_stopped

    def reset(self, session: str, *, because: Optional[str] = None) -> ResetResult:
        """Begins a new generation of a session, and ends the CLI that is in the old one."""
        turns = _agents.running(self.engine, session)
        params = named({"session": session, "because": because})
        result = read(ResetResult, self.engine.call("host.reset", **params))
        _agents.note_stop(turns, "cancelled")
        return result

    def close(self) -> None:
        """Ends every run and its CLI, or leaves them, and closes the log that it has opened."""
        self._is_closed = True
        if not self.engine.is_open:
            return
        turns = [turn for turn in _agents.turns_of(self.engine) if turn.host is self]
        _agents.note_stop(turns, "interrupted")
        if self._owns_engine:
            self.engine.close()
        elif self._ends_runs:
            for turn in turns:
                turn.close("interrupted")
