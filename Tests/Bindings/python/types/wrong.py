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


async def forget(engine: aio.Engine) -> None:
    text: str = engine.session(session="s").key  # type: ignore[attr-defined]
    del text
