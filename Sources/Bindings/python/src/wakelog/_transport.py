"""How the bytes of a blocking client come and go: the pipes of a server, or its socket."""

from __future__ import annotations

import socket
import subprocess
import threading
from typing import IO, List

from ._wire import LastWords
from .errors import Disconnected, NotFound

__all__ = ["Pipes", "Socket", "Transport"]


class Transport:
    """One connection. `receive` and `end` are called by one thread at a time, as are `send` and
    `finish`."""

    def __init__(self) -> None:
        # While a line is sent its descriptor stays open: its number could be another file's next.
        self._sending = threading.Lock()

    def send(self, line: bytes) -> None:
        """Sends a line. That the server is gone is told by `receive`."""
        raise NotImplementedError

    def receive(self) -> bytes:
        """Waits for what comes next; nothing at the end."""
        raise NotImplementedError

    def finish(self, at_once: bool) -> None:
        """Says that no request follows: the server answers what it has and ends. With `at_once` it
        sends no more events."""
        raise NotImplementedError

    def end(self) -> str:
        """Lets go after the end has come, and says what ended."""
        raise NotImplementedError


class Pipes(Transport):
    """A server that was started for one client."""

    #: How long a server that wrote its last may take to end.
    _grace_seconds = 10

    def __init__(self, words: List[str]) -> None:
        super().__init__()
        try:
            self._server = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise NotFound(
                f"{words[0]} cannot be started ({error.strerror}); give the program's path",
                field="wakelog",
            ) from None
        except ValueError as error:
            raise NotFound(f"{words} cannot be started: {error}") from None
        assert self._server.stdin and self._server.stdout and self._server.stderr
        self._input = self._server.stdin
        self._output = self._server.stdout
        self._has_ended = False
        self._last_words = LastWords()
        self._listener = threading.Thread(
            target=_listen, args=(self._server.stderr, self._last_words), daemon=True
        )
        self._listener.start()

    def send(self, line: bytes) -> None:
        with self._sending:
            try:
                sent = self._input.write(line) or 0
                while sent < len(line):
                    sent += self._input.write(memoryview(line)[sent:]) or 0
            except (OSError, ValueError):  # broken, or closed
                pass

    def receive(self) -> bytes:
        piece = self._output.read(1 << 16)
        self._has_ended = not piece
        return piece

    def finish(self, at_once: bool) -> None:
        if at_once:
            self._server.terminate()  # the end of its input would have it send all there is
        else:
            self._input.close()

    def end(self) -> str:
        if not self._has_ended:
            self._server.kill()  # no server: what it said was no reply
        try:
            status = self._server.wait(self._grace_seconds)
        except subprocess.TimeoutExpired:
            self._server.kill()
            status = self._server.wait()
        with self._sending:
            self._input.close()
        self._output.close()
        self._listener.join()
        return self._last_words.of(status)


class Socket(Transport):
    """A connection to a server that has a socket."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(path)
        except (OSError, ValueError) as error:
            self._socket.close()
            raise Disconnected(
                f"no server answers on {path} ({error}); start `wakelog serve --socket` there"
            ) from None

    def send(self, line: bytes) -> None:
        with self._sending:
            try:
                self._socket.sendall(line)
            except OSError:
                pass

    def receive(self) -> bytes:
        try:
            return self._socket.recv(1 << 16)
        except OSError:
            return b""

    def finish(self, at_once: bool) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR if at_once else socket.SHUT_WR)
        except OSError:
            pass

    def end(self) -> str:
        self.finish(at_once=True)  # ends a `send` that waits
        with self._sending:
            self._socket.close()
        return f"the server on {self._path} is gone; connect, and ask again with the same key"


def _listen(output: IO[bytes], last_words: LastWords) -> None:
    with output:
        while True:
            piece = output.read(4096)
            if not piece:
                return
            last_words.take(piece)
