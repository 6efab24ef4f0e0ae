"""Wakelog: which provider session an agent host resumes, and what it does when that fails.

`Host` is the loop around an agent. Beneath, `Engine` opens a log in this process and `Client`
speaks to `wakelog serve`; `wakelog.aio` has all three to be awaited. Engines and clients have the
same methods, which `wakelog.methods` describes.
"""

from . import aio, errors, results
from ._agents import AgentCall, Piece, Refused, RunFailed
from .client import Client
from .engine import Engine
from .errors import *  # noqa: F403
from .host import Host, Interrupted, Turn
from .providers import (
    Classification,
    Command,
    Output,
    OutputReader,
    classify,
    command,
    providers,
)
from .results import *  # noqa: F403

__all__ = [
    "AgentCall",
    "Classification",
    "Client",
    "Command",
    "Engine",
    "Host",
    "Interrupted",
    "Output",
    "OutputReader",
    "Piece",
    "Refused",
    "RunFailed",
    "Turn",
    "aio",
    "classify",
    "command",
    "providers",
    *errors.__all__,
    *results.__all__,
]
__version__ = "0.1.0"
