"""How the bytes of an awaiting client come and go: the pipes of a server, or its socket."""

from __future__ import annotations

import asyncio
from typing import List

from .._wire import LastWords
from ..errors import Disconnected, NotFound

__all__ = ["Pipes", "Socket", "Transport"]


class Transport:
    """One connection. `receive` and `end` are called by one task at a time, as is `send`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, line: bytes) -> None:
        """Sends a line. That the server is gone is told by `receive`."""
        try:
            self._writer.write(line)
            await self._writer.drain()
        except (ConnectionError, RuntimeError):
            pass

    async def receive(self) -> bytes:
        """Waits for what comes next; nothing at the end."""
        try:
            return await self._reader.read(1 << 16)
        except ConnectionError:
            return b""

    def finish(self, at_once: bool) -> None:
        """Says that no request follows: the server answers what it has and ends. With `at_once` it
        sends no more events."""
        raise NotImplementedError

    async def end(self) -> str:
        """Lets go after the end has come, and says what ended."""
        raise NotImplementedError


class Pipes(Transport):
    """A server that was started for one client."""

    def __init__(self, server: asyncio.subprocess.Process) -> None:
        assert server.stdin and server.stdout and server.stderr
        super().__init__(server.stdout, server.stdin)
        self._server = server
        self._last_words = LastWords()
        self._listener = asyncio.ensure_future(self._listen(server.stderr))

    @classmethod
    async def start(cls, words: List[str]) -> Pipes:
        """Starts the server."""
        pipe = asyncio.subprocess.PIPE
        try:
            server = await asyncio.create_subprocess_exec(
                *words, stdin=pipe, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            raise NotFound(
                f"{words[0]} cannot be started ({error.strerror}); give the program's path",
                field="wakelog",
            ) from None
        except ValueError as error:
            raise NotFound(f"{words} cannot be started: {error}") from None
        return cls(server)

    def finish(self, at_once: bool) -> None:
        if not at_once:
            self._writer.close()
        elif self._server.returncode is None:
            self._server.terminate()  # the end of its input would have it send all there is

    async def end(self) -> str:
        if not self._reader.at_eof() and self._server.returncode is None:
            self._server.kill()  # no server: what it said was no reply
        self._writer.close()
        status = await self._server.wait()
        await self._listener
        return self._last_words.of(status)

    async def _listen(self, output: asyncio.StreamReader) -> None:
        while True:
            piece = await output.read(4096)
            if not piece:
                return
            self._last_words.take(piece)


class Socket(Transport):
    """A connection to a server that has a socket."""

    def __init__(
        self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer)
        self._path = path

    @classmethod
    async def connect(cls, path: str) -> Socket:
        """Connects to the server."""
        try:
            reader, writer = await asyncio.open_unix_connection(path)
        except (OSError, ValueError) as error:
            raise Disconnected(
                f"no server answers on {path} ({error}); start `wakelog serve --socket` there"
            ) from None
        return cls(path, reader, writer)

    def finish(self, at_once: bool) -> None:
        if at_once:
            self._writer.close()
        elif self._writer.can_write_eof():
            self._writer.write_eof()

    async def end(self) -> str:
        self._writer.close()
        return f"the server on {self._path} is gone; connect, and ask again with the same key"
