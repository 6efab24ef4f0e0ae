"""Objects of the wire as frozen dataclasses, their names in Python's spelling."""

from __future__ import annotations

import dataclasses
import functools
import typing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Type, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:  # `typing` has it from 3.11 on only

    def dataclass_transform(**_):
        return lambda function: function


__all__ = ["Object", "read", "spelled_out", "value", "wire_name"]

T = TypeVar("T")

#: The object of the wire that a value was read from, where it was read from none.
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Object:
    """What the engine says, or is told."""

    #: All that the engine said, with what a newer engine says beside.
    json: Mapping[str, Any] = NOTHING


@dataclass_transform(frozen_default=True)
def value(kind: Type[T]) -> Type[T]:
    """A class of objects of the wire: a frozen dataclass.

    An object that was read has at first but `json`, and a field of it when it is first asked for:
    for most of what the engine says nobody ever asks, and a call should not pay for it.
    """
    made = dataclasses.dataclass(frozen=True)(kind)
    for field in dataclasses.fields(made):  # type: ignore[arg-type]
        # Where a default would be, which `__init__` has kept.
        setattr(made, field.name, _Field(made, field.name))
    return made


def read(kind: Type[T], said: Any) -> T:
    """An object of the wire as one of a class. A name that is left out is None."""
    made = object.__new__(kind)
    made.__dict__["json"] = said
    return made


def spelled_out(value: Any) -> Dict[str, Any]:
    """What a value says on the wire, names aside that are None."""
    named = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    return {wire_name(name): given for name, given in named.items() if given is not None}


@functools.lru_cache(maxsize=None)
def wire_name(name: str) -> str:
    """Python's spelling of a name in the wire's: `session_id` is `sessionId`, `from_` is `from`."""
    first, *others = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in others)


class _Field:
    """What makes a field of `json`. The object has it from then on, and is asked first."""

    __slots__ = ("_convert", "_is_known", "_kind", "_name", "_wire")

    def __init__(self, kind: type, name: str) -> None:
        self._kind = kind
        self._name = name
        self._wire = wire_name(name)
        self._is_known = False
        self._convert: Optional[Callable[[Any], Any]] = None

    def __get__(self, instance: Optional[Object], owner: Optional[type] = None) -> Any:
        if instance is None:
            return self
        if not self._is_known:  # when it is first used, as types name each other
            self._convert = _reader(typing.get_type_hints(self._kind)[self._name])
            self._is_known = True
        said = instance.json.get(self._wire)
        if self._convert is not None:
            said = self._convert(said)
        instance.__dict__[self._name] = said
        return said


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
