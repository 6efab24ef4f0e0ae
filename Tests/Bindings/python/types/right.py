"""What a type checker is to let pass: the engine, the client, waiting and awaiting."""

import datetime
from typing import AsyncIterator, Callable, Iterator, List, Optional

import wakelog
from wakelog import aio


def carry_out(host: "wakelog.Engine | wakelog.Client") -> Optional[str]:
    woken: wakelog.WakeResult = host.wake(
        session="s",
        agent="a",
        provider="claude",
        source="timer",
        workspace={"path": "/srv", "kind": "home"},
        at=datetime.datetime.now(datetime.timezone.utc),
    )
    if woken.plan is None or woken.attempt is None or woken.fence is None:
        return None
    done: wakelog.FinishResult = host.finish(
        attempt=woken.attempt, fence=woken.fence, outcome="succeeded", usage=wakelog.Usage(1)
    )
    items: List[wakelog.AttentionItem] = host.attention()
    events: Iterator[wakelog.Event] = host.events(from_=1)
    followed: Iterator[wakelog.Event] = host.subscribe()
    del items, events, followed
    return done.session.bound.session_id if done.session.bound else None


async def await_it(host: "aio.Engine | aio.Client") -> List[str]:
    session: wakelog.Session = await host.session(session="s")
    events: AsyncIterator[wakelog.Event] = host.events()
    return [session.key, *[event.kind async for event in events]]


look: Callable[[wakelog.Client], wakelog.Agent] = lambda client: client.agent(agent="a")
words: List[str] = wakelog.command("claude", ["claude"], session_id="x").command


def hosted(chat: str, text: str) -> List[str]:
    def words(turn: wakelog.Turn) -> List[str]:
        return ["claude", "-p", turn.text]

    said: List[str] = []
    with wakelog.Host("log", name="g", agent="a", provider="claude", command=words) as host:
        for run in host.interrupted:
            if run.end_orphan():
                said += run.payloads
        with host.turn(chat, text, key="update-7", timeout=900) as turn:
            for piece in turn:
                said.append(piece.text)
            if turn.result is not None:
                said.append(turn.result.outcome)
            if turn.usage is not None and turn.usage.input_tokens:
                said.append(str(turn.usage.input_tokens))
    return said


def over_a_log(engine: wakelog.Engine) -> Optional[str]:
    def says(turn: wakelog.Turn) -> Iterator["str | wakelog.Piece"]:
        turn.report(session_id="x", entered=True)
        if not turn.is_stopped:
            yield turn.text
        turn.finish(outcome="failed", usage={"input_tokens": 1})

    def call(turn: wakelog.Turn) -> wakelog.AgentCall:
        return wakelog.AgentCall(["claude", "-p", turn.text], environment={"HOME": None})

    other = wakelog.Host.over(engine, agent="b", provider="codex", command=call)
    host = wakelog.Host.over(engine, agent="a", provider="claude", run=says)
    try:
        with host.turn("chat", workspace={"path": "/srv", "kind": "home"}, check=False) as turn:
            return next(iter(turn)).text
    except wakelog.Refused as refused:
        return refused.because
    finally:
        other.close()


async def hosted_while_others_go_on() -> None:
    async def answer(turn: wakelog.aio.Turn) -> AsyncIterator[str]:
        await turn.report(session_id=turn.session_id, entered=True)
        yield turn.text

    async with await wakelog.aio.Host.open(
        "log", name="g", agent="a", provider="claude", run=answer
    ) as host:
        try:
            async with host.turn("chat", "hi") as turn:
                async for piece in turn:
                    print(piece.text, piece.kind)
        except wakelog.RunFailed as failed:
            print(failed.kind, failed.said)
