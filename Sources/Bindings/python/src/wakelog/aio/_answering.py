"""A function that answers in a CLI's place."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Optional

__all__ = ["END", "Answering"]

#: What comes after all that a function says.
END = object()
#: How long a function may take to end that is cancelled, as long as a CLI.
_PATIENCE = 5


class Answering:
    """Runs a function in a task of its own, from its first word to its last: it can be ended while
    it thinks, and libraries of agents want to end where they have begun. It goes on when what it
    has said is handed on."""

    def __init__(self, run: Callable[[Any], Any], turn: Any, timeout: Optional[float]) -> None:
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        self._is_taken = self._is_cancelled = False
        self._task = asyncio.ensure_future(self._work(run, turn))
        self._task.add_done_callback(self._has_ended)
        self._timer = timeout and asyncio.get_running_loop().call_later(timeout, self.cancel)
        #: What it raised.
        self.error: Optional[Exception] = None

    async def next(self) -> Any:
        """What it says next; `END` at last."""
        if self._is_taken:
            self._said.task_done()
        self._is_taken = True
        return await self._said.get()

    def cancel(self) -> None:
        """Asks it to end."""
        self._is_cancelled = True
        self._task.cancel()

    async def end(self) -> None:
        """Ends it, and waits for that."""
        if not self._task.done():
            self.cancel()
            await asyncio.wait({self._task}, timeout=_PATIENCE)

    async def _work(self, run: Callable[[Any], Any], turn: Any) -> None:
        answer = run(turn)
        if inspect.isawaitable(answer):
            answer = await answer
            if answer is not None:
                self._said.put_nowait(answer)
            return
        if answer is None:
            return
        try:
            async for said in answer:
                self._said.put_nowait(said)
                await self._said.join()
        finally:
            close = getattr(answer, "aclose", None)
            if close is not None:
                await close()

    def _has_ended(self, task: asyncio.Task[None]) -> None:
        if self._timer:
            self._timer.cancel()
        if not task.cancelled():
            error = task.exception()
            self.error = error if isinstance(error, Exception) else None
        elif not self._is_cancelled:
            self.error = RuntimeError("the function was cancelled, and not by its host")
        self._said.put_nowait(END)
