"""The engine in this process: threads, forks, and everything that ends."""

import asyncio
import gc
import multiprocessing
import os
import select
import signal
import subprocess
import threading
import time

import pytest

import wakelog
from conftest import eventually, run_python, wake


def test_the_host_has_to_be_named(tmp_path):
    with pytest.raises(TypeError):
        wakelog.Engine(tmp_path / "log")
    for wrong in ["a\0b", "\ud800", 5, "x" * 1025]:
        with pytest.raises((wakelog.InvalidParameter, wakelog.TooLarge)):
            wakelog.Engine(tmp_path / "log", host=wrong)
    with wakelog.Engine(tmp_path / "log", host=None) as engine:
        assert engine.run(run=wake(engine).run).host is None


def test_a_log_is_open_once_in_a_process(tmp_path):
    with wakelog.Engine(tmp_path / "a", host="h"):
        with wakelog.Engine(tmp_path / "b", host="h") as other:
            assert wake(other).disposition == "started"
        with pytest.raises(wakelog.Busy):
            wakelog.Engine(tmp_path / "a", host="i")
    with wakelog.Engine(tmp_path / "a", host="h") as again:
        assert list(again.sessions()) == []


def test_options_are_the_headers(tmp_path):
    with pytest.raises(wakelog.NotFound):
        wakelog.Engine(tmp_path / "none", host=None, read_only=True)
    with pytest.raises(wakelog.InvalidParameter) as unknown:
        wakelog.Engine(tmp_path / "log", host=None, policy="nobody's")
    assert unknown.value.field == "options.policy"
    with wakelog.Engine(tmp_path / "log", host=None, policy="hermes") as engine:
        assert engine.hello().policy == "hermes"
        wake(engine)
    with wakelog.Engine(tmp_path / "log", host=None, read_only=True) as engine:
        assert engine.hello().read_only
        with pytest.raises(wakelog.ReadOnly):
            wake(engine)


def test_a_folder_of_others_is_taken_when_asked(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(wakelog.WakelogError) as refused:
        wakelog.Engine(folder, host=None)
    assert "Others can write" in str(refused.value)
    with wakelog.Engine(folder, host=None, trusts_folder=True) as engine:
        assert wake(engine).disposition == "started"


def test_a_writer_is_waited_for_as_long_as_asked(tmp_path):
    with pytest.raises(wakelog.InvalidParameter) as unknown:
        wakelog.Engine(tmp_path / "log", host=None, writer_wait_seconds=-1)
    assert unknown.value.field == "options.writer_wait_seconds"
    with wakelog.Engine(tmp_path / "log", host=None, writer_wait_seconds=0.5) as engine:
        assert wake(engine).disposition == "started"


def test_what_is_no_log_is_refused(tmp_path):
    (tmp_path / "data.mdb").write_bytes(b"no log" * 4096)
    with pytest.raises(wakelog.Corrupt):
        wakelog.Engine(tmp_path, host=None)


def test_threads_share_an_engine(engine):
    failures = []

    def live(number):
        try:
            for _ in range(20):
                woken = wake(engine, f"s{number}")
                engine.finish(attempt=woken.attempt, fence=woken.fence, exit_code=0, turns=1)
                with pytest.raises(wakelog.StaleFence) as stale:
                    engine.check(session=f"s{number}", fence=woken.fence)
                assert "the run has ended" in stale.value.message
                with pytest.raises(wakelog.NotFound):
                    engine.session(session="nobody")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [session.counters.runs for session in engine.sessions()] == [20] * 16


def test_other_threads_go_on_during_a_call(engine):
    counted = 0
    waiting = threading.Thread(target=engine.wait_for_event, args=(1_000, 1_000))
    waiting.start()
    start = time.monotonic()
    while waiting.is_alive():
        counted += 1
    assert time.monotonic() - start > 0.9
    # With the interpreter held, the first round would have lasted as long as the wait.
    assert counted > 1_000


def test_calls_during_a_close_are_carried_out_or_refused(tmp_path):
    for attempt in range(20):
        engine = wakelog.Engine(tmp_path / f"log{attempt}", host="h")
        ended, refused, started = [], [], threading.Barrier(5)

        def live(number):
            started.wait()
            try:
                for turn in range(10_000):
                    ended.append(wake(engine, f"{number}/{turn}").run)
            except wakelog.Busy as busy:
                refused.append(busy)

        threads = [threading.Thread(target=live, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        started.wait()
        engine.close()
        for thread in threads:
            thread.join()
        assert len(refused) == 4
        with wakelog.Engine(tmp_path / f"log{attempt}", host=None, read_only=True) as again:
            assert len(list(again.sessions())) == len(ended)


def test_closing_ends_a_subscription(engine):
    wake(engine)
    seen = []
    reader = threading.Thread(target=lambda: seen.extend(engine.subscribe()))
    reader.start()
    count = len(list(engine.events()))
    eventually(lambda: len(seen) == count)
    engine.close()
    reader.join(5)
    assert not reader.is_alive() and len(seen) == count


def test_an_engine_that_nobody_has_any_more_is_closed(tmp_path):
    engine = wakelog.Engine(tmp_path / "log", host="h")
    wake(engine)
    del engine
    gc.collect()
    with wakelog.Engine(tmp_path / "log", host="h"):
        pass


def test_another_process_sees_what_is_written(engine, tmp_path):
    events = engine.subscribe()
    code = """
import sys, wakelog
with wakelog.Engine(sys.argv[1], host="other") as engine:
    engine.wake(session="theirs", agent="a", provider="claude", source="manual")
"""
    assert run_python(code, tmp_path / "log").returncode == 0
    assert next(event for event in events if event.session == "theirs")


def test_a_killed_process_finds_its_runs_ended(tmp_path):
    code = """
import os, sys, wakelog
engine = wakelog.Engine(sys.argv[1], host="gateway")
engine.wake(session="s", agent="a", provider="claude", source="manual")
os.kill(os.getpid(), 9)
"""
    assert run_python(code, tmp_path / "log").returncode == -signal.SIGKILL
    with wakelog.Engine(tmp_path / "log", host="gateway") as engine:
        assert engine.session(session="s").last_run.outcome == "interrupted"


def in_child(body):
    """Runs something in a forked child, and gives what it says, or how it died."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing"
        try:
            said = str(body())
        except wakelog.WakelogError as error:
            said = error.code
        except BaseException as error:
            said = repr(error)
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    if not select.select([reader], [], [], 60)[0]:
        os.kill(child, signal.SIGKILL)
    with open(reader, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return said if status == 0 else f"status {status}"


def test_the_child_of_a_fork_is_refused_and_the_parent_goes_on(engine):
    wake(engine)
    assert in_child(lambda: wake(engine, "child")) == "busy"
    assert in_child(lambda: engine.session(session="s")) == "busy"
    assert in_child(engine.close) == "busy"
    assert in_child(lambda: list(engine.subscribe())) == "busy"
    assert wake(engine, "parent").disposition == "started"
    assert [session.key for session in engine.sessions()] == ["s", "parent"]


def test_the_child_of_a_fork_opens_the_log_again(engine, tmp_path):
    def write():
        with wakelog.Engine(tmp_path / "log", host="child") as own:
            return wake(own, "child").disposition

    assert in_child(write) == "started"
    assert engine.session(session="child").status == "running"


def write_as(path, name):
    """What a worker of a pool does."""
    with wakelog.Engine(path, host=name) as engine:
        return wake(engine, name).disposition


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_worker_processes_write_to_one_log(engine, tmp_path, method):
    wake(engine)
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        names = [f"{method}-{number}" for number in range(6)]
        done = pool.starmap(write_as, [(tmp_path / "log", name) for name in names])
    assert done == ["started"] * 6
    assert {session.key for session in engine.sessions()} == {"s", *names}


def test_a_fork_while_threads_call_leaves_both_well(engine):
    stop = threading.Event()

    def live(number):
        turn = 0
        while not stop.is_set():
            wake(engine, f"{number}/{turn}")
            turn += 1

    threads = [threading.Thread(target=live, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            assert in_child(lambda: wake(engine, "child")) == "busy"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wake(engine, "after").disposition == "started"


def test_a_fork_while_answers_come_leaves_the_child_well(engine):
    """Python up to 3.11 made a state for each answer, under a lock that the child of a fork took
    with it: one child in some hundreds waited for ever."""
    stop = threading.Event()
    many = wakelog.aio.Engine(engine)

    async def live():
        while not stop.is_set():
            await asyncio.gather(*[many.hello() for _ in range(8)])

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    try:
        for _ in range(400):
            assert in_child(lambda: "well") == "well"
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("ending", ["pass", "sys.exit(3)", "raise SystemError", "engine = None"])
def test_a_program_ends_with_calls_under_way(tmp_path, ending):
    code = f"""
import sys, threading, wakelog
engine = wakelog.Engine(sys.argv[1], host="h")
def live(number):
    for turn in range(1_000_000):
        try:
            engine.wake(session=f"{{number}}/{{turn}}", agent="a", provider="p", source="manual")
        except (wakelog.Busy, AttributeError):
            return
for number in range(4):
    threading.Thread(target=live, args=(number,), daemon=True).start()
engine.wake(session="s", agent="a", provider="p", source="manual")
events = engine.subscribe()
next(events)
{ending}
"""
    ended = run_python(code, tmp_path / "log")
    assert ended.returncode == {"sys.exit(3)": 3, "raise SystemError": 1}.get(ending, 0), ended
    with wakelog.Engine(tmp_path / "log", host="h") as engine:
        assert engine.session(session="s").last_run.outcome == "interrupted"


def test_a_log_removed_under_the_engine_is_an_error_or_works_on(engine, tmp_path):
    wake(engine)
    for file in (tmp_path / "log").iterdir():
        file.unlink()
    try:
        wake(engine, "t")
    except wakelog.WakelogError as error:
        assert error.message
    engine.close()


def test_a_library_that_is_not_there_is_named(tmp_path):
    environment = dict(os.environ, WAKELOG_LIBRARY=str(tmp_path / "none.so"))
    code = "import wakelog; wakelog.Client; wakelog.Engine('/tmp/x', host=None)"
    ended = run_python(code, env=environment)
    assert "none.so" in ended.stderr and "install a wheel" in ended.stderr


def test_memory_stays_flat_over_many_calls(engine):
    woken = wake(engine)
    engine.finish(attempt=woken.attempt, fence=woken.fence, exit_code=0, session_id="id-1", turns=1)
    many = wakelog.aio.Engine(engine)

    def live():
        for _ in range(10_000):
            engine.session(session="s")
            try:
                engine.session(session="nobody")
            except wakelog.NotFound:
                pass
        asyncio.run(await_many())
        gc.collect()
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def await_many():
        for _ in range(20):
            await asyncio.gather(*[many.session(session="s") for _ in range(200)])
            await asyncio.gather(
                *[many.session(session="t") for _ in range(200)], return_exceptions=True
            )

    live()  # what is allocated once
    # A leak of one answer of 500 bytes a call would be 14 MB a round, in every round; what the
    # allocator keeps for itself does not come again and again.
    sizes = [live() for _ in range(4)]
    assert min(later - earlier for earlier, later in zip(sizes, sizes[1:])) < 1 << 20, sizes


def test_no_child_inherits_the_log(tmp_path):
    """A program that the host started inherited `data.mdb` open for writing."""
    script = "for f in /proc/self/fd/*; do readlink $f || true; done"
    with wakelog.Engine(tmp_path / "log", host="h") as engine:
        wake(engine)
        listed = subprocess.run(
            ["/bin/sh", "-c", script], close_fds=False, stdout=subprocess.PIPE, check=True, text=True
        ).stdout
        spawned = tmp_path / "spawned"
        child = os.posix_spawn("/bin/sh", ["sh", "-c", f"({script}) > {spawned}"], os.environ)
        assert os.waitpid(child, 0)[1] == 0
        listed += spawned.read_text()
        assert "/pipe" in listed or "pipe:" in listed or "/dev/" in listed
        assert str(tmp_path / "log") not in listed
