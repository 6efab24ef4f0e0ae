"""Turns that an awaited function answers: it ends when its turn does, also while it thinks."""

import asyncio
import random

import pytest

import wakelog
from wakelog import aio


async def silent(turn):
    return None


def opened(tmp_path, run=silent, **more):
    return aio.Host.open(
        tmp_path / "log", name="gateway-1", agent="main", provider="claude", run=run, **more)


async def answer(host, session="chat", **more):
    async with host.turn(session, "hi", **more) as turn:
        return [str(piece) async for piece in turn]


async def last_run(host):
    session = await host.engine.session(session="chat")
    assert session.open_run is None
    return session.last_run


# It was waited for as long as it took: neither a limit nor `stop` reached a function.
def test_a_function_that_thinks_is_ended(tmp_path):
    ends, tasks = [], []

    async def run(turn):
        tasks.append(asyncio.current_task())
        try:
            yield "one"
            await asyncio.sleep(60)
            yield "two"
        finally:
            tasks.append(asyncio.current_task())
            ends.append(turn.is_stopped)

    async def main():
        async with await opened(tmp_path, run) as host:
            async def stop():
                await host.stop("chat")

            async def reset():
                await host.reset("chat")

            async def wait():
                await asyncio.sleep(0)

            for end, limit, wanted, outcome in (
                (wait, 0.2, wakelog.RunFailed, "timedOut"),
                (stop, None, wakelog.RunFailed, "cancelled"),
                (reset, None, wakelog.StaleFence, None),
            ):
                said = []
                with pytest.raises(wanted):
                    async with host.turn("chat", "hi", timeout=limit) as turn:
                        async for piece in turn:
                            said.append(str(piece))
                            asyncio.ensure_future(end())
                assert said == ["one"] and ends.pop() and not ends
                run_ended = await last_run(host)
                assert outcome in (None, run_ended.outcome)
                # Libraries want to end in the task in which they have begun.
                assert tasks.pop() is tasks.pop()

    asyncio.run(main())


def test_cancelling_waits_until_the_function_has_ended(tmp_path):
    ends = []

    async def run(turn):
        try:
            yield "one"
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ends.append("closed")

    async def main():
        async with await opened(tmp_path, run) as host:
            task = asyncio.ensure_future(answer(host))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert ends == ["closed"] and (await last_run(host)).outcome == "interrupted"
            with pytest.raises(LookupError):
                async with host.turn("chat", "hi") as turn:
                    async for _ in turn:
                        raise LookupError
            assert ends == ["closed"] * 2 and (await last_run(host)).outcome == "interrupted"

    asyncio.run(main())


def test_a_loop_goes_on_where_another_stopped(tmp_path):
    async def run(turn):
        for letter in "abc":
            yield letter

    async def main():
        async with await opened(tmp_path, run) as host:
            async with host.turn("chat", "hi") as turn:
                async for piece in turn:
                    assert str(piece) == "a"
                    break
                assert [str(piece) async for piece in turn] == ["b", "c"]
                assert [piece async for piece in turn] == []
            assert turn.result.outcome == "succeeded"
            async with host.turn("chat", "hi"):
                pass
            assert (await last_run(host)).outcome == "cancelled"
            await turn.close()
            await turn.stop()

    asyncio.run(main())


def test_what_a_function_does_wrong_is_a_failure(tmp_path):
    async def cancels_itself(turn):
        raise asyncio.CancelledError
        yield

    async def speaks_numbers(turn):
        yield 5

    async def list_of(turn):
        return "whole"

    def plain(turn):
        yield "no"

    async def main():
        async with await opened(tmp_path) as host:
            assert await answer(host) == []
            assert await answer(host, run=list_of) == ["whole"]
            with pytest.raises(wakelog.RunFailed, match="not by its host"):
                await answer(host, run=cancels_itself)
            with pytest.raises(wakelog.RunFailed, match="not int"):
                await answer(host, run=speaks_numbers)
            with pytest.raises(wakelog.InvalidParameter, match="async def"):
                host.turn("chat", "hi", run=plain)
            with pytest.raises(RuntimeError, match="async with"):
                host.turn("chat", "hi").__aiter__()
        with pytest.raises(wakelog.Busy, match="closed"):
            host.turn("chat", "hi")
        with pytest.raises(wakelog.InvalidParameter, match="absolute"):
            await opened(tmp_path, workspace="srv")

    asyncio.run(main())


def test_hosts_over_one_log(tmp_path):
    async def main():
        async with await aio.Engine.open(tmp_path / "log", host="gateway-1") as engine:
            one = await aio.Host.over(engine, agent="a", provider="claude", run=silent)
            other = await aio.Host.over(engine, agent="b", provider="codex", run=silent)
            async with one.turn("x", "hi"), other.turn("y", "hi") as turn:
                await one.close()
                assert (await engine.session(session="x")).last_run.outcome == "interrupted"
                assert [piece async for piece in turn] == []
            assert (await engine.session(session="y")).last_run.outcome == "succeeded"

    asyncio.run(main())


def test_tasks_that_are_cancelled_at_any_moment_leave_nothing_open(tmp_path):
    async def run(turn):
        await asyncio.sleep(0.001)
        yield "a"
        await asyncio.sleep(0.001)
        yield "b"

    async def main():
        seed = random.Random(7)
        async with await opened(tmp_path, run) as host:
            async def cancelled(number):
                task = asyncio.ensure_future(answer(host, f"s{number}"))
                await asyncio.sleep(seed.uniform(0, 0.1))
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

            for start in range(0, 300, 50):
                await asyncio.gather(*(cancelled(start + one) for one in range(50)))
            for _ in range(500):
                left = [one async for one in host.engine.sessions() if one.open_run]
                if not left:
                    return
                await asyncio.sleep(0.02)
            assert not left

    asyncio.run(main())


def test_a_loop_that_ends_in_a_turn_ends_its_run(tmp_path):
    async def run(turn):
        yield "one"
        await asyncio.sleep(60)

    async def main():
        host = await opened(tmp_path, run)
        asyncio.ensure_future(answer(host))
        await asyncio.sleep(0.2)
        return host

    host = asyncio.run(main())
    session = host.engine.blocking.session(session="chat")
    assert session.open_run is None and session.last_run.outcome == "interrupted"
    host.engine.blocking.close()
