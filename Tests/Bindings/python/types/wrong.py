"""What a type checker is to refuse: an ignored error that is none any more is an error itself."""

import wakelog
from wakelog import aio


def misuse(engine: wakelog.Engine) -> None:
    wakelog.Engine("log")  # type: ignore[call-arg]
    engine.wake(session="s")  # type: ignore[call-arg]
    engine.wake(session="s", agent="a", provider="p", source="often")  # type: ignore[arg-type]
    engine.session(session=5)  # type: ignore[arg-type]
    engine.session(session="s").bound.session_id  # type: ignore[union-attr]
    engine.check(session="s", fence="f", key="k")  # type: ignore[call-arg]
    engine.session(session="s").key = "t"  # type: ignore[misc]


def misuse_host(host: wakelog.Host) -> None:
    wakelog.Host("log", agent="a", provider="p")  # type: ignore[call-arg]
    host.turn("chat", "hi", sesion="s")  # type: ignore[call-arg]
    host.turn("chat", "hi", source="mesage")  # type: ignore[arg-type]
    host.turn("chat", "hi", command=["claude"])  # type: ignore[arg-type]
    host.turn("chat", "hi", timeout="900")  # type: ignore[arg-type]
    host.turn("chat", "hi", orphans="kill")  # type: ignore[arg-type]
    wakelog.AgentCall("claude -p hi", environment={"A": 1})  # type: ignore[dict-item]
    with host.turn("chat", "hi") as turn:
        for piece in turn:
            piece.text = "other"  # type: ignore[misc]
        turn.result.outcome  # type: ignore[union-attr]


async def misuse_awaited_host(host: aio.Host) -> None:
    with host.turn("chat", "hi"):  # type: ignore[attr-defined]
        pass
    async with host.turn("chat", "hi") as turn:
        for _ in turn:  # type: ignore[attr-defined]
            pass


async def forget(engine: aio.Engine) -> None:
    text: str = engine.session(session="s").key  # type: ignore[attr-defined]
    del text
