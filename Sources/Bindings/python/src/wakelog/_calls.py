"""How one declaration of a method serves hosts that wait and hosts that await.

`methods` declares each method once, as a function from its parameters to a `Call`. What carries
calls out is a `Blocking` or an `Awaiting`; a `Method` found on the one gives its result, found on
the other something to await.
"""

from __future__ import annotations

import functools
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

from ._json import Object, decode, encode, read, wire_name
from .errors import InvalidParameter, UnknownMethod
from .results import Event

T = TypeVar("T")
R = TypeVar("R", bound=Object)

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")
else:
    P = TypeVar("P")  # `typing` has ParamSpec from 3.10 on only

__all__ = ["Awaiting", "Blocking", "Call", "Listing", "Method"]


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


class Method(Generic[P, T]):
    """A method of the engine, found on what carries it out."""

    def __init__(
        self, kind: Callable[[Any], T], build: Callable[Concatenate[Any, P], Call]
    ) -> None:
        self._kind = kind
        self._build = build
        functools.update_wrapper(self, build)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: None, owner: object = None) -> Method[P, T]: ...

    @overload
    def __get__(self, instance: Blocking, owner: object = None) -> Callable[P, T]: ...

    @overload
    def __get__(
        self, instance: Awaiting, owner: object = None
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, instance: Any, owner: object = None) -> Any:
        if instance is None:
            return self
        kind, build = self._kind, self._build
        if isinstance(instance, Blocking):

            def wait(*args: P.args, **kwargs: P.kwargs) -> T:
                return kind(instance._carry_out(build(instance, *args, **kwargs)))

            return wait

        async def finish(call: Call) -> T:
            return kind(await instance._carry_out(call))

        # Wrong arguments are an error where they are given, not where the result is awaited.
        return lambda *args, **kwargs: finish(build(instance, *args, **kwargs))


class Listing(Generic[P, R]):
    """A method that gives pages, as an iterator over what is on them."""

    def __init__(
        self, kind: Type[R], rest: str, position: str, build: Callable[Concatenate[Any, P], Call]
    ) -> None:
        self._kind = kind
        # A page says under `rest` where the next one begins, which is asked for as `position`.
        self._rest = rest
        self._position = position
        self._build = build
        functools.update_wrapper(self, build)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: None, owner: object = None) -> Listing[P, R]: ...

    @overload
    def __get__(self, instance: Blocking, owner: object = None) -> Callable[P, Iterator[R]]: ...

    @overload
    def __get__(
        self, instance: Awaiting, owner: object = None
    ) -> Callable[P, AsyncIterator[R]]: ...

    def __get__(self, instance: Any, owner: object = None) -> Any:
        if instance is None:
            return self
        walk = self._walk if isinstance(instance, Blocking) else self._walk_awaiting
        return lambda *args, **kwargs: walk(instance, self._build(instance, *args, **kwargs))

    def _walk(self, instance: Blocking, call: Call) -> Iterator[R]:
        following: Optional[Call] = call
        while following is not None:
            page = instance._carry_out(following)
            yield from (read(self._kind, item) for item in page["items"])
            following = self._next(following, page)

    async def _walk_awaiting(self, instance: Awaiting, call: Call) -> AsyncIterator[R]:
        following: Optional[Call] = call
        while following is not None:
            page = await instance._carry_out(following)
            for item in page["items"]:
                yield read(self._kind, item)
            following = self._next(following, page)

    def _next(self, call: Call, page: Mapping[str, Any]) -> Optional[Call]:
        begin = page[self._rest]
        if begin is None:
            return None
        return Call(call.method, {**call.params, self._position: begin})
