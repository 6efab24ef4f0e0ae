"""The engine in this process."""

from __future__ import annotations

import os
import threading
import weakref
from ctypes import byref, c_char_p, c_uint64
from typing import Any, Dict, Iterator, Mapping, Optional, Union

from ._callbacks import let_go
from ._calls import Blocking, Params, encoded
from ._closing import Closing
from ._json import encode
from ._library import as_text, given, library, raise_error
from ._patience import aside, ask
from ._wire import PathLike
from .errors import Busy, WakelogError
from .methods import Methods
from .results import Event

__all__ = ["Engine"]


class Engine(Methods, Blocking, Closing):
    """A log, opened in this process. May be used from many threads.

    Calls that write return when their events are durable. A log is open once in a process, and not
    across a fork: the child opens it again, or leaves it alone.
    """

    def __init__(
        self,
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
    ) -> None:
        """Opens the log in a directory, making it if need be.

        `host` names this process' host: runs that it left open when it was killed end as
        interrupted, and wakes carry its name; processes that live at the same time take different
        names: while another process of this machine has the name and lives, opening raises `Busy`,
        unless `take_over`. None, to be said, is for a process that starts no runs. `policy` is
        adopted for every process on the log: a document, or the name of one that is built in.

        `cold_after_seconds` is how long a session stays in memory unused before it may move to an
        unnamed file in the directory; the next call that needs it reads it back. A day by default,
        0 for never.

        `writer_wait_seconds` is how long a call that writes waits for another process that writes,
        before it raises `Busy`, which names that process: 30 by default, 0 for not at all.
        `trusts_folder` takes a directory that others can write to, or that belongs to another user.
        """
        options: Dict[str, Any] = {
            "policy": policy,
            "readOnly": read_only,
            "givenClock": given_clock,
            "mapSizeBytes": map_size_bytes,
            "coldAfterSeconds": cold_after_seconds,
            "writerWaitSeconds": writer_wait_seconds,
            "trustsFolder": trusts_folder,
            "takeOver": take_over or None,
        }
        said = {name: value for name, value in options.items() if value is not None}
        place = as_text("directory", directory)
        name = None if host is None else as_text("host", host)

        def opened() -> int:
            handle = c_uint64()
            status = library().wakelog_open(place, name, encode(said), byref(handle))
            if status != 0:
                raise_error(status)
            return handle.value

        #: The engine's number in the C library.
        self.handle = aside(opened, undo=library().wakelog_close)
        #: The process that has opened it.
        self.process_id = os.getpid()
        self._library_must_wait = library().wakelog_must_wait
        self._library_call = library().wakelog_call
        self._library_check = library().wakelog_check
        # Also at the interpreter's end, while its threads may still answer.
        self._finalizer = weakref.finalize(self, _let_go, self.handle, os.getpid())

    def subscribe(self, *, from_: Optional[int] = None) -> Iterator[Event]:
        """Every durable event from one on, in order, as they come, of this process or another; the
        log's first if left out. Ends when the engine is closed."""
        self.call("events", **{"from": from_, "limit": 1})
        return self._follow(from_ or 1)

    def close(self) -> None:
        """Waits for the calls under way, and closes. Closing twice does nothing."""
        if self._finalizer.detach():
            _close(self.handle)

    @property
    def is_open(self) -> bool:
        """Whether `close` has not been called."""
        return self._finalizer.alive

    @property
    def must_wait(self) -> bool:
        """Whether a call would have to wait for another, of this process or another."""
        return bool(self._library_must_wait(self.handle))

    def wait_for_event(self, after: int, milliseconds: int = 200) -> int:
        """Waits for an event after a position, of this process or another, but no longer than some
        time, in which signals are not seen. Gives the last position that is durable."""
        last = c_uint64()
        status = library().wakelog_wait(self.handle, after, milliseconds, byref(last))
        if status != 0:
            raise_error(status)
        return last.value

    def _carry_out(self, method: bytes, params: Params) -> Any:
        if self._library_must_wait(self.handle):
            return ask(self.handle, method, params)
        if method == b"check" and self._check(params):
            return {"ok": True}
        body, result = encoded(method, params), c_char_p()
        size = len(body)
        status = self._library_call(self.handle, method, body, size, byref(result), None)
        return given(status, result)

    def _check(self, params: Params) -> bool:
        """Checks a fence without JSON, as hosts do before every write, unless it takes JSON to say
        what was given. Gives whether it did."""
        session, fence = params.get("session"), params.get("fence")
        if len(params) != 2 or not isinstance(session, str) or not isinstance(fence, str):
            return False
        if "\0" in session or "\0" in fence:
            return False
        try:
            status = self._library_check(self.handle, session.encode(), fence.encode())
        except UnicodeEncodeError:
            return False
        if status != 0:
            raise_error(status)
        return True

    def _follow(self, from_: int) -> Iterator[Event]:
        following = from_
        try:
            while True:
                for event in self.events(from_=following, limit=256):
                    yield event
                    following = event.seq + 1
                self.wait_for_event(following - 1)
        except Busy:
            if self.is_open:
                raise


def _let_go(handle: int, process_id: int) -> None:
    if os.getpid() != process_id:
        return  # the log is the parent's
    try:
        _close(handle)
    except WakelogError:
        # Refused on the thread that tells what calls came to, where the collector may run too.
        threading.Thread(target=library().wakelog_close, args=(handle,)).start()


def _close(handle: int) -> None:
    let_go(handle)

    def close() -> None:
        status = library().wakelog_close(handle)
        if status != 0:
            raise_error(status)

    if library().wakelog_must_wait(handle):
        aside(close, undo=lambda _: None)
    else:
        close()
