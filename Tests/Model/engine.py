"""The real engine: `wakelog serve` over its standard input and output, one log in a folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from types import TracebackType
from typing import List, Optional, Tuple, Type

from values import Json, Params

Call = Tuple[str, Params]


class Engine:
    """A server that is started again on the same log after `restart`; the log goes at the end."""

    def __init__(self, wakelog: str) -> None:
        memory = "/dev/shm"
        self.folder = tempfile.mkdtemp(
            prefix="wakelog-model-", dir=memory if os.access(memory, os.W_OK) else None)
        self.wakelog = wakelog
        self.log = os.path.join(self.folder, "log")
        self.arguments = [wakelog, "serve", "--log", self.log, "--given-clock"]
        self.number = 0
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def calls(self, calls: List[Call]) -> List[Json]:
        """The replies, each an object with `result` or `error`. Written before any is read."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin and stdout
        for method, params in calls:
            self.number += 1
            stdin.write(json.dumps(
                {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}) + "\n")
        stdin.flush()
        replies = []
        for _ in calls:
            line = stdout.readline()
            if not line:
                raise EngineEnded(f"no reply; exit status {self.process.wait()}")
            replies.append(json.loads(line))
        return replies

    def restart(self, how: str) -> None:
        self.end(how)
        self.process = self.start()

    def end(self, how: str = "eof") -> None:
        if how == "kill":
            self.process.send_signal(signal.SIGKILL)
        if self.process.stdin:
            self.process.stdin.close()
        status = self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        if how == "eof" and status != 0:
            raise EngineEnded(f"exit status {status} at the end of input")

    def verify(self) -> Json:
        """What `wakelog verify` says of the log. Call `end` first."""
        told = subprocess.run(
            [self.wakelog, "verify", "--log", self.log, "--json"],
            capture_output=True, text=True, check=False)
        return json.loads(told.stdout) if told.stdout.strip() else {"ok": False}

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass
        shutil.rmtree(self.folder, ignore_errors=True)


class EngineEnded(Exception):
    """The server ended where it should have answered."""
