"""The engine in a process of its own, for asyncio."""

from __future__ import annotations

import asyncio
import os
from typing import Any, AsyncIterator, Callable, Optional

from .._calls import Awaiting, Params, encoded, named
from .._closing import AwaitedClosing
from .._objects import read
from .._wire import PathLike, Reply, Wire, server_words
from ..errors import Busy
from ..methods import Methods
from ..results import Event
from ._transport import Pipes, Socket, Transport

__all__ = ["Client"]


class Client(Methods, Awaiting, AwaitedClosing):
    """A log behind `wakelog serve`: `wakelog.Client`, to be awaited.

    Calls that are awaited at a time go out one after the other without waiting for answers, and
    share commits. Belongs to the event loop that it was made in.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._wire = Wire()
        self._process_id = os.getpid()
        self._is_closed = False
        self._sending = asyncio.Lock()
        self._reading = asyncio.Lock()

    @classmethod
    async def spawn(
        cls,
        *,
        log: PathLike,
        host: Optional[str],
        policy: Optional[PathLike] = None,
        given_clock: bool = False,
        wakelog: PathLike = "wakelog",
    ) -> Client:
        """Starts a server over a log, as `wakelog.Client.spawn` does."""
        words = server_words(wakelog, log, host, policy, given_clock)
        client = cls(await Pipes.start(words))
        await client.hello()
        return client

    @classmethod
    async def connect(cls, path: PathLike) -> Client:
        """Speaks to a server that runs already, over its socket."""
        client = cls(await Socket.connect(os.fspath(path)))
        await client.hello()
        return client

    async def subscribe(self, *, from_: Optional[int] = None) -> AsyncIterator[Event]:
        """Every durable event from one on, in order, as they come; the log's first if left out.

        Ends when the client is closed. A client has one subscription: connect again for another.
        """
        wire = self._wire
        # From here on: events may come with the answer.
        was_followed, wire.is_followed = wire.is_followed, True
        try:
            await self._carry_out(b"subscribe", named({"from_": from_}))
        except BaseException:
            wire.is_followed = was_followed
            raise
        wire.is_subscribed = True
        try:
            while True:
                await self._read_until(lambda: bool(wire.events) or wire.end_reason is not None)
                if not wire.events:
                    break
                yield read(Event, wire.events.popleft())
        finally:
            wire.is_followed = False
            wire.events.clear()
        if not self._is_closed:
            raise wire.loss

    async def close(self) -> None:
        """Waits for the calls under way, and ends the connection."""
        if os.getpid() != self._process_id:
            return  # the server is the parent's
        async with self._sending:
            if not self._is_closed:
                self._is_closed = True
                self._transport.finish(self._wire.is_subscribed)
        await self._read_until(lambda: self._wire.end_reason is not None)

    async def _carry_out(self, method: bytes, params: Params) -> Any:
        body, reply = encoded(method, params), Reply()
        if os.getpid() != self._process_id:
            raise Busy("the connection is of the process before the fork; make one of your own")
        async with self._sending:
            if self._is_closed:
                raise Busy("the client is closed; make another one")
            await self._transport.send(self._wire.ask(method, body, reply))
        await self._read_until(lambda: reply.has_come)
        return reply.take()

    async def _read_until(self, is_done: Callable[[], bool]) -> None:
        """Reads, or lets another task read, until there is what this one waits for."""
        while not is_done():
            async with self._reading:
                if not is_done():
                    await self._read()

    async def _read(self) -> None:
        piece = await self._transport.receive()
        if piece:
            self._wire.feed(piece)
        if not piece or self._wire.end_reason is not None:
            self._wire.end(await self._transport.end())
