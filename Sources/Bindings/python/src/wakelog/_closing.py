"""What is closed at the end of a `with`."""

from __future__ import annotations

from types import TracebackType
from typing import Optional, Type, TypeVar

T = TypeVar("T")

__all__ = ["AwaitedClosing", "Closing"]


class Closing:
    """Closed when its `with` ends."""

    def close(self) -> None:
        """Lets go of what is held."""
        raise NotImplementedError

    def __enter__(self: T) -> T:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()


class AwaitedClosing:
    """Closed when its `async with` ends."""

    async def close(self) -> None:
        """Lets go of what is held."""
        raise NotImplementedError

    async def __aenter__(self: T) -> T:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()
