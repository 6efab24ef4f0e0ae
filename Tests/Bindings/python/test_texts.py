"""A CLI that printed 2 MiB had its `finish` refused as too large: its run stayed open, and every
later wake of the key was coalesced into it."""

import asyncio
import re
import tracemalloc

import pytest
from conftest import wake

import wakelog
from wakelog import aio
from wakelog._texts import cut_texts

LIMIT = 64 << 10
MARK = re.compile("\n… ([0-9,]+) bytes cut …\n")
NOISE = "all is well so far, step by step\n" * 70_000
ERROR = "No conversation found with session ID: gone\n"

#: What a program may print.
PRINTED = {
    "2 MiB": "the start" + "x" * (2 << 20) + "the end",
    "2 MiB of bytes": b"the start" + b"x" * (2 << 20) + b"the end",
    "a view of bytes": memoryview(b"x" * (2 << 20)),
    "a byte less than the limit": "x" * (LIMIT - 1),
    "as much as the limit": "x" * LIMIT,
    "a byte more than the limit": "the start" + "x" * (LIMIT - 15) + "the end",
    "half a surrogate pair": "the start\ud83dthe end",
    "halves of surrogate pairs": "the start" + "\udcff" * (1 << 20) + "the end",
    "bytes that are no text": b"\xff" * (1 << 20),
    "control characters": "\x01" * (1 << 20),
    **{
        f"{character} on the cut, {shift}": "x" * shift + character * 600_000
        for character in "é€😀"
        for shift in range(4)
    },
}


@pytest.fixture(params=["engine", "client", "socket"])
def anyone(request, tmp_path):
    """A log in this process, behind pipes and behind a socket."""
    if request.param == "engine":
        opened = wakelog.Engine(tmp_path / "log", host="test")
    elif request.param == "client":
        cli = request.getfixturevalue("cli")
        opened = wakelog.Client.spawn(log=tmp_path / "log", host="test", wakelog=cli)
    else:
        opened = wakelog.Client.connect(request.getfixturevalue("server"))
    with opened:
        yield opened


def ending(woken, text):
    """The end of an attempt that printed a text everywhere."""
    facts = {name: text for name in ("stdout", "stderr", "message")}
    return {"attempt": woken.attempt, "fence": woken.fence, "exit_code": 1, "turns": 1, **facts}


def test_whatever_a_program_prints_its_run_ends_and_the_next_wake_works(anyone):
    for what, text in PRINTED.items():
        woken = wake(anyone)
        assert woken.disposition == "started", what
        assert anyone.finish(**ending(woken, text)).settled, what


def test_awaiting_callers_cut_as_well(cli, server, tmp_path):
    async def end_runs(caller):
        async with caller:
            for what, text in PRINTED.items():
                woken = await wake(caller)
                assert woken.disposition == "started", what
                assert (await caller.finish(**ending(woken, text))).settled, what

    async def body():
        await end_runs(await aio.Engine.open(tmp_path / "one", host="test"))
        await end_runs(await aio.Client.spawn(log=tmp_path / "two", host="test", wakelog=cli))
        await end_runs(await aio.Client.connect(server))

    asyncio.run(body())


def test_an_error_at_either_end_of_much_output_is_classified(anyone):
    for stderr in (NOISE + ERROR, ERROR + NOISE):
        woken = wake(anyone, resume="gone")
        end = anyone.finish(
            attempt=woken.attempt, fence=woken.fence, exit_code=1, turns=0, stderr=stderr
        )
        assert end.failure.kind == "unknownSession"
        anyone.reset(session="s")
        facts = {"provider": "claude", "exit_code": 1, "turns": 0}
        assert wakelog.classify(**facts, stderr=stderr.encode()).kind == "unknownSession"


@pytest.mark.parametrize("length", [LIMIT + 1, 2 << 20])
@pytest.mark.parametrize("made", [str, str.encode])
def test_both_ends_are_kept_with_a_mark_that_says_how_much_is_missing(length, made):
    text = "the start" + "x" * (length - 16) + "the end"
    kept = cut_texts({"stdout": made(text)})["stdout"]
    assert kept.startswith("the start") and kept.endswith("the end")
    assert LIMIT - 80 < len(kept.encode()) <= LIMIT
    (mark,) = MARK.finditer(kept)
    missing = int(mark[1].replace(",", ""))
    assert missing + len(kept.encode()) - len(mark[0].encode()) == length
    assert cut_texts({"stdout": kept}) == {"stdout": kept}


def test_what_is_kept_is_text_within_the_limit():
    for what, text in PRINTED.items():
        kept = cut_texts({"stdout": text})["stdout"]
        size = len(kept.encode())
        assert size <= LIMIT, what
        if "on the cut" in what:
            assert size > LIMIT - 80 and "\ufffd" not in kept, what


def test_long_texts_share_the_room_and_short_ones_keep_all_they_have():
    shared = cut_texts({"message": "short", "stderr": "x" * (1 << 20), "stdout": b"x" * (1 << 20)})
    assert shared["message"] == "short"
    assert all(32_600 < len(shared[name]) < 32_768 for name in ("stderr", "stdout"))


def test_a_long_text_is_not_copied():
    text = "x" * (100 << 20)
    tracemalloc.start()
    cut_texts({"stdout": text, "stderr": text})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20
