"""The engine in a process of its own: `wakelog serve`, spoken to over pipes or its socket."""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, Iterator, Optional

from ._calls import Blocking, Params, encoded, named
from ._closing import Closing
from ._objects import read
from ._transport import Pipes, Socket, Transport
from ._wire import PathLike, Reply, Wire, server_words
from .errors import Busy
from .methods import Methods
from .results import Event

__all__ = ["Client"]


class Client(Methods, Blocking, Closing):
    """A log behind `wakelog serve`, for hosts that keep the engine out of their process.

    May be used from many threads; what they ask shares commits. Nothing reads from the server but
    those who wait for an answer or an event: a slow subscriber slows the server, and holds nothing
    in memory but what came before the answers that were asked for meanwhile. One that asks much
    while it is far behind does so on a client of its own.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._wire = Wire()
        self._process_id = os.getpid()
        self._is_closed = False
        self._sending = threading.Lock()
        # Guards the wire; may be taken twice, as the collector may end a subscription anywhere.
        self._guard = threading.RLock()
        # Told when something came and nobody reads any more, if there are threads that wait for it.
        self._changed = threading.Condition(self._guard)
        self._waiting = 0
        self._is_read = False

    @classmethod
    def spawn(
        cls,
        *,
        log: PathLike,
        host: Optional[str],
        policy: Optional[PathLike] = None,
        given_clock: bool = False,
        wakelog: PathLike = "wakelog",
    ) -> Client:
        """Starts a server over a log, and speaks to it over its pipes; it ends with the client.

        `host` names this process' host, whose earlier runs end as interrupted; None for a process
        that starts no runs. `policy` is a name or a file, `wakelog` the program.
        """
        client = cls(Pipes(server_words(wakelog, log, host, policy, given_clock)))
        client.hello()
        return client

    @classmethod
    def connect(cls, path: PathLike) -> Client:
        """Speaks to a server that runs already, over its socket."""
        client = cls(Socket(os.fspath(path)))
        client.hello()
        return client

    def subscribe(self, *, from_: Optional[int] = None) -> Iterator[Event]:
        """Every durable event from one on, in order, as they come; the log's first if left out.

        Ends when the client is closed. A client has one subscription: connect again for another.
        """
        with self._guard:
            # From here on: events may come with the answer.
            was_followed, self._wire.is_followed = self._wire.is_followed, True
        try:
            self._carry_out(b"subscribe", named({"from_": from_}))
        except BaseException:
            self._wire.is_followed = was_followed
            raise
        self._wire.is_subscribed = True
        return self._events()

    def close(self) -> None:
        """Waits for the calls under way, and ends the connection."""
        if os.getpid() != self._process_id:
            return  # the server is the parent's
        with self._sending:
            if not self._is_closed:
                self._is_closed = True
                self._transport.finish(self._wire.is_subscribed)
        self._read_until(lambda: self._wire.end_reason is not None)

    def _carry_out(self, method: bytes, params: Params) -> Any:
        body, reply = encoded(method, params), Reply()
        if os.getpid() != self._process_id:
            raise Busy("the connection is of the process before the fork; make one of your own")
        with self._sending:
            if self._is_closed:
                raise Busy("the client is closed; make another one")
            with self._guard:
                line = self._wire.ask(method, body, reply)
            try:
                self._transport.send(line)
            except BaseException:
                self._break_off()
                raise
        self._read_until(lambda: reply.has_come)
        return reply.take()

    def _break_off(self) -> None:
        """Ends the connection on which half a line may be on its way: what followed would be taken
        for the rest of it."""
        with self._guard:
            self._wire.end("a request was interrupted on its way; connect, and ask again")
        self._transport.finish(at_once=True)

    def _events(self) -> Iterator[Event]:
        wire = self._wire
        try:
            while True:
                self._read_until(lambda: bool(wire.events) or wire.end_reason is not None)
                if not wire.events:
                    break
                yield read(Event, wire.events.popleft())
        finally:
            with self._guard:
                wire.is_followed = False
                wire.events.clear()
        if not self._is_closed:
            raise wire.loss

    def _read_until(self, is_done: Callable[[], bool]) -> None:
        """Reads, or lets another thread read, until there is what this one waits for."""
        with self._guard:
            while not is_done():
                if self._is_read:
                    self._wait()
                else:
                    self._read()

    def _wait(self) -> None:
        """Waits for another thread to have read."""
        self._waiting += 1
        try:
            self._changed.wait()
        finally:
            self._waiting -= 1

    def _read(self) -> None:
        """Reads once, with the wire let go meanwhile."""
        self._is_read = True
        self._guard.release()
        piece = b""
        try:
            piece = self._transport.receive()
        finally:
            self._guard.acquire()
            self._is_read = False
            if self._waiting:
                self._changed.notify_all()
        if piece:
            self._wire.feed(piece)
        if not piece or self._wire.end_reason is not None:
            self._wire.end(self._transport.end())
