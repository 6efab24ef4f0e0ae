"""What is known of agent CLIs: how to call them, how to read them, and how their failures look."""

from __future__ import annotations

import weakref
from ctypes import byref, c_char_p, c_uint64
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union, cast

from ._calls import Params, named
from ._closing import Closing
from ._json import encode
from ._library import as_text, given, library, raise_error
from ._objects import Object, read, value
from ._texts import Printed, cut_texts
from .errors import InvalidParameter
from .methods import Outcome
from .results import Usage

__all__ = [
    "Classification",
    "Command",
    "Output",
    "OutputReader",
    "classify",
    "command",
    "providers",
]


#: A provider's name, or a document of one's own.
Provider = Union[str, Mapping[str, Any]]


@value
class Command(Object):
    """The words of a CLI's call."""

    command: List[str]
    #: The id that the session is begun under; None when the CLI itself names it.
    session_id: Optional[str]


@value
class Output(Object):
    """What a CLI's output says so far; None where it does not say."""

    #: Reported, which proves nothing before the session is entered.
    session_id: Optional[str]
    #: Whether a model has answered.
    entered: bool
    turns: Optional[int]
    usage: Optional[Usage]


@value
class Classification(Object):
    """Which failure the facts of an attempt show."""

    #: None for a success, as the family.
    kind: Optional[str]
    family: Optional[str]
    #: The entry of the table of failures that decided.
    because: Optional[str]


def providers() -> List[Dict[str, Any]]:
    """What is known of each provider's CLI, with the source of each fact, as documents."""
    result = c_char_p()
    status = library().wakelog_providers(byref(result), None)
    return cast(List[Dict[str, Any]], given(status, result))


def command(
    provider: Provider,
    command: Sequence[str],
    *,
    session_id: Optional[str] = None,
    new_id: Optional[str] = None,
) -> Command:
    """The words of a CLI's call with those put in that resume a session, or begin one.

    `provider` is a name, or the document of a provider of one's own, as `providers` has them.
    """
    if isinstance(command, (str, bytes)):
        raise InvalidParameter(
            "`command` must be a list of words, not one string: "
            '["claude", "-p", text]; no shell takes it apart',
            field="command",
        )
    request = named({**locals(), "command": list(command)})
    return read(Command, _asked(library().wakelog_command, request))


def classify(
    *,
    provider: Optional[str] = None,
    exit_code: Optional[int] = None,
    signal: Union[int, str, None] = None,
    stdout: Optional[Printed] = None,
    stderr: Optional[Printed] = None,
    message: Optional[Printed] = None,
    status: Optional[int] = None,
    error_code: Optional[str] = None,
    turns: Optional[int] = None,
    outcome: Optional[Outcome] = None,
    resuming: Optional[bool] = None,
) -> Classification:
    """Which failure the facts of an ended attempt show. Nothing is written anywhere."""
    facts = dict(cut_texts(named(locals())))
    return read(Classification, _asked(library().wakelog_classify, facts))


class OutputReader(Closing):
    """Reads a CLI's standard output as it comes."""

    def __init__(self, provider: Provider) -> None:
        """Begins to read the output of a provider's CLI, by its name or document."""
        reader = c_uint64()
        own = encode(provider) if isinstance(provider, Mapping) else as_text("provider", provider)
        status = library().wakelog_reader_open(own, byref(reader))
        if status != 0:
            raise_error(status)
        self._reader = reader.value
        self._finalizer = weakref.finalize(self, library().wakelog_reader_close, self._reader)

    def feed(self, piece: bytes) -> Output:
        """Takes in a piece of output, and says what is known by now. An empty one ends it."""
        fed, result = bytes(memoryview(piece)), c_char_p()  # text and numbers are refused here
        status = library().wakelog_reader_feed(self._reader, fed, len(fed), byref(result), None)
        return read(Output, given(status, result))

    def end(self) -> Output:
        """Says what is known at the end of the output."""
        return self.feed(b"")

    def close(self) -> None:
        """Lets go of what was read."""
        self._finalizer()


def _asked(function: Callable[..., int], request: Params) -> Any:
    body, result = encode(request), c_char_p()
    return given(function(body, len(body), byref(result), None), result)
