"""One turn of an agent, for asyncio."""

from __future__ import annotations

import asyncio
import collections
import inspect
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Deque, Mapping, Optional, Type

from .. import _agents
from .._agents import Attempt, Piece, Refused
from .._calls import Params, named
from ._answering import END, Answering

if TYPE_CHECKING:
    from .host import Host

__all__ = ["Turn"]

#: How long the library looks for what comes next: a call that is cancelled ends before.
_SLICE = 60_000


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
        self._engine, self._params = host.engine, params
        self._command, self._run, self._is_checked = command, run, check
        self._pieces: Deque[Mapping[str, Any]] = collections.deque()
        self._answer: Optional[Answering] = None
        self._cause: Optional[Exception] = None
        self._number: Optional[int] = None
        self._event: Optional[Mapping[str, Any]] = None
        self._is_closed = self._has_ended = False

    async def __aenter__(self) -> Turn:
        waking = asyncio.ensure_future(self.host._wake(self.session, self._params))
        try:
            said = await asyncio.shield(waking)
        except asyncio.CancelledError:
            # The run may have begun all the same, and has to end.
            waking.add_done_callback(self._undo)
            raise
        self._number = said["turn"]
        self.disposition, self.because, self.run = said["disposition"], said["because"], said["run"]
        self._event = said["next"]
        if self.disposition == "refused":
            await self.close()
            raise Refused(self.because)
        _agents.remember(self._engine, said["turn"], self)
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

    def __aiter__(self) -> Turn:
        """What the agent says and does. A second loop goes on where the first one stopped."""
        if self._number is None:
            raise RuntimeError("use a turn in `async with`: whatever is raised, its run ends then")
        return self

    async def __anext__(self) -> Piece:
        """The next piece."""
        while True:
            if self._pieces:
                return self._hand_on(self._pieces.popleft())
            if self._has_ended:
                raise StopAsyncIteration
            if self._answer is not None:
                piece = await self._listen(self._answer)
                if piece is not None:
                    return piece
            event, self._event = self._event, None
            event = event or await self._call(b"turn.next", milliseconds=_SLICE)
            kind = event["event"]
            if kind == "pieces":
                self._pieces.extend(event["pieces"])
            elif kind == "attempt":
                self._take(event)
                await self._begin()
            elif kind == "end":
                self._has_ended = self._is_closed = True  # the library has let go of it
                self._forget()
                self._end(event, self._is_checked, self._cause)

    async def _begin(self) -> None:
        """Has a CLI or a function make the attempt."""
        if self._command is not None:
            call = self._command(self)
            if inspect.isawaitable(call):
                call = await call
            await self._call(b"turn.start", **_agents.agent_call(call).sent())
            return
        assert self._run is not None
        timeout = self._params.get("timeout")
        if timeout is not None:
            self._limit = time.monotonic() + timeout
        self._cause = None
        self._answer = Answering(self._run, self, timeout)

    async def _listen(self, answer: Answering) -> Optional[Piece]:
        """What a function says next; its end is told once all of that is handed on."""
        try:
            said = await answer.next()
            if said is not END and not self.is_stopped:
                await self.check()
                return self._hand_on(said)
            self._cause = answer.error
        except Exception as error:
            self._cause = error
        if self._cause is not None and _agents.is_lost(self._cause):
            raise self._cause
        self._answer = None
        await answer.end()
        self._event = await self._call(b"turn.finish", **self._ending(self._cause))
        return None

    async def report(self, *, session_id: Optional[str] = None, entered: bool = False) -> None:
        """Names the provider session, and says whether a model has answered in it. For `run`; of a
        CLI that is read from its output."""
        await self._call(b"turn.report", **named({"session_id": session_id, "entered": entered}))

    async def check(self) -> None:
        """Checks that the run may still write; `StaleFence` if it may not."""
        await self._engine.check(session=self.session, fence=self.fence or "")

    async def stop(self) -> None:
        """Ends the run: as cancelled."""
        if not self._is_closed and self._number is not None:
            await self._call(b"turn.stop")
            self._note_stop("cancelled")

    async def close(self, outcome: str = "cancelled") -> None:
        """Ends the run, if it has not ended, its CLI, and its function. Closing twice does
        nothing."""
        if self._is_closed or self._number is None:
            return
        self._is_closed = True
        self._forget()
        self._note_stop(outcome)
        answer, self._answer = self._answer, None
        try:
            if answer is not None:
                await answer.end()
        finally:
            # A task that is cancelled again waits no longer, and the run ends all the same.
            if self._engine.blocking.is_open:
                await asyncio.shield(self._call(b"turn.close", outcome=outcome))

    def _forget(self) -> None:
        if self._number is not None:
            _agents.forget(self._engine, self._number)

    def _note_stop(self, outcome: str) -> None:
        super()._note_stop(outcome)
        if self._answer is not None:
            self._answer.cancel()

    async def _call(self, method: bytes, **params: Any) -> Any:
        params["turn"] = self._number
        return await self._engine._carry_out(method, params)
