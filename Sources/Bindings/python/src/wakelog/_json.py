"""Between Python's values and the wire's JSON."""

from __future__ import annotations

import datetime
import json
import os
import typing
from types import MappingProxyType
from typing import (
    Any,
    Callable,
    Dict,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
    Type,
    TypeVar,
)

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
    return _decode(str(text, "utf-8"))


def read(kind: Type[T], value: Any) -> T:
    """An object of the wire as a dataclass. A name that is left out is None."""
    form = _form(kind)
    given = value.get
    found = {name: given(wire) for name, wire in form.names}
    for name, convert in form.converted:
        found[name] = convert(found[name])
    found["json"] = value
    # Not by the constructor: a frozen dataclass sets its fields one by one, at twice the cost.
    made = object.__new__(kind)
    object.__setattr__(made, "__dict__", found)
    return made


def _plain(value: Any) -> Any:
    """What `json` does not know of: our own dataclasses, times and paths."""
    if isinstance(value, Object):
        named = {wire: getattr(value, name) for name, wire in _form(type(value)).names}
        return {wire: given for wire, given in named.items() if given is not None}
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


_decode = json.JSONDecoder().decode


def _because(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "half of a surrogate pair is no character; decode bytes with errors='replace'"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error)


class _Form(NamedTuple):
    """How a class is read."""

    #: Each field's name, and its name on the wire.
    names: List[Tuple[str, str]]
    #: Those that JSON's value is not already, with what makes them of it.
    converted: List[Tuple[str, Callable[[Any], Any]]]


_forms: Dict[type, _Form] = {}


def _form(kind: type) -> _Form:
    form = _forms.get(kind)
    if form is None:
        hints = {name: hint for name, hint in typing.get_type_hints(kind).items() if name != "json"}
        readers = [(name, _reader(hint)) for name, hint in hints.items()]
        form = _forms[kind] = _Form(
            [(name, wire_name(name)) for name in hints],
            [(name, reader) for name, reader in readers if reader is not None],
        )
    return form


def _reader(hint: Any) -> Optional[Callable[[Any], Any]]:
    """What makes a field of JSON; None where nothing needs to."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Union:
        inner = tuple(one for one in inner if one is not type(None))
        return _reader(inner[0]) if len(inner) == 1 else None
    if typing.get_origin(hint) is list:
        read_one = _reader(inner[0])
        if read_one is None:
            return None
        return lambda value: [read_one(one) for one in value or ()]
    if isinstance(hint, type) and issubclass(hint, Object):
        return lambda value: None if value is None else read(hint, value)
    return None
