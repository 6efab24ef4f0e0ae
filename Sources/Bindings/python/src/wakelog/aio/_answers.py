"""From the thread on which the library says what calls came to, to the loops that await it."""

from __future__ import annotations

import asyncio
import collections
import ctypes
import itertools
import weakref
from typing import Any, Deque, Dict, Tuple

from .._callbacks import on_answer, submitted
from .._calls import Params, encoded
from .._json import decode
from .._library import library, raise_error
from ..errors import from_wire

__all__ = ["submit"]


async def submit(engine: int, method: bytes, params: Params) -> Any:
    """Hands a call to an engine and awaits its result."""
    loop = asyncio.get_running_loop()
    inbox = _inboxes.get(loop)
    if inbox is None:
        inbox = _inboxes[loop] = _Inbox(loop)
    body, number, future = encoded(method, params), next(_numbers), loop.create_future()
    _under_way[number] = (inbox, future)
    submitted(engine)
    status = library().wakelog_submit(engine, method, body, len(body), _tell, number)
    if status != 0:
        del _under_way[number]
        raise_error(status)
    return await future


class _Inbox:
    """Answers for the futures of one loop, which is woken once for many."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Weakly, as the loop is the key under which this is kept.
        self._loop = weakref.ref(loop)
        self._answers: Deque[Tuple[asyncio.Future[Any], int, bytes]] = collections.deque()
        self._is_called = False

    def add(self, future: asyncio.Future[Any], status: int, answer: bytes) -> None:
        """Takes an answer, on any thread. That of a loop which has been closed is let go."""
        self._answers.append((future, status, answer))
        if self._is_called:
            return
        self._is_called = True
        loop = self._loop()
        try:
            if loop is not None:
                loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:
            self._answers.clear()

    def _deliver(self) -> None:
        # First: an answer that is added from here on calls again, or is found below.
        self._is_called = False
        while self._answers:
            future, status, answer = self._answers.popleft()
            if future.done():
                continue
            if status == 0:
                future.set_result(decode(answer))
            else:
                future.set_exception(from_wire(decode(answer)))


_inboxes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Inbox] = (
    weakref.WeakKeyDictionary()
)
_numbers = itertools.count(1)
_under_way: Dict[int, Tuple[_Inbox, asyncio.Future[Any]]] = {}


def _told(number: int, status: int, answer: int, length: int) -> None:
    inbox, future = _under_way.pop(number)
    inbox.add(future, status, ctypes.string_at(answer, length))


# Kept for as long as the library may call it.
_tell = on_answer(_told)
