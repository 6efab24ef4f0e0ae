"""The thread on which the library says what calls came to, and what Python keeps of it.

Python makes a state for a thread that calls into it, and frees it when the call ends. It holds a
lock meanwhile that a fork of another thread takes with it: up to Python 3.11 the child then waits
for ever. So the state is made once for each engine, and freed before that is closed.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Any, Callable, Set

from ._library import Callback, library

__all__ = ["let_go", "on_answer", "submitted"]

_thread = threading.local()
_engines: Set[int] = set()


def on_answer(tell: Callable[[int, int, int, int], None]) -> Any:
    """Makes a callback for `wakelog_submit`; the result has to be kept for as long as the library
    may call it."""

    def told(number: int, status: int, text: int, length: int) -> None:
        if not hasattr(_thread, "is_kept"):
            ctypes.pythonapi.PyGILState_Ensure()
            _thread.is_kept = True
        tell(number, status, text, length)

    return Callback(told)


def submitted(engine: int) -> None:
    """Notes that a call was submitted to an engine."""
    _engines.add(engine)


def let_go(engine: int) -> None:
    """Frees what Python keeps of an engine's thread; to be called before the engine is closed."""
    if engine in _engines:
        _engines.discard(engine)
        library().wakelog_submit(engine, b"hello", b"{}", 2, _freed, None)


def _free(number: int, status: int, text: int, length: int) -> None:
    if hasattr(_thread, "is_kept"):
        del _thread.is_kept
        # The reverse of what `on_answer` did; the last is left to the end of this call.
        ctypes.pythonapi.PyGILState_Release(0)


_freed = Callback(_free)
