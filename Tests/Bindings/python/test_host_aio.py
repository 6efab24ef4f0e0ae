"""The loop around an agent, for asyncio."""

import asyncio
import sys
import threading

import pytest
from agent_cli import AgentCLI, lives

import wakelog
from wakelog import aio


@pytest.fixture
def cli(tmp_path):
    return AgentCLI(tmp_path)


def opened(tmp_path, **more):
    return aio.Host.open(
        tmp_path / "log", name="gateway-1", agent="main", provider="claude", **more)


async def answer(host, text="hi", session="chat", **more):
    async with host.turn(session, text, **more) as turn:
        return [piece.text async for piece in turn if piece.text]


async def eventually(is_true):
    for _ in range(1_000):
        if is_true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def gone(cli):
    assert cli.pids
    await eventually(lambda: not any(map(lives, cli.pids)))
    return True


def test_turns_follow_each_other_and_wedge_nothing(cli, tmp_path):
    async def main():
        async with await opened(tmp_path, command=cli.command) as host:
            with pytest.raises(wakelog.RunFailed, match="could not be started"):
                await answer(host)
            cli.does('say(resumed or "first", "you said " + asked)')
            assert await answer(host, "a") == ["you said a"]

            async def command(turn):
                await asyncio.sleep(0)
                return cli.command(turn)

            async with host.turn("chat", "b", command=command) as turn:
                assert [str(piece) async for piece in turn if piece.text] == ["you said b"]
                assert turn.session_id == "first"
            cli.does(
                'if resumed: sys.exit("No conversation found with session ID: " + resumed)\n'
                'say("new", "two")')
            assert await answer(host, "c") == ["two"]

    asyncio.run(main())


def test_a_task_that_is_cancelled_ends_its_run(cli, tmp_path):
    async def main():
        cli.does('begin("s"); note(); time.sleep(60)')
        async with await opened(tmp_path, command=cli.command) as host:
            task = asyncio.ensure_future(answer(host))
            await eventually(lambda: cli.pids)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await gone(cli)
            session = await host.engine.session(session="chat")
            assert session.last_run.outcome == "interrupted" and session.open_run is None
            # Cancelled while it wakes the session: nothing is left open either.
            for _ in range(20):
                task = asyncio.ensure_future(answer(host))
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            for _ in range(1_000):
                session = await host.engine.session(session="chat")
                if session.counters.wakes == 21 and session.open_run is None:
                    break
                await asyncio.sleep(0.01)
            assert session.counters.wakes == 21 and session.open_run is None

    asyncio.run(main())


def test_stop_reset_and_timeout(cli, tmp_path):
    async def main():
        cli.does('begin("s"); note(); time.sleep(60)')
        async with await opened(tmp_path, command=cli.command) as host:
            with pytest.raises(wakelog.RunFailed) as late:
                await answer(host, timeout=0.5)
            assert late.value.outcome == "timedOut" and await gone(cli)
            for end, wanted in ((host.stop, wakelog.RunFailed), (host.reset, wakelog.StaleFence)):
                (tmp_path / "pids").unlink()
                task = asyncio.ensure_future(answer(host))
                await eventually(lambda: cli.pids)
                await end("chat")
                with pytest.raises(wanted):
                    await task
                assert await gone(cli)

    asyncio.run(main())


def test_a_function_answers_in_a_clis_place(tmp_path):
    async def run(turn):
        await turn.report(session_id=turn.session_id or "new", entered=True)
        yield "you said "
        yield turn.text

    async def whole(turn):
        await asyncio.sleep(0)
        return "whole"

    async def fails(turn):
        raise ValueError("no")
        yield

    async def main():
        async with await opened(tmp_path, run=run) as host:
            assert await answer(host, "a") == ["you said ", "a"]
            assert await answer(host, "b", run=whole) == ["whole"]
            with pytest.raises(wakelog.RunFailed) as failed:
                await answer(host, run=fails)
            assert isinstance(failed.value.__cause__, ValueError)
            assert "builtins.ValueError: no" in str(failed.value)

    asyncio.run(main())


def test_two_hundred_turns_at_a_time_keep_the_order_of_each_session(tmp_path):
    seen = {}

    async def run(turn):
        await asyncio.sleep(0.05)
        seen.setdefault(turn.session, []).extend(turn.payloads)
        yield turn.text

    async def main():
        beats = 0

        async def beat():
            nonlocal beats
            while True:
                await asyncio.sleep(0.01)
                beats += 1

        async with await opened(tmp_path, run=run) as host:
            beating = asyncio.ensure_future(beat())
            await asyncio.gather(
                *(answer(host, str(number), f"s{number % 100}") for number in range(200)))
            beating.cancel()
        assert beats > 2
        assert all(texts == sorted(texts, key=int) for texts in seen.values())
        assert sorted(int(text) for texts in seen.values() for text in texts) == list(range(200))

    asyncio.run(main())


def test_two_hundred_clis_at_a_time(cli, tmp_path):
    async def main():
        cli.does('say("s-" + asked, "you said " + asked)')
        async with await opened(tmp_path, command=cli.command) as host:
            answers = await asyncio.gather(
                *(answer(host, str(number), f"s{number}") for number in range(200)))
            assert answers == [[f"you said {number}"] for number in range(200)]

    before = threading.active_count()
    asyncio.run(main())
    assert threading.active_count() <= before + 1


# The agent's own library in place of its CLI: it runs the CLI itself, and says what it reads.
def test_claude_agent_sdk_answers(tmp_path, monkeypatch):
    sdk = pytest.importorskip("claude_agent_sdk", reason="claude-agent-sdk is not installed")
    from pathlib import Path
    sys.path.insert(0, str(Path(__file__).parents[2] / "RealAgents"))
    import agents
    import provider_api
    claude = agents.Claude(agents.find("claude"), provider_api.serve(), tmp_path / "claude")
    seen = []

    async def run(turn):
        options = sdk.ClaudeAgentOptions(
            resume=turn.session_id, env=claude.environment("ok"), cli_path=claude.binary,
            cwd=str(claude.folder))
        async for message in sdk.query(prompt=turn.text, options=options):
            if isinstance(message, sdk.AssistantMessage):
                for block in message.content:
                    if isinstance(block, sdk.TextBlock):
                        yield block.text
            elif isinstance(message, sdk.ResultMessage):
                seen.append(message.session_id)
                await turn.report(session_id=message.session_id, entered=True)
                turn.finish(outcome="succeeded", session_id=message.session_id,
                            turns=message.num_turns)

    async def main():
        async with await opened(tmp_path, run=run) as host:
            assert await answer(host, "hi") == ["ok"]
            assert await answer(host, "again") == ["ok"]
            session = await host.engine.session(session="chat")
            assert session.bound.session_id == seen[1] == seen[0]

    asyncio.run(main())
