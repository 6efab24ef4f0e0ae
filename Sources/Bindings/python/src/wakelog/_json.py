"""Values as the wire's JSON, and back."""

from __future__ import annotations

import datetime
import json
import json.encoder
import os
from typing import Any, Callable, Iterable, Mapping, Tuple

from ._objects import Object, spelled_out
from .errors import InvalidParameter

__all__ = ["decode", "encode"]


def encode(value: Mapping[str, Any]) -> bytes:
    """An object of the wire as UTF-8; `InvalidParameter` names what JSON has no way to say."""
    try:
        return "".join(_pieces(value, 0)).encode()
    except (TypeError, ValueError, RecursionError) as error:
        for name, part in value.items():
            try:
                "".join(_pieces({name: part}, 0)).encode()
            except (TypeError, ValueError, RecursionError) as cause:
                field = ascii(name)[1:-1]
                raise InvalidParameter(
                    f"`{field}` cannot be sent: {_because(cause)}", field=field
                ) from None
        raise InvalidParameter(f"the parameters cannot be sent: {_because(error)}") from None


def decode(text: bytes) -> Any:
    """What UTF-8 text says, without space around it."""
    said = str(text, "utf-8")
    try:
        value, end = _scan(said, 0)
    except StopIteration:
        raise ValueError("it is no JSON") from None
    if end != len(said):
        raise ValueError(f"something follows the JSON at {end}")
    return value


def _plain(value: Any) -> Any:
    """What `json` does not know of: our own dataclasses, times and paths."""
    if isinstance(value, Object):
        return spelled_out(value)
    if isinstance(value, datetime.datetime):
        if value.utcoffset() is None:
            raise ValueError("a time needs its offset from UTC; give the datetime a tzinfo")
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


_encoder = json.JSONEncoder(
    # A cycle is noticed all the same, as nesting without end.
    check_circular=False,
    ensure_ascii=False,
    allow_nan=False,
    separators=(",", ":"),
    default=_plain,
)


def _in_pieces() -> Callable[[Any, int], Iterable[str]]:
    """What gives the pieces of a value's text.

    `_encoder` makes one anew for every value, which for ours takes longer than what it then does.
    Here it is kept. Where an interpreter has none in C, it is asked as the manual says.
    """
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return lambda value, _: _encoder.iterencode(value)
    made: Callable[[Any, int], Iterable[str]] = make(
        None,
        _plain,
        json.encoder.encode_basestring,
        _encoder.indent,
        _encoder.key_separator,
        _encoder.item_separator,
        _encoder.sort_keys,
        _encoder.skipkeys,
        _encoder.allow_nan,
    )
    return made


_pieces = _in_pieces()
#: Reads a value at a position; `decode` would look for space around it besides.
_scan: Callable[[str, int], Tuple[Any, int]] = getattr(json.JSONDecoder(), "scan_once")


def _because(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "half of a surrogate pair is no character; decode bytes with errors='replace'"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error)
