"""Objects of the wire as frozen dataclasses, their names in Python's spelling."""

from __future__ import annotations

import dataclasses
import functools
import typing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple, Type, TypeVar

__all__ = ["Object", "optional", "read", "spelled_out", "wire_name"]

T = TypeVar("T")

#: The object of the wire that a value was read from, where it was read from none.
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Object:
    """What the engine says, or is told, as a frozen dataclass.

    One that was read has at first but `json`; a field is made of it when it is first asked for. For
    most of what the engine says nobody ever asks, and a call should not pay for it.
    """

    #: All that the engine said, with what a newer engine says beside.
    json: Mapping[str, Any] = NOTHING

    if not TYPE_CHECKING:  # a checker would take it that there is every name

        def __getattr__(self, name: str) -> Any:
            field = _fields(type(self)).get(name)
            if field is None:
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            wire, convert = field
            value = self.json.get(wire)
            value = self.__dict__[name] = value if convert is None else convert(value)
            return value


def optional() -> Any:
    """A field that is None unless it is given.

    Written as `= None`, its class would have it as an attribute, which is found before what `json`
    says of it.
    """
    return dataclasses.field(default_factory=lambda: None)


def wire_name(name: str) -> str:
    """Python's spelling of a name in the wire's: `session_id` is `sessionId`, `from_` is `from`."""
    first, *others = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in others)


def read(kind: Type[T], value: Any) -> T:
    """An object of the wire as a dataclass. A name that is left out is None."""
    made = object.__new__(kind)
    made.__dict__["json"] = value
    return made


def spelled_out(value: Object) -> Dict[str, Any]:
    """What is said of a value on the wire."""
    kind: Any = type(value)
    named = {wire: getattr(value, name) for name, (wire, _) in _fields(kind).items()}
    return {wire: given for wire, given in named.items() if given is not None}


#: A field's name on the wire, and what makes it of JSON, unless JSON's value is it already.
Field = Tuple[str, Optional[Callable[[Any], Any]]]


@functools.lru_cache(maxsize=None)
def _fields(kind: Any) -> Dict[str, Field]:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return {name: (wire_name(name), _reader(hints[name])) for name in names}


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
