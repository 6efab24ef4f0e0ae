"""Waits that Ctrl-C ends: Python sees a signal only between its own instructions, never within C."""

from __future__ import annotations

import ctypes
import itertools
import threading
from typing import Any, Callable, Dict, Optional, TypeVar

from ._callbacks import on_answer, submitted
from ._calls import encoded
from ._json import decode
from ._library import library, raise_error
from .errors import WakelogError, from_wire

__all__ = ["aside", "ask", "begin", "submit"]

T = TypeVar("T")


def ask(
    engine: int,
    method: bytes,
    params: Dict[str, Any],
    take: Callable[[Any], Any] = lambda said: said,
    undo: Optional[Callable[[Any], None]] = None,
) -> Any:
    """Hands a call to an engine, waits for its result, and has that taken. A call that is waited for
    no longer may still be carried out, and is undone then."""
    body, number, answer = encoded(method, params), next(_numbers), _Answer(undo)
    try:
        _under_way[number] = answer
        submitted(engine)
        status = library().wakelog_submit(engine, method, body, len(body), _tell, number)
        if status != 0:
            del _under_way[number]
            raise_error(status)
        answer.has_come.acquire()
        if answer.status != 0:
            raise from_wire(decode(answer.text))
        return take(decode(answer.text))
    except WakelogError:
        raise
    except BaseException:
        answer.leave()
        raise


def begin(
    engine: int,
    method: bytes,
    params: Dict[str, Any],
    take: Callable[[Any], None],
    undo: Callable[[Any], None],
) -> None:
    """Carries out a call that begins something, on this thread, and has its result taken. It is
    undone if the thread is interrupted before that is done, as nobody would know of it."""
    body, result, said = encoded(method, params), ctypes.c_char_p(), None
    try:
        status = library().wakelog_call(engine, method, body, len(body), ctypes.byref(result), None)
        if status != 0:
            raise_error(status)
        said = decode(result.value or b"")
        library().wakelog_free(result)
        take(said)
    except WakelogError:
        raise
    except BaseException:
        if said is None and result.value:
            said = decode(result.value)
            library().wakelog_free(result)
        if said is not None:
            undo(said)
        raise


class _Answer:
    """What a call came to."""

    status = 0
    text = b""

    def __init__(self, undo: Optional[Callable[[Any], None]]) -> None:
        self._undo = undo
        self.is_left = False
        self.has_come = threading.Lock()
        self.has_come.acquire()

    def come(self, status: int, text: bytes) -> None:
        """Takes what is told."""
        self.status, self.text = status, text
        self.has_come.release()
        if self.is_left:
            self._take_back()

    def leave(self) -> None:
        """Wants nothing of it any more."""
        self.is_left = True
        if self.text:
            self._take_back()

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None and self.status == 0:
            undo(decode(self.text))


_numbers = itertools.count(1)
_under_way: Dict[int, _Answer] = {}


def _told(number: int, status: int, text: int, length: int) -> None:
    _under_way.pop(number).come(status, ctypes.string_at(text, length))


# Kept for as long as the library may call it.
_tell = on_answer(_told)


def submit(engine: int, method: bytes, params: Dict[str, Any]) -> None:
    """Hands a call to an engine, whatever comes of it."""
    body = encoded(method, params)
    submitted(engine)
    library().wakelog_submit(engine, method, body, len(body), _ignore, None)


# Kept for as long as the library may call it.
_ignore = on_answer(lambda number, status, text, length: None)


def aside(work: Callable[[], T], undo: Callable[[T], Any]) -> T:
    """Carries out work that may wait within C for long, on a thread of its own if this one is where
    Python sees signals. Work that is waited for no longer is undone when it ends."""
    if threading.current_thread() is not threading.main_thread():
        return work()
    task = _Task(work, undo)
    try:
        try:
            threading.Thread(target=task.run, name="wakelog-wait", daemon=True).start()
        except RuntimeError:  # at the interpreter's end, or without room for a thread
            return work()
        result: T = task.wait()
        return result
    except BaseException:
        task.leave()
        raise


class _Task:
    """Work on a thread of its own."""

    def __init__(self, work: Callable[[], Any], undo: Callable[[Any], Any]) -> None:
        self._work, self._undo = work, undo
        self._result: Any = None
        self._error: Optional[BaseException] = None
        self._has_ended = self.is_left = False
        self._guard = threading.Lock()
        self._end = threading.Lock()
        self._end.acquire()

    def run(self) -> None:
        """Carries the work out."""
        try:
            self._result = self._work()
        except BaseException as error:
            self._error = error
        with self._guard:
            self._has_ended, is_left = True, self.is_left
        self._end.release()
        if is_left:
            self._take_back()

    def wait(self) -> Any:
        """Waits for what came of it."""
        self._end.acquire()
        if self._error is not None:
            raise self._error
        return self._result

    def leave(self) -> None:
        """Wants nothing of it any more."""
        with self._guard:
            self.is_left, has_ended = True, self._has_ended
        if has_ended:
            self._take_back()

    def _take_back(self) -> None:
        if self._error is None:
            self._undo(self._result)
