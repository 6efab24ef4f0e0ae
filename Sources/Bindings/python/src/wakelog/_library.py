"""The C library, as its header declares it. Loaded when first used; calls let the GIL go."""

from __future__ import annotations

import ctypes
import functools
import os
from ctypes import (
    CFUNCTYPE,
    POINTER,
    byref,
    c_bool,
    c_char_p,
    c_int32,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from pathlib import Path
from typing import Any, Callable, NoReturn

from ._json import decode
from .errors import InvalidParameter, from_status, from_wire

__all__ = ["Callback", "Library", "as_text", "given", "library", "raise_error"]

#: `WAKELOG_ABI` of the header that this was written for.
_ABI = 1

Callback = CFUNCTYPE(None, c_void_p, c_int32, c_void_p, c_size_t)

_RESULT = [POINTER(c_char_p), POINTER(c_size_t)]
_FUNCTIONS = {
    "wakelog_free": (None, [c_char_p]),
    "wakelog_version": (c_char_p, []),
    "wakelog_last_error": (c_char_p, []),
    "wakelog_open": (c_int32, [c_char_p, c_char_p, c_char_p, POINTER(c_uint64)]),
    "wakelog_close": (c_int32, [c_uint64]),
    "wakelog_call": (c_int32, [c_uint64, c_char_p, c_char_p, c_size_t, *_RESULT]),
    "wakelog_must_wait": (c_bool, [c_uint64]),
    "wakelog_check": (c_int32, [c_uint64, c_char_p, c_char_p]),
    "wakelog_submit": (c_int32, [c_uint64, c_char_p, c_char_p, c_size_t, Callback, c_void_p]),
    "wakelog_wait": (c_int32, [c_uint64, c_uint64, c_uint32, POINTER(c_uint64)]),
    "wakelog_providers": (c_int32, _RESULT),
    "wakelog_command": (c_int32, [c_char_p, c_size_t, *_RESULT]),
    "wakelog_classify": (c_int32, [c_char_p, c_size_t, *_RESULT]),
    "wakelog_reader_open": (c_int32, [c_char_p, POINTER(c_uint64)]),
    "wakelog_reader_feed": (c_int32, [c_uint64, c_char_p, c_size_t, *_RESULT]),
    "wakelog_reader_close": (c_int32, [c_uint64]),
}


class Library:
    """The functions, each declared when it is first asked for."""

    def __init__(self, path: str) -> None:
        try:
            self._loaded = ctypes.CDLL(path)
        except OSError as error:
            raise ImportError(
                f"the engine's library cannot be loaded ({error}); install a wheel of wakelog for "
                "this machine, or set WAKELOG_LIBRARY to a libwakelog.so; wakelog.Client needs none"
            ) from None
        abi = self._loaded.wakelog_abi()
        if abi != _ABI:
            raise ImportError(
                f"{path} has interface {abi} instead of {_ABI}; install one version of both"
            )

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._loaded, name)
        function.restype, function.argtypes = _FUNCTIONS[name]
        setattr(self, name, function)
        return function


@functools.lru_cache(maxsize=None)
def library() -> Library:
    """The library that came with the package, or that `WAKELOG_LIBRARY` names."""
    beside = Path(__file__).parent / "libwakelog.so"
    return Library(os.environ.get("WAKELOG_LIBRARY") or str(beside))


def raise_error(status: int) -> NoReturn:
    """Raises the error of this thread's last call, which gave a status other than 0."""
    text = library().wakelog_last_error()
    error = from_status(status) if text is None else from_wire(decode(text))
    # A finalizer may have called the library in between: the status is this call's for certain.
    raise error if error.code == from_status(status).code else from_status(status)


def given(status: int, result: c_char_p) -> Any:
    """What a function gave as JSON beside its status, its memory freed."""
    if status != 0:
        raise_error(status)
    try:
        text = result.value or b""  # JSON has no zero byte but that which ends it
    finally:
        library().wakelog_free(result)
    return decode(text)


def as_text(name: str, value: Any) -> bytes:
    """Text for C, which ends with the first zero byte."""
    try:
        text = os.fsencode(value)
    except (TypeError, ValueError):
        raise InvalidParameter(f"`{name}` is text", field=name) from None
    if b"\0" in text:
        raise InvalidParameter(f"`{name}` has a zero byte; leave it out", field=name)
    return text
