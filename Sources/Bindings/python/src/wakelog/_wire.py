"""One connection to `wakelog serve`, apart from how bytes come and go.

Both clients share this: it numbers requests, cuts what comes into lines, and hands each line to
whom it belongs. Replies keep the order of requests, notifications come in between.
"""

from __future__ import annotations

import collections
import os
from typing import Any, Deque, Dict, List, Optional, Union

from ._calls import Params
from ._json import decode, encode
from .errors import Disconnected, WakelogError, from_wire

__all__ = ["LastWords", "PathLike", "Reply", "Wire", "server_words"]

PathLike = Union[str, "os.PathLike[str]"]


class Reply:
    """The answer to one request, once it has come."""

    __slots__ = ("_error", "_result", "has_come")

    def __init__(self) -> None:
        self.has_come = False
        self._result: Any = None
        self._error: Optional[WakelogError] = None

    def succeed(self, result: Any) -> None:
        """It was carried out."""
        self._result = result
        self.has_come = True

    def fail(self, error: WakelogError) -> None:
        """It was not carried out, or nobody knows."""
        self._error = error
        self.has_come = True

    def take(self) -> Any:
        """What was answered."""
        if self._error is not None:
            raise self._error
        return self._result


class Wire:
    """The requests under way on one connection, and the events that came on it."""

    def __init__(self) -> None:
        self._last_id = 0
        self._waiting: Dict[int, Reply] = {}
        self._partial = bytearray()
        self._end: Optional[str] = None
        #: Whether events come; they do until the end, also when nobody reads them any more.
        self.is_subscribed = False
        #: Whether somebody reads them; else they are let go.
        self.is_followed = False
        self.events: Deque[Any] = collections.deque()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self._end is not None

    @property
    def loss(self) -> Disconnected:
        """Why nothing more will come."""
        return Disconnected(self._end or "the connection is closed")

    @staticmethod
    def words(method: bytes, params: Params) -> bytes:
        """What a request says, its number aside."""
        return b'"method":"%s","params":%s' % (method, encode(params))

    def ask(self, words: bytes, reply: Reply) -> bytes:
        """A request as a line to be sent; its answer goes to `reply`."""
        if self.has_ended:
            raise self.loss
        self._last_id += 1
        self._waiting[self._last_id] = reply
        return b'{"jsonrpc":"2.0","id":%d,%s}\n' % (self._last_id, words)

    def feed(self, piece: bytes) -> None:
        """Takes in what came."""
        first, *others = piece.split(b"\n")
        self._partial += first
        try:
            for other in others:
                self._take(bytes(self._partial))
                self._partial = bytearray(other)
        except (ValueError, AttributeError, KeyError) as error:
            self.end(f"what came is no reply of a server ({error}); is this `wakelog serve`?")

    def end(self, because: str) -> None:
        """Answers everything under way: the connection is gone."""
        if self._end is None:
            self._end = because
        for reply in self._waiting.values():
            reply.fail(self.loss)
        self._waiting.clear()

    def _take(self, line: bytes) -> None:
        message = decode(line)
        if message.get("method") == "event":
            if self.is_followed:
                self.events.append(message["params"])
            return
        # A line that the server could not read is answered without a number, in order.
        number = message["id"] or next(iter(self._waiting), 0)
        reply = self._waiting.pop(number, None)
        if reply is None:
            raise ValueError(f"nothing was asked under the number {number}")
        if "error" in message:
            reply.fail(from_wire(message["error"]))
        else:
            reply.succeed(message["result"])


class LastWords:
    """The end of what a server wrote to its standard error."""

    _limit = 4096

    def __init__(self) -> None:
        self._bytes = b""

    def take(self, piece: bytes) -> None:
        """Takes in what was written."""
        self._bytes = (self._bytes + piece)[-self._limit :]

    def of(self, status: Optional[int]) -> str:
        """What is to be said of a server that ended."""
        said = self._bytes.decode(errors="replace").strip()
        ended = f"`wakelog serve` ended with status {status}"
        return f"{ended}: {said}" if said else f"{ended}; start it and ask again with the same key"


def server_words(
    wakelog: PathLike,
    log: PathLike,
    host: Optional[str],
    policy: Optional[PathLike],
    given_clock: bool,
) -> List[str]:
    """How a server over pipes is called."""
    words = [os.fspath(wakelog), "serve", "--log", os.fspath(log)]
    if host is not None:
        words += ["--host", host]
    if policy is not None:
        words += ["--policy", os.fspath(policy)]
    if given_clock:
        words.append("--given-clock")
    return words
