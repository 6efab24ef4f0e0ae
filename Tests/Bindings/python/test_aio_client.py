"""The engine in a process of its own, awaited."""

import asyncio
import os
import signal

import pytest

import wakelog
from conftest import wake
from test_client import children_of
from wakelog import aio


def spawned(cli, tmp_path, body):
    """Runs a coroutine function with a client."""

    async def main():
        async with await aio.Client.spawn(
            log=tmp_path / "log", host="test", wakelog=cli
        ) as client:
            return await body(client)

    return asyncio.run(main())


def test_a_run_is_carried_to_its_end(cli, tmp_path):
    async def body(client):
        woken = await wake(client)
        done = await client.finish(
            attempt=woken.attempt, fence=woken.fence, exit_code=0, session_id="id-1", turns=1
        )
        assert done.session.bound.session_id == "id-1"
        with pytest.raises(wakelog.StaleFence):
            await client.check(session="s", fence=woken.fence)
        with pytest.raises(wakelog.InvalidParameter):
            await client.session(session="\ud800")
        with pytest.raises(wakelog.TooLarge):
            await client.call("wake", session="x" * (2 << 20))
        assert [session.key async for session in client.sessions(limit=1)] == ["s"]

    spawned(cli, tmp_path, body)


def test_calls_awaited_at_a_time_go_out_without_waiting(cli, tmp_path):
    """More than the server takes at a time (256), and longer than what a pipe holds."""

    async def body(client):
        woken = await asyncio.gather(
            *[wake(client, f"s{number}", fingerprint={"x": "y" * 900}) for number in range(600)]
        )
        assert len({one.run for one in woken}) == 600
        keys = await asyncio.gather(*[client.run(run=one.run) for one in woken])
        assert [run.session for run in keys] == [f"s{number}" for number in range(600)]

    spawned(cli, tmp_path, body)


def test_a_cancelled_call_leaves_the_others_well(cli, tmp_path):
    async def body(client):
        for number in range(50):
            cancelled = asyncio.ensure_future(wake(client, f"cancelled/{number}"))
            waited = asyncio.ensure_future(wake(client, f"waited/{number}"))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            cancelled.cancel()
            woken = await waited
            assert (await client.run(run=woken.run)).session == f"waited/{number}"
            assert cancelled.cancelled()

    spawned(cli, tmp_path, body)


def test_a_subscription_and_calls_share_a_connection(cli, tmp_path):
    async def body(client):
        seen = []

        async def read():
            async for event in client.subscribe():
                seen.append(event.seq)
                if event.seq % 10 == 0:
                    await client.hello()

        reading = asyncio.ensure_future(read())
        for number in range(40):
            await wake(client, f"s{number}")
        last = (await client.session(session="s39")).head
        while not seen or seen[-1] < last:
            await asyncio.sleep(0.01)
        assert seen == list(range(1, last + 1))
        with pytest.raises(wakelog.Conflict):
            async for _ in client.subscribe():
                pass
        await client.close()
        await asyncio.wait_for(reading, 5)

    spawned(cli, tmp_path, body)


def test_a_server_that_dies_fails_what_is_under_way_and_what_follows(cli, tmp_path):
    async def body(client):
        [server] = children_of(os.getpid())
        await wake(client)
        os.kill(server, signal.SIGSTOP)
        under_way = [asyncio.ensure_future(wake(client, f"s{n}")) for n in range(20)]
        await asyncio.sleep(0.05)
        os.kill(server, signal.SIGKILL)
        lost = await asyncio.gather(*under_way, return_exceptions=True)
        assert [type(one) for one in lost] == [wakelog.Disconnected] * 20
        assert "status -9" in lost[0].message
        with pytest.raises(wakelog.Disconnected):
            await client.hello()

    spawned(cli, tmp_path, body)


def test_sixty_four_connections_are_served_at_a_time(server):
    async def live(number):
        async with await aio.Client.connect(server) as client:
            for _ in range(5):
                woken = await wake(client, f"s{number}")
                await client.finish(attempt=woken.attempt, fence=woken.fence, exit_code=0)
            return (await client.session(session=f"s{number}")).counters.runs

    async def main():
        return await asyncio.gather(*[live(number) for number in range(64)])

    assert asyncio.run(main()) == [5] * 64


def test_what_is_not_there_is_named(tmp_path):
    async def main():
        with pytest.raises(wakelog.NotFound):
            await aio.Client.spawn(log=tmp_path, host=None, wakelog=tmp_path / "nothing")
        with pytest.raises(wakelog.Disconnected):
            await aio.Client.connect(tmp_path / "socket")
        with pytest.raises(wakelog.Disconnected):
            await aio.Client.spawn(log=tmp_path, host=None, wakelog="/bin/true")

    asyncio.run(main())


def test_closed_is_closed(cli, tmp_path):
    async def body(client):
        under_way = [asyncio.ensure_future(wake(client, f"s{n}")) for n in range(100)]
        await asyncio.sleep(0)
        await client.close()
        answers = await asyncio.gather(*under_way, return_exceptions=True)
        # Asked before the close: answered. Not yet sent: refused. Never lost.
        assert {type(answer) for answer in answers} <= {wakelog.WakeResult, wakelog.Busy}
        with pytest.raises(wakelog.Busy):
            await client.hello()
        await client.close()

    spawned(cli, tmp_path, body)
