"""The engine in this process, awaited."""

import asyncio
import gc
import threading
import time

import pytest

import wakelog
from conftest import eventually, run_python, wake
from wakelog import aio
from wakelog.aio import _answers


def opened(tmp_path, body):
    """Runs a coroutine function with an engine."""

    async def main():
        tmp_path.mkdir(exist_ok=True)
        async with await aio.Engine.open(tmp_path / "log", host="test") as engine:
            return await body(engine)

    return asyncio.run(main())


def test_a_run_is_carried_to_its_end(tmp_path):
    async def body(engine):
        woken = await wake(engine)
        done = await engine.finish(
            attempt=woken.attempt, fence=woken.fence, exit_code=0, session_id="id-1", turns=1
        )
        assert done.session.bound.session_id == "id-1"
        assert (await engine.session(session="s")).last_run.outcome == "succeeded"
        assert [session.key async for session in engine.sessions(limit=1)] == ["s"]
        assert [event.seq async for event in engine.events(limit=3)][0] == 1
        assert (await engine.call("session", session="s"))["key"] == "s"
        # The same log, for callers that wait.
        assert engine.blocking.session(session="s").bound.session_id == "id-1"

    opened(tmp_path, body)


def test_errors_are_the_exceptions_of_the_engine(tmp_path):
    async def body(engine):
        with pytest.raises(wakelog.NotFound):
            await engine.session(session="s")
        with pytest.raises(wakelog.UnknownMethod):
            await engine.call("nope")
        with pytest.raises(wakelog.InvalidParameter) as wrong:
            await engine.session(session="\ud800")
        assert wrong.value.field == "session"
        with pytest.raises(TypeError):
            engine.wake(sesion="s")
        several = await asyncio.gather(
            *[engine.session(session=f"s{number}") for number in range(50)], return_exceptions=True
        )
        assert {type(one) for one in several} == {wakelog.NotFound}

    opened(tmp_path, body)


def test_many_calls_at_a_time_share_commits(tmp_path):
    """Five hundred at a time take a fraction of what they take one after the other."""

    async def body(engine):
        start = time.perf_counter()
        for number in range(100):
            await wake(engine, f"one/{number}")
        alone = (time.perf_counter() - start) / 100
        start = time.perf_counter()
        woken = await asyncio.gather(*[wake(engine, f"many/{n}") for n in range(500)])
        together = (time.perf_counter() - start) / 500
        assert len({one.run for one in woken}) == 500
        return alone, together

    measured = []
    for attempt in range(3):  # the machine may be busy with something else
        alone, together = opened(tmp_path / str(attempt), body)
        measured.append((alone, together))
        if together < alone / 2:
            return
    pytest.fail(f"seconds of a call alone, and of one among many: {measured}")


def test_the_loop_goes_on_during_a_call(tmp_path):
    async def body(engine):
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.ensure_future(tick())
        for number in range(20):
            await wake(engine, f"s{number}")
        ticking.cancel()
        return ticks

    assert opened(tmp_path, body) > 20


def test_a_cancelled_call_leaves_the_others_well(tmp_path):
    async def body(engine):
        for number in range(50):
            cancelled = asyncio.ensure_future(wake(engine, f"cancelled/{number}"))
            waited = asyncio.ensure_future(wake(engine, f"waited/{number}"))
            await asyncio.sleep(0)
            cancelled.cancel()
            assert (await waited).disposition == "started"
            assert cancelled.cancelled()
        # What was on its way was carried out all the same.
        return [session.key async for session in engine.sessions()]

    assert len(opened(tmp_path, body)) == 100


def test_a_loop_that_is_closed_early_is_let_go(tmp_path):
    engine = aio.Engine(wakelog.Engine(tmp_path / "log", host="test"))
    for turn in range(20):
        loop = asyncio.new_event_loop()
        for number in range(20):
            loop.create_task(wake(engine, f"{turn}/{number}")).add_done_callback(lambda _: None)
        loop.run_until_complete(asyncio.sleep(0))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.close()
        del loop
        gc.collect()
    assert asyncio.run(wake(engine, "after")).disposition == "started"
    engine.blocking.close()
    with wakelog.Engine(tmp_path / "log", host=None) as again:
        assert len(list(again.sessions())) == 401


def test_loops_in_several_threads_share_an_engine(tmp_path):
    engine = aio.Engine(wakelog.Engine(tmp_path / "log", host="test"))
    ended = []

    async def live(number):
        for turn in range(5):
            await asyncio.gather(*[wake(engine, f"{number}/{turn}/{n}") for n in range(10)])
        ended.append(number)

    threads = [threading.Thread(target=lambda n=n: asyncio.run(live(n))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == [0, 1, 2, 3]
    assert len(list(engine.blocking.sessions())) == 200
    engine.blocking.close()


def test_a_close_answers_what_is_under_way_and_refuses_the_rest(tmp_path):
    async def body(engine):
        under_way = [asyncio.ensure_future(wake(engine, f"s{n}")) for n in range(100)]
        await asyncio.sleep(0)
        await engine.close()
        assert {(await one).disposition for one in under_way} == {"started"}
        with pytest.raises(wakelog.Busy):
            await wake(engine, "late")

    opened(tmp_path, body)


def test_a_subscription_has_what_comes_and_ends_with_the_engine(tmp_path):
    async def body(engine):
        seen = []

        async def read():
            async for event in engine.subscribe(from_=2):
                seen.append(event.seq)

        reading = asyncio.ensure_future(read())
        for number in range(30):
            await wake(engine, f"s{number}")
        last = [event.seq async for event in engine.events()][-1]
        while not seen or seen[-1] < last:
            await asyncio.sleep(0.01)
        assert seen == list(range(2, last + 1))
        await engine.close()
        await asyncio.wait_for(reading, 5)

    opened(tmp_path, body)


def test_a_subscription_that_is_left_holds_nothing_up(tmp_path):
    async def body(engine):
        await wake(engine)
        async for _ in engine.subscribe():
            break
        await wake(engine, "t")

    opened(tmp_path, body)


def test_an_engine_whose_last_use_ends_in_a_callback_is_closed(tmp_path, monkeypatch):
    """Closing is refused there, where the collector may run as well as anywhere."""
    held = [wakelog.Engine(tmp_path / "log", host="test")]
    add = _answers._Inbox.add

    def let_go(*answer):
        held.clear()
        add(*answer)

    monkeypatch.setattr(_answers._Inbox, "add", let_go)
    assert asyncio.run(_answers.submit(held[0].handle, b"hello", {}))["protocol"] == 1

    def is_closed():
        try:
            wakelog.Engine(tmp_path / "log", host="test").close()
            return True
        except wakelog.Busy:
            return False

    eventually(is_closed)


def test_the_child_of_a_fork_is_refused(tmp_path):
    code = """
import asyncio, os, sys, wakelog
engine = wakelog.aio.Engine(wakelog.Engine(sys.argv[1], host="h"))
wake = lambda key: engine.wake(session=key, agent="a", provider="p", source="manual")
asyncio.run(wake("s"))
child = os.fork()
if child == 0:
    try:
        asyncio.run(wake("child"))
    except wakelog.Busy:
        os._exit(7)
    os._exit(1)
assert os.waitpid(child, 0)[1] == 7 << 8
asyncio.run(wake("parent"))
"""
    ended = run_python(code, tmp_path / "log")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("ending", ["return", "raise SystemExit(3)", "os.kill(os.getpid(), 2)"])
def test_a_program_ends_with_calls_awaited(tmp_path, ending):
    code = f"""
import asyncio, os, sys, wakelog
async def main():
    engine = await wakelog.aio.Engine.open(sys.argv[1], host="h")
    for number in range(300):
        asyncio.ensure_future(
            engine.wake(session=str(number), agent="a", provider="p", source="manual"))
    await asyncio.sleep(0)
    {ending}
asyncio.run(main())
"""
    ended = run_python(code, tmp_path / "log")
    assert ended.returncode in {"return": [0], "raise SystemExit(3)": [3]}.get(ending, [1, 130, -2])
    assert "Fatal" not in ended.stderr and "Exception ignored" not in ended.stderr
