"""The same, to be awaited: `wakelog.aio.Engine` and `wakelog.aio.Client`."""

from .client import Client
from .engine import Engine

__all__ = ["Client", "Engine"]
