"""The same, to be awaited: `wakelog.aio.Engine` and `wakelog.aio.Client`."""

from .client import Client
from .engine import Engine
from .host import Host, Interrupted, Turn

__all__ = ["Client", "Engine", "Host", "Interrupted", "Turn"]
