"""What the tests share. `WAKELOG_CLI` is the program of `wakelog serve`; see `.ci/python`."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import wakelog

CLI = os.environ.get("WAKELOG_CLI") or shutil.which("wakelog")

# What runs in the background of a shell may have been told to ignore Ctrl-C, and tells its children.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def cli():
    if CLI is None:
        pytest.skip("the program wakelog is not there: set WAKELOG_CLI")
    return CLI


@pytest.fixture
def engine(tmp_path):
    with wakelog.Engine(tmp_path / "log", host="test") as engine:
        yield engine


@pytest.fixture(params=["engine", "client"])
def host(request, tmp_path):
    """A log in this process, then one behind a server: the same methods."""
    if request.param == "engine":
        opened = wakelog.Engine(tmp_path / "log", host="test")
    else:
        opened = wakelog.Client.spawn(
            log=tmp_path / "log", host="test", wakelog=request.getfixturevalue("cli")
        )
    with opened:
        yield opened


@pytest.fixture
def server(cli, tmp_path):
    """The path of a socket that is served."""
    path = tmp_path / "socket"
    process = subprocess.Popen(
        [cli, "serve", "--log", tmp_path / "log", "--socket", path],
        stderr=subprocess.PIPE,
    )
    assert b"serving" in process.stderr.readline()
    yield path
    process.terminate()
    process.wait()
    process.stderr.close()


def wake(caller, session="s", **more):
    """Starts a run, or asks for it where the caller is awaited."""
    given = {"agent": "a", "provider": "claude", "source": "message", **more}
    return caller.wake(session=session, **given)


def run_python(code, *arguments, timeout=60, **options):
    """Runs a program of its own, for what would end this one."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        **options,
    )


def eventually(is_true, seconds=10):
    """Waits for something that other threads bring about."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
