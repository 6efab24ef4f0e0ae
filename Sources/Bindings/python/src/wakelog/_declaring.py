"""How one declaration of a method serves hosts that wait and hosts that await.

A method is declared once, as a function with the parameters there are. Found on what is `Blocking`
it gives its result, found on what is `Awaiting` something to await.
"""

from __future__ import annotations

import functools
import inspect
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterator,
    Callable,
    Coroutine,
    Dict,
    Generic,
    Iterator,
    Type,
    TypeVar,
    overload,
)

from ._calls import Awaiting, Blocking, Params, as_sent
from ._objects import Object, read, wire_name

T = TypeVar("T")
A = TypeVar("A")
R = TypeVar("R", bound=Object)

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")
    #: A method as it is written down: its name, its parameters and its words.
    Declared = Callable[Concatenate[Any, P], None]
else:
    P = TypeVar("P")  # `typing` has ParamSpec from 3.10 on only

__all__ = ["Found", "listing", "method"]


class Found(Generic[P, T, A]):
    """What a method is on a class: a function that waits, or one that gives something to await."""

    def __init__(
        self,
        declared: Declared[P],
        wait: Callable[[Any, Params], T],
        begin: Callable[[Any, Params], A],
    ) -> None:
        self._declared = declared
        self._wait = wait
        self._begin = begin

    @overload
    def __get__(self, instance: Blocking, owner: object = None) -> Callable[P, T]: ...

    @overload
    def __get__(self, instance: Awaiting, owner: object = None) -> Callable[P, A]: ...

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        kind = type(instance) if owner is None else owner
        if not issubclass(kind, (Blocking, Awaiting)):
            return self._declared  # where it is declared
        function = self._waiting if issubclass(kind, Blocking) else self._awaited
        # From now on the function is found without this: on the class that does not declare it.
        for one in reversed(kind.__mro__):
            if issubclass(one, (Blocking, Awaiting)) and self._is_found_on(one):
                setattr(one, self._declared.__name__, function)
                break
        return function if instance is None else function.__get__(instance)

    def _is_found_on(self, kind: type) -> bool:
        return inspect.getattr_static(kind, self._declared.__name__, None) is self

    @functools.cached_property
    def _waiting(self) -> Any:
        return _written(self._declared, self._wait)

    @functools.cached_property
    def _awaited(self) -> Any:
        return _written(self._declared, self._begin)


def method(declared: Declared[P], kind: Callable[[Any], T]) -> Found[P, T, Coroutine[Any, Any, T]]:
    """A method that gives what `kind` makes of JSON."""
    name = as_sent(declared.__name__)

    def wait(instance: Blocking, params: Params) -> T:
        return kind(instance._carry_out(name, params))

    async def begin(instance: Awaiting, params: Params) -> T:
        return kind(await instance._carry_out(name, params))

    return Found(declared, wait, begin)


def listing(
    declared: Declared[P], kind: Type[R], rest: str, position: str
) -> Found[P, Iterator[R], AsyncIterator[R]]:
    """A method that gives pages, as an iterator over what is on them.

    A page says under `rest` where the next one begins, which is asked for as `position`.
    """
    name = as_sent(declared.__name__)

    def wait(instance: Blocking, params: Params) -> Iterator[R]:
        while True:
            page = instance._carry_out(name, params)
            for item in page["items"]:
                yield read(kind, item)
            if page[rest] is None:
                return
            params[position] = page[rest]

    async def begin(instance: Awaiting, params: Params) -> AsyncIterator[R]:
        while True:
            page = await instance._carry_out(name, params)
            for item in page["items"]:
                yield read(kind, item)
            if page[rest] is None:
                return
            params[position] = page[rest]

    return Found(declared, wait, begin)


def _written(declared: Callable[..., None], then: Callable[[Any, Params], Any]) -> Any:
    """A function with a declaration's parameters, that has `then` do with them what is to be done.

    Written out as source, as `dataclasses` does: what is to be looked up for every parameter is
    looked up once, and wrong arguments are Python's own error where they are given.
    """
    _, *parameters = inspect.signature(declared).parameters.values()
    required = [one.name for one in parameters if one.default is one.empty]
    optional = [one.name for one in parameters if one.default is not one.empty]
    name = declared.__name__
    # What is not given is None, and so left out: a declaration has no other default.
    words = [*required, *(f"{one}=None" for one in optional)]
    source = [
        f"def {name}(self, *, {', '.join(words)}):",
        f"    _params = {{{', '.join(f'{wire_name(one)!r}: {one}' for one in required)}}}",
    ]
    for one in optional:
        source += [
            f"    if {one} is not None:",
            f"        _params[{wire_name(one)!r}] = {one}",
        ]
    source += ["    return _then(self, _params)"]
    names: Dict[str, Any] = {"_then": then}
    exec("\n".join(source), names)
    function = functools.wraps(declared)(names[name])
    del function.__wrapped__  # has the same parameters, but gives nothing
    function.__annotations__ = {**declared.__annotations__}
    del function.__annotations__["return"]
    return function
