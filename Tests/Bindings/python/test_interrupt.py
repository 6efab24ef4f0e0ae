"""Ctrl-C while a call waits. Python sees a signal only between its own instructions: a call that
waited within C for a process that was stopped holding the log could not be ended but by killing."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import wakelog
from conftest import wake
from wakelog import _patience
from wakelog._library import library

WRITER = """
import sys, wakelog
with wakelog.Engine(sys.argv[1], host="writer") as engine:
    print("ready", flush=True)
    while True:
        engine.wake(session="w", agent="a", provider="claude", source="message")
"""


@contextlib.contextmanager
def stopped_writer(directory, looking):
    """A process that is stopped while it holds the writer's lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, directory], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout.readline() == b"ready\n"
        while True:
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            if library().wakelog_must_wait(looking.handle):
                break
            process.send_signal(signal.SIGCONT)
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def interrupted(is_waiting):
    """Interrupts what is done within, once it waits; and sees that this ended it."""
    has_begun, is_over = threading.Event(), threading.Event()

    def interrupt():
        has_begun.wait()
        while not is_waiting():
            if is_over.wait(0.01):
                return
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            has_begun.set()
            yield
    finally:
        is_over.set()
        thread.join()


def is_asked():
    return not all(answer.is_left for answer in _patience._under_way.values())


def is_aside():
    return any(thread.name == "wakelog-wait" for thread in threading.enumerate())


def join_aside():
    """Waits for what nobody waited for any more."""
    for thread in threading.enumerate():
        if thread.name == "wakelog-wait":
            thread.join()


def test_a_call_that_waits_for_a_stopped_process_is_interrupted(tmp_path):
    with wakelog.Engine(tmp_path / "log", host="test") as engine:
        with stopped_writer(tmp_path / "log", engine):
            with interrupted(is_asked):
                wake(engine)
        # It was not waited for, and may have been carried out meanwhile.
        assert wake(engine, "t").disposition == "started"
        assert engine.session(session="s").status == "running"


def test_what_only_reads_does_not_wait_for_it(tmp_path):
    with wakelog.Engine(tmp_path / "log", host="test") as engine:
        woken = wake(engine)
        with stopped_writer(tmp_path / "log", engine):
            assert engine.check(session="s", fence=woken.fence).ok
            assert engine.session(session="s").status == "running"


def test_a_call_gives_up_when_it_was_told_to(tmp_path):
    with wakelog.Engine(tmp_path / "log", host=None, writer_wait_seconds=0.2) as engine:
        with stopped_writer(tmp_path / "log", engine):
            with pytest.raises(wakelog.Busy) as refused:
                wake(engine)
    assert "is stopped" in str(refused.value)


def test_closing_does_not_wait_for_it(tmp_path):
    engine = wakelog.Engine(tmp_path / "log", host=None)
    with stopped_writer(tmp_path / "log", engine):
        engine.close()
        assert not engine.is_open


def test_closing_is_interrupted_while_a_call_waits(tmp_path):
    engine = wakelog.Engine(tmp_path / "log", host="test")
    with stopped_writer(tmp_path / "log", engine):
        calling = threading.Thread(target=wake, args=(engine,))
        calling.start()
        while not is_asked():
            time.sleep(0.01)
        time.sleep(0.1)  # until the library has it too
        with interrupted(is_aside):
            engine.close()
        assert not engine.is_open
    calling.join()
    join_aside()
    wakelog.Engine(tmp_path / "log", host=None).close()


def test_opening_is_interrupted_and_leaves_nothing_open(tmp_path):
    wakelog.Engine(tmp_path / "log", host=None).close()
    looking = wakelog.Engine(tmp_path / "log", host=None, read_only=True)
    with stopped_writer(tmp_path / "log", looking):
        looking.close()
        with interrupted(is_aside):
            wakelog.Engine(tmp_path / "log", host="test")
    join_aside()
    wakelog.Engine(tmp_path / "log", host="test").close()


def test_a_client_that_waits_for_its_server_is_interrupted_and_goes_on(cli, tmp_path):
    with wakelog.Engine(tmp_path / "log", host=None) as looking:
        with wakelog.Client.spawn(log=tmp_path / "log", host="c", wakelog=cli) as client:
            with stopped_writer(tmp_path / "log", looking):
                with interrupted(lambda: client._is_read):
                    wake(client)
            assert wake(client, "t").disposition == "started"
            assert client.session(session="s").status == "running"


def test_an_awaited_call_is_cancelled(tmp_path):
    async def main():
        async with await wakelog.aio.Engine.open(tmp_path / "log", host="test") as engine:
            with stopped_writer(tmp_path / "log", engine.blocking):
                call = asyncio.ensure_future(wake(engine))
                await asyncio.sleep(0)
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
            assert (await wake(engine, "t")).disposition == "started"

    asyncio.run(main())


# Only a call that need not wait had its texts cut, and bytes read as text.
def test_what_a_program_printed_is_cut_also_where_a_call_waits(engine, monkeypatch):
    monkeypatch.setattr(engine, "_library_must_wait", lambda handle: True)
    woken = wake(engine)
    done = engine.finish(attempt=woken.attempt, fence=woken.fence, outcome="failed",
                         stdout=b"\xff" * 200_000, stderr="x" * 2_000_000)
    assert done.outcome == "failed"
