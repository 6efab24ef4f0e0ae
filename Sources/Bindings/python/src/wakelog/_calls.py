"""What carries calls out: a host waits for them, or awaits them."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping

from ._json import encode
from ._objects import wire_name
from ._texts import cut_texts
from .errors import UnknownMethod

__all__ = ["Awaiting", "Blocking", "Params", "as_sent", "encoded", "named"]

#: A method's parameters, by their names on the wire.
Params = Dict[str, Any]


def named(given: Mapping[str, Any]) -> Params:
    """Arguments by their names on the wire, those aside that are None."""
    params = {wire_name(name): value for name, value in given.items() if value is not None}
    if isinstance(params.get("usage"), Mapping):
        # In Python's own spelling, or the wire's.
        params["usage"] = {wire_name(name): one for name, one in params["usage"].items()}
    return params


#: What long texts are told to.
_FINISHING = (b"finish", b"turn.finish")


def encoded(method: bytes, params: Params) -> bytes:
    """The parameters of a call as they are sent."""
    return encode(cut_texts(params) if method in _FINISHING else params)


def as_sent(method: Any) -> bytes:
    """A method's name as text of C, which JSON has between quotes as it stands."""
    if not isinstance(method, str):
        raise UnknownMethod("a method's name is a string")
    if json.dumps(method) != f'"{method}"':
        raise UnknownMethod(f"there is no method {ascii(method)}")
    return method.encode()


class Blocking:
    """Carries calls out and waits for them."""

    def _carry_out(self, method: bytes, params: Params) -> Any:
        """The result of a call, as JSON."""
        raise NotImplementedError

    def call(self, method: str, **params: Any) -> Any:
        """Carries out any method by its name and parameters on the wire, and gives its result as
        JSON: `call("events", **{"from": 1})`."""
        return self._carry_out(as_sent(method), params)


class Awaiting:
    """Carries calls out while others go on.

    A call that is cancelled may still be carried out: it is only not waited for.
    """

    async def _carry_out(self, method: bytes, params: Params) -> Any:
        """The result of a call, as JSON."""
        raise NotImplementedError

    async def call(self, method: str, **params: Any) -> Any:
        """Carries out any method by its name and parameters on the wire, and gives its result as
        JSON: `await call("events", **{"from": 1})`."""
        return await self._carry_out(as_sent(method), params)
