"""Between Python's values and the wire's JSON."""

from __future__ import annotations

import datetime
import json
import os
import typing
from types import MappingProxyType
from typing import Any, Callable, Dict, List, Mapping, Tuple, Type, TypeVar

from .errors import InvalidParameter

T = TypeVar("T")

#: The object of the wire that a value was read from, where it was read from none.
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Object:
    """An object of the wire as a frozen dataclass, its names in Python's spelling."""

    #: All that the engine said, with what a newer engine says beside.
    json: Mapping[str, Any] = NOTHING


def wire_name(name: str) -> str:
    """Python's spelling of a name in the wire's: `session_id` is `sessionId`, `from_` is `from`."""
    first, *others = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in others)


def encode(value: Mapping[str, Any]) -> bytes:
    """An object of the wire as UTF-8; `InvalidParameter` names what JSON has no way to say."""
    try:
        return _encode(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        for name, part in value.items():
            try:
                _encode({name: part}).encode()
            except (TypeError, ValueError, RecursionError) as cause:
                field = ascii(name)[1:-1]
                raise InvalidParameter(
                    f"`{field}` cannot be sent: {_because(cause)}", field=field
                ) from None
        raise InvalidParameter(f"the parameters cannot be sent: {_because(error)}") from None


def decode(text: bytes) -> Any:
    """What UTF-8 text says."""
    return json.loads(str(text, "utf-8"))


def read(kind: Type[T], value: Any) -> T:
    """An object of the wire as a dataclass. A name that is left out is None."""
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = _fields(kind)
    given = value.get
    found = {name: convert(given(wire)) for name, wire, convert in fields}
    found["json"] = value
    # Not by the constructor: a frozen dataclass sets its fields one by one, at twice the cost.
    made = object.__new__(kind)
    made.__dict__.update(found)
    return made


def _plain(value: Any) -> Any:
    """What `json` does not know of: our own dataclasses, times and paths."""
    if isinstance(value, Object):
        own = typing.get_type_hints(type(value))
        named = {wire_name(name): getattr(value, name) for name in own if name != "json"}
        return {name: given for name, given in named.items() if given is not None}
    if isinstance(value, datetime.datetime):
        if value.utcoffset() is None:
            raise ValueError("a time needs its offset from UTC; give the datetime a tzinfo")
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
).encode


def _because(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "half of a surrogate pair is no character; decode bytes with errors='replace'"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error)


# How each field of a class is read: its name, its name on the wire, and what makes it of JSON.
_Field = Tuple[str, str, Callable[[Any], Any]]
_FIELDS: Dict[type, List[_Field]] = {}


def _fields(kind: type) -> List[_Field]:
    hints = typing.get_type_hints(kind)
    return [
        (name, wire_name(name), _reader(hint)) for name, hint in hints.items() if name != "json"
    ]


def _reader(hint: Any) -> Callable[[Any], Any]:
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Union:
        inner = tuple(one for one in inner if one is not type(None))
        return _reader(inner[0]) if len(inner) == 1 else _as_it_is
    if typing.get_origin(hint) is list:
        read_one = _reader(inner[0])
        return lambda value: [read_one(one) for one in value or ()]
    if isinstance(hint, type) and issubclass(hint, Object):
        return lambda value: None if value is None else read(hint, value)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
