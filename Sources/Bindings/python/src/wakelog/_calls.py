"""How one declaration of a method serves hosts that wait and hosts that await.

`methods` declares each method once, as a function from its parameters to a `Call`. What carries
calls out is a `Blocking` or an `Awaiting`; a method found on the one gives its result, found on the
other something to await.
"""

from __future__ import annotations

import functools
from types import MethodType
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterator,
    Callable,
    Coroutine,
    Dict,
    Generic,
    Iterator,
    Mapping,
    NamedTuple,
    Optional,
    Type,
    TypeVar,
    overload,
)

from ._json import Object, encode, read, wire_name
from .errors import UnknownMethod

T = TypeVar("T")
A = TypeVar("A")
R = TypeVar("R", bound=Object)

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")
    #: From a method's parameters to its call.
    Build = Callable[Concatenate[Any, P], "Call"]
else:
    P = TypeVar("P")  # `typing` has ParamSpec from 3.10 on only

__all__ = ["Awaiting", "Blocking", "Call", "Found", "listing", "method"]


class Call(NamedTuple):
    """A method and its parameters, by the names of the wire."""

    method: str
    params: Dict[str, Any]

    @staticmethod
    def of(method: str, given: Mapping[str, Any]) -> Call:
        """A call with a function's arguments, those aside that are None."""
        return Call(
            method,
            {
                _wire_name(name): value
                for name, value in given.items()
                if value is not None and name != "self"
            },
        )

    @property
    def name(self) -> bytes:
        """The method as text of C."""
        if not isinstance(self.method, str):
            raise UnknownMethod("a method's name is a string")
        if not self.method.isascii() or "\0" in self.method:
            raise UnknownMethod(f"there is no method {ascii(self.method)}")
        return self.method.encode()

    @property
    def body(self) -> bytes:
        """The parameters as JSON."""
        return encode(self.params)


_wire_name = functools.lru_cache(maxsize=None)(wire_name)


class Blocking:
    """Carries calls out and waits for them."""

    def _carry_out(self, call: Call) -> Any:
        """The result of a call, as JSON."""
        raise NotImplementedError

    def call(self, method: str, **params: Any) -> Any:
        """Carries out any method by its name and parameters on the wire, and gives its result as
        JSON: `call("events", **{"from": 1})`."""
        return self._carry_out(Call(method, params))


class Awaiting:
    """Carries calls out while others go on.

    A call that is cancelled may still be carried out: it is only not waited for.
    """

    async def _carry_out(self, call: Call) -> Any:
        """The result of a call, as JSON."""
        raise NotImplementedError

    async def call(self, method: str, **params: Any) -> Any:
        """Carries out any method by its name and parameters on the wire, and gives its result as
        JSON: `await call("events", **{"from": 1})`."""
        return await self._carry_out(Call(method, params))


class Found(Generic[P, T, A]):
    """What a method is on a class: a function that waits, or one that gives something to await."""

    def __init__(self, build: Build[P], wait: Callable[..., T], begin: Callable[..., A]) -> None:
        # As a function that was written out: with its words and its parameters, for `help`.
        self._wait = functools.wraps(build)(wait)
        self._begin = functools.wraps(build)(begin)

    @overload
    def __get__(self, instance: Blocking, owner: object = None) -> Callable[P, T]: ...

    @overload
    def __get__(self, instance: Awaiting, owner: object = None) -> Callable[P, A]: ...

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        waits = issubclass(owner if instance is None else type(instance), Blocking)
        function = self._wait if waits else self._begin
        return function if instance is None else MethodType(function, instance)


def method(build: Build[P], kind: Callable[[Any], T]) -> Found[P, T, Coroutine[Any, Any, T]]:
    """A method that gives what `kind` makes of JSON."""

    def wait(instance: Blocking, *args: P.args, **kwargs: P.kwargs) -> T:
        return kind(instance._carry_out(build(instance, *args, **kwargs)))

    async def finish(instance: Awaiting, call: Call) -> T:
        return kind(await instance._carry_out(call))

    def begin(instance: Awaiting, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
        # Wrong arguments are an error where they are given, not where the result is awaited.
        return finish(instance, build(instance, *args, **kwargs))

    return Found(build, wait, begin)


def listing(
    build: Build[P], kind: Type[R], rest: str, position: str
) -> Found[P, Iterator[R], AsyncIterator[R]]:
    """A method that gives pages, as an iterator over what is on them.

    A page says under `rest` where the next one begins, which is asked for as `position`.
    """

    def following(call: Call, page: Mapping[str, Any]) -> Optional[Call]:
        begin = page[rest]
        return None if begin is None else Call(call.method, {**call.params, position: begin})

    def pages(instance: Blocking, call: Optional[Call]) -> Iterator[R]:
        while call is not None:
            page = instance._carry_out(call)
            for item in page["items"]:
                yield read(kind, item)
            call = following(call, page)

    async def pages_awaited(instance: Awaiting, call: Optional[Call]) -> AsyncIterator[R]:
        while call is not None:
            page = await instance._carry_out(call)
            for item in page["items"]:
                yield read(kind, item)
            call = following(call, page)

    def wait(instance: Blocking, *args: P.args, **kwargs: P.kwargs) -> Iterator[R]:
        return pages(instance, build(instance, *args, **kwargs))

    def begin(instance: Awaiting, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[R]:
        return pages_awaited(instance, build(instance, *args, **kwargs))

    return Found(build, wait, begin)
