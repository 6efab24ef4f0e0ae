"""Wakelog: which provider session an agent host resumes, and what it does when that fails.

`Engine` opens a log in this process, `Client` speaks to `wakelog serve`; `wakelog.aio` has both to
be awaited. All four have the same methods, which `wakelog.methods` describes.
"""

from . import aio, errors, results
from .client import Client
from .engine import Engine
from .errors import *  # noqa: F403
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
    "Classification",
    "Client",
    "Command",
    "Engine",
    "Output",
    "OutputReader",
    "aio",
    "classify",
    "command",
    "providers",
    *errors.__all__,
    *results.__all__,
]
__version__ = "0.1.0"
