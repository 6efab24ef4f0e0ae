"""One connection to `wakelog serve`, apart from how bytes come and go.

Both clients share this: it numbers requests, cuts what comes into lines, and hands each line to
whom it belongs. Replies keep the order of requests, notifications come in between.
"""

from __future__ import annotations

import collections
import os
from typing import Any, Deque, Dict, List, Optional, Union

from ._json import decode
from .errors import Disconnected, WakelogError, from_wire

__all__ = ["LastWords", "PathLike", "Reply", "Wire", "server_words"]

PathLike = Union[str, "os.PathLike[str]"]


class Reply:
    """The answer to one request, once it has come."""

    has_come = False
    #: The result, or why there is none.
    answer: Any = None

    def take(self) -> Any:
        """What was answered."""
        if isinstance(self.answer, WakelogError):
            raise self.answer
        return self.answer


class Wire:
    """The requests under way on one connection, and the events that came on it."""

    def __init__(self) -> None:
        self._last_id = 0
        self._waiting: Dict[int, Reply] = {}
        #: The pieces of a line whose end has not come.
        self._begun: List[bytes] = []
        #: Why nothing more will come; None while something may.
        self.end_reason: Optional[str] = None
        #: Whether events come; they do until the end, also when nobody reads them any more.
        self.is_subscribed = False
        #: Whether somebody reads them; else they are let go.
        self.is_followed = False
        self.events: Deque[Any] = collections.deque()

    @property
    def loss(self) -> Disconnected:
        """Why nothing more will come."""
        return Disconnected(self.end_reason or "the connection is closed")

    def ask(self, method: bytes, params: bytes, reply: Reply) -> bytes:
        """A request as a line to be sent; its answer goes to `reply`."""
        if self.end_reason is not None:
            raise self.loss
        self._last_id += 1
        self._waiting[self._last_id] = reply
        return b'{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}\n' % (
            self._last_id,
            method,
            params,
        )

    def feed(self, piece: bytes) -> None:
        """Takes in what came."""
        *lines, rest = piece.split(b"\n")
        try:
            for line in lines:
                self._begun.append(line)
                self._take(b"".join(self._begun))
                self._begun.clear()
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            self.end(f"what came is no reply of a server ({error}); is this `wakelog serve`?")
        if rest:
            self._begun.append(rest)

    def end(self, because: str) -> None:
        """Answers everything under way: the connection is gone."""
        if self.end_reason is None:
            self.end_reason = because
        for reply in self._waiting.values():
            reply.answer, reply.has_come = self.loss, True
        self._waiting.clear()

    def _take(self, line: bytes) -> None:
        message = decode(line)
        if message.get("method") == "event":
            if self.is_followed:
                self.events.append(message["params"])
            return
        answer = from_wire(message["error"]) if "error" in message else message["result"]
        # A line that the server could not read is answered without a number, in order.
        number = message["id"] or next(iter(self._waiting), 0)
        reply = self._waiting.pop(number, None)
        if reply is None:
            raise ValueError(f"nothing was asked under the number {number}")
        reply.answer, reply.has_come = answer, True


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
