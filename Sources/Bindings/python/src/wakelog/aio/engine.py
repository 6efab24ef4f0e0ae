"""The engine in this process, for asyncio."""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, AsyncIterator, Mapping, Optional, Union

from .. import engine
from .._calls import Awaiting, Params
from .._closing import AwaitedClosing
from .._wire import PathLike
from ..errors import Busy
from ..methods import Methods
from ..results import Event
from . import _answers

__all__ = ["Engine"]


class Engine(Methods, Awaiting, AwaitedClosing):
    """A log, opened in this process. Calls that are awaited at a time share commits.

    Belongs to no event loop: an answer goes to the loop that awaits it. A call that is cancelled
    may still be carried out: it is only not waited for.
    """

    def __init__(self, blocking: engine.Engine) -> None:
        """Awaits the calls of an engine that is open: a log is open once in a process."""
        #: The same log, for callers that wait.
        self.blocking = blocking

    @classmethod
    async def open(
        cls,
        directory: PathLike,
        *,
        host: Optional[str],
        policy: Union[str, Mapping[str, Any], None] = None,
        read_only: bool = False,
        given_clock: bool = False,
        map_size_bytes: Optional[int] = None,
        cold_after_seconds: Optional[float] = None,
        writer_wait_seconds: Optional[float] = None,
        trusts_folder: bool = False,
        take_over: bool = False,
    ) -> Engine:
        """Opens a log as `wakelog.Engine` does, off the event loop."""
        opening = functools.partial(
            engine.Engine,
            directory,
            host=host,
            policy=policy,
            read_only=read_only,
            given_clock=given_clock,
            map_size_bytes=map_size_bytes,
            cold_after_seconds=cold_after_seconds,
            writer_wait_seconds=writer_wait_seconds,
            trusts_folder=trusts_folder,
            take_over=take_over,
        )
        return cls(await asyncio.get_running_loop().run_in_executor(None, opening))

    async def subscribe(self, *, from_: Optional[int] = None) -> AsyncIterator[Event]:
        """Every durable event from one on, in order, as they come, of this process or another; the
        log's first if left out. Ends when the engine is closed."""
        await self.call("events", **{"from": from_, "limit": 1})
        following = from_ or 1
        loop, wait = asyncio.get_running_loop(), self.blocking.wait_for_event
        # A thread of its own: the loop's are few, and others need them.
        thread = ThreadPoolExecutor(1, "wakelog-subscribe")
        try:
            while True:
                async for event in self.events(from_=following, limit=256):
                    yield event
                    following = event.seq + 1
                await loop.run_in_executor(thread, wait, following - 1)
        except Busy:
            if self.blocking.is_open:
                raise
        finally:
            thread.shutdown(wait=False)

    async def close(self) -> None:
        """Waits for the calls under way, and closes. Closing twice does nothing."""
        await asyncio.get_running_loop().run_in_executor(None, self.blocking.close)

    async def _carry_out(self, method: bytes, params: Params) -> Any:
        return await _answers.submit(self.blocking.handle, method, params)
