"""Why a call was not carried out: one exception for each code of the engine."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional, Type

__all__ = [
    "Busy",
    "Conflict",
    "Corrupt",
    "Disconnected",
    "DiskFull",
    "InvalidParameter",
    "InvalidRequest",
    "HostSuperseded",
    "NotFound",
    "ReadOnly",
    "StaleFence",
    "TooLarge",
    "UnknownMethod",
    "WakelogError",
]


class WakelogError(Exception):
    """A call was not carried out. The text says what is wrong, and what to do next."""

    #: The code of the engine, as on the wire.
    code = "error"
    #: The parameter concerned, as a dotted path.
    field: Optional[str]
    #: Where the flush cursor is, when a flush did not start there.
    cursor: Optional[int]

    def __init__(
        self, message: str, *, field: Optional[str] = None, cursor: Optional[int] = None
    ) -> None:
        super().__init__(message)
        self.field = field
        self.cursor = cursor

    @property
    def message(self) -> str:
        """What is wrong, and what to do next."""
        return str(self.args[0])

    def __reduce__(self) -> Any:
        # The base class would forget what is given by keyword: errors cross process pools.
        return (type(self), self.args, self.__dict__)


class InvalidParameter(WakelogError):
    """A parameter is unknown, missing or wrong; `field` names it."""

    code = "invalidParameter"


class UnknownMethod(WakelogError):
    """There is no such method."""

    code = "unknownMethod"


class StaleFence(WakelogError):
    """The write lost: its run has ended, or its key was reset. Nothing was changed."""

    code = "staleFence"


class HostSuperseded(WakelogError):
    """Another process took the host's name; the text says which. Nothing was changed."""

    code = "hostSuperseded"


class NotFound(WakelogError):
    """The session, agent or run is not known."""

    code = "notFound"


class Conflict(WakelogError):
    """The state is not what the call expects; of a flush, `cursor` says where to go on."""

    code = "conflict"


class Busy(WakelogError):
    """A run is open, or the log is in use, closed, or of the process before a fork."""

    code = "busy"


class Corrupt(WakelogError):
    """The log is damaged, or no log."""

    code = "corrupt"


class DiskFull(WakelogError):
    """There is no room on the disk; nothing was written."""

    code = "diskFull"


class ReadOnly(WakelogError):
    """The log was opened for reading, or may not be written."""

    code = "readOnly"


class TooLarge(WakelogError):
    """A value is longer than its limit."""

    code = "tooLarge"


class InvalidRequest(WakelogError):
    """The server understood nothing of a line."""

    code = "invalidRequest"


class Disconnected(WakelogError):
    """The server is gone. Whether the call was carried out is not known: with the same `key`, ask
    again."""

    code = "disconnected"


_BY_CODE: Dict[str, Type[WakelogError]] = {
    kind.code: kind
    for kind in (
        InvalidParameter,
        UnknownMethod,
        StaleFence,
        NotFound,
        Conflict,
        Busy,
        Corrupt,
        DiskFull,
        ReadOnly,
        TooLarge,
        HostSuperseded,
    )
}

# The numbers of `wakelog_status`.
_BY_STATUS = dict(enumerate(_BY_CODE.values(), start=1))

_BY_RPC_CODE: Dict[int, Type[WakelogError]] = {
    # A line of ours is JSON, but for a value that the engine cannot hold.
    -32700: InvalidParameter,
    -32600: InvalidRequest,
    -32601: UnknownMethod,
    -32602: InvalidParameter,
}


def from_wire(error: Mapping[str, Any]) -> WakelogError:
    """The exception for an error object of the wire."""
    data = error.get("data") or {}
    kind = _BY_RPC_CODE.get(error.get("code", 0))
    if kind is None:
        kind = _BY_CODE.get(str(data.get("code")), WakelogError)
    message, field = str(error.get("message", "")), data.get("field")
    if field is not None:
        message = _QUOTED.sub(lambda found: f"`{_spelled(found[1])}`", message)
        message = _KNOWN.sub(lambda found: _spelled(found[0]), message)
        field = _spelled(field)
    return kind(message, field=field, cursor=data.get("cursor"))


#: A name between the marks that the engine puts it in.
_QUOTED = re.compile(r"`([a-z][A-Za-z.]*)`")


#: The names that are known, where one is not.
_KNOWN = re.compile(r"(?<=is unknown; remove it, or use one of ).*")


def _spelled(name: str) -> str:
    """A parameter's name as Python has it: `sessionId` is `session_id`."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: "_" + found[0].lower(), name)


def from_status(status: int) -> WakelogError:
    """The exception for a status that came without words."""
    kind = _BY_STATUS.get(status, WakelogError)
    return kind(f"the engine answered with status {status} ({kind.code})")
