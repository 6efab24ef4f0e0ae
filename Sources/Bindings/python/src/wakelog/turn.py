"""One turn of an agent."""

from __future__ import annotations

import collections
import os
import time
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Deque, Iterator, Mapping, Optional, Type

from . import _agents
from ._agents import Attempt, Piece, Refused
from ._calls import Params, named
from ._patience import ask, begin, submit
from .engine import Engine

if TYPE_CHECKING:
    from .host import Host

__all__ = ["Turn"]

#: How long one look for what comes next takes: Python sees Ctrl-C in between.
_SLICE = 200


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
        #: The host whose turn it is.
        self.host = host
        self.session, self.payloads = session, []
        self._engine, self._command, self._run = host.engine, command, run
        self._timeout: Optional[float] = params.get("timeout")
        self._is_checked, self._is_scoped, self._has_ended = check, False, False
        self._process = os.getpid()
        self._pieces: Deque[Mapping[str, Any]] = collections.deque()
        self._answer: Optional[Iterator[Any]] = None
        self._cause: Optional[Exception] = None
        self._event: Optional[Mapping[str, Any]] = None
        self._wake(params)
        if self.disposition == "refused":
            self.close()
            raise Refused(self.because)
        _agents.remember(self._engine, self._number, self)

    def _wake(self, params: Params) -> None:
        """Wakes the session. Ctrl-C leaves nothing open."""
        engine = self._engine
        waits = engine.must_wait or params.get("orphans") == "wait"

        def undo(said: Mapping[str, Any]) -> None:
            _let_go(engine, said["turn"])

        (ask if waits else begin)(engine.handle, b"turn", params, self._was_woken, undo)

    def _was_woken(self, said: Mapping[str, Any]) -> None:
        self._number: int = said["turn"]
        # A turn that nobody has ended: its run must not stay open for as long as the process lives.
        self._finalizer = weakref.finalize(self, _let_go, self._engine, self._number)
        self._finalizer.atexit = False  # the engine ends them all
        self.disposition, self.because, self.run = said["disposition"], said["because"], said["run"]
        self._event = said["next"]

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
        `with`, in which another loop goes on where it stopped."""
        try:
            piece = self._next()
            while piece is not None:
                yield piece
                piece = self._next()
        except GeneratorExit:
            self._leave("cancelled")
            raise
        except BaseException:
            self._leave("interrupted")
            raise

    def _leave(self, outcome: str) -> None:
        if not self._is_scoped:
            self.close(outcome)

    def _next(self) -> Optional[Piece]:
        """The next piece; None at the end."""
        while True:
            if self._pieces:
                return self._hand_on(self._pieces.popleft())
            if self._has_ended:
                return None
            if self._answer is not None:
                piece = self._listen(self._answer)
                if piece is not None:
                    return piece
            event, self._event = self._event, None
            event = event or self._call(b"turn.next", milliseconds=_SLICE)
            kind = event["event"]
            if kind == "pieces":
                self._pieces.extend(event["pieces"])
            elif kind == "attempt":
                self._take(event)
                if self._command is not None:
                    self._call(b"turn.start", **_agents.agent_call(self._command(self)).sent())
                else:
                    self._answer = self._begin()
            elif kind == "end":
                self._has_ended = True
                self._finalizer.detach()  # the library has let go of it
                _agents.forget(self._engine, self._number)
                self._end(event, self._is_checked, self._cause)

    def _begin(self) -> Iterator[Any]:
        """Has a function answer."""
        self._cause = None
        if self._timeout is not None:
            self._limit = time.monotonic() + self._timeout
        try:
            assert self._run is not None
            given = self._run(self)
            return iter(() if given is None else [given] if _is_one(given) else given)
        except Exception as error:
            self._cause = error
            return iter(())

    def _listen(self, answer: Iterator[Any]) -> Optional[Piece]:
        """What a function says next; its end is told once all of that is handed on."""
        try:
            if self._cause is None and not self.is_stopped:
                said = next(answer)
                if not self.is_stopped:
                    self.check()
                    return self._hand_on(said)
        except StopIteration:
            pass
        except Exception as error:
            if _agents.is_lost(error):
                raise
            self._cause = error
        self._end_answer()
        self._event = self._call(b"turn.finish", **self._ending(self._cause))
        return None

    def _end_answer(self) -> None:
        """Has a function end that has more to say."""
        answer, self._answer = self._answer, None
        close = getattr(answer, "close", None)
        if close is not None:
            close()

    def report(self, *, session_id: Optional[str] = None, entered: bool = False) -> None:
        """Names the provider session, and says whether a model has answered in it. For `run`; of a
        CLI that is read from its output."""
        self._call(b"turn.report", **named({"session_id": session_id, "entered": entered}))

    def check(self) -> None:
        """Checks that the run may still write; `StaleFence` if it may not."""
        self._engine.check(session=self.session, fence=self.fence or "")

    def stop(self) -> None:
        """Ends the run, from any thread: as cancelled."""
        if self._finalizer.alive:
            self._call(b"turn.stop")
            self._note_stop("cancelled")

    def close(self, outcome: str = "cancelled") -> None:
        """Ends the run, if it has not ended, and its CLI. Closing twice does nothing."""
        if not self._finalizer.alive or os.getpid() != self._process:
            return
        self._note_stop(outcome)
        try:
            # One that is being asked, by another thread, sees that it is stopped.
            if not getattr(self._answer, "gi_running", False):
                self._end_answer()
        finally:
            self._close(outcome)

    def _close(self, outcome: str) -> None:
        try:
            if self._engine.is_open:
                self._call(b"turn.close", outcome=outcome)
            self._finalizer.detach()
            _agents.forget(self._engine, self._number)
        except BaseException:
            self._finalizer()  # it ends while nobody waits for that
            raise

    def _call(self, method: bytes, **params: Any) -> Any:
        params["turn"] = self._number
        return self._engine._carry_out(method, params)


def _is_one(given: Any) -> bool:
    return isinstance(given, (str, Piece, Mapping))


def _let_go(engine: Engine, number: int) -> None:
    """Ends a turn that was forgotten: aside, as the collector must not wait for a CLI."""
    if os.getpid() != engine.process_id or not engine.is_open:
        return  # the run is the parent's, or has ended with the engine
    said = {"turn": number, "outcome": "interrupted"}
    try:
        submit(engine.handle, b"turn.close", said)
    except BaseException:  # Ctrl-C meanwhile
        submit(engine.handle, b"turn.close", said)
        raise
    finally:
        _agents.forget(engine, number)
