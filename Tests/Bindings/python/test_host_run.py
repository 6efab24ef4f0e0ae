"""Turns that a function answers: what it says is checked, and it ends when its turn does."""

import pickle
import threading
import time

import pytest
from conftest import eventually

import wakelog


def silent(turn):
    return None


@pytest.fixture
def host(tmp_path):
    with wakelog.Host(
        tmp_path / "log", name="gateway-1", agent="main", provider="claude", run=silent
    ) as host:
        yield host


def answer(host, run, session="chat", **more):
    with host.turn(session, "hi", run=run, **more) as turn:
        return [str(piece) for piece in turn]


def last_run(host):
    session = host.engine.session(session="chat")
    assert session.open_run is None
    return session.last_run


def test_a_function_may_give_what_it_says_in_any_way(host):
    assert answer(host, lambda turn: "whole") == ["whole"]
    assert answer(host, lambda turn: ["a", wakelog.Piece("text", "b")]) == ["a", "b"]
    assert answer(host, lambda turn: {"kind": "text", "text": "c"}) == ["c"]
    assert answer(host, silent) == []
    with pytest.raises(wakelog.RunFailed, match="text or a wakelog.Piece, not int"):
        answer(host, lambda turn: iter([5]))


# All that it said after it was stopped was handed on, and its time was never over.
@pytest.mark.parametrize("end, outcome", [("stop", "cancelled"), ("timeout", "timedOut")])
def test_a_function_that_is_stopped_says_no_more(host, end, outcome):
    ends = []

    def run(turn):
        try:
            yield "one"
            host.stop("chat") if end == "stop" else time.sleep(0.3)
            assert turn.is_stopped
            yield "two"
        finally:
            ends.append("closed")

    said = []
    with pytest.raises(wakelog.RunFailed) as failed:
        with host.turn("chat", "hi", run=run, timeout=None if end == "stop" else 0.2) as turn:
            for piece in turn:
                said.append(str(piece))
    assert said == ["one"] and ends == ["closed"]
    assert failed.value.outcome == outcome == last_run(host).outcome


def test_a_function_whose_session_is_reset_says_no_more(host):
    def run(turn):
        yield "one"
        host.reset("chat")
        yield "two"

    said = []
    with pytest.raises(wakelog.StaleFence):
        with host.turn("chat", "hi", run=run) as turn:
            for piece in turn:
                said.append(str(piece))
    assert said == ["one"] and last_run(host).outcome


def test_a_loop_goes_on_where_another_stopped(host):
    ends = []

    def run(turn):
        try:
            yield from "abc"
        finally:
            ends.append(turn.is_stopped)

    with host.turn("chat", "hi", run=run) as turn:
        assert str(next(iter(turn))) == "a"
        assert [str(piece) for piece in turn] == ["b", "c"]
        assert list(turn) == []
    assert turn.result.outcome == "succeeded" and ends == [False]
    with host.turn("chat", "hi", run=run) as turn:
        for _ in turn:
            break
        assert ends == [False]
    assert ends == [False, True] and last_run(host).outcome == "cancelled"


def test_a_turn_that_nobody_looks_into_ends(host):
    with host.turn("chat", "hi") as turn:
        pass
    assert last_run(host).outcome == "cancelled"
    turn.close()
    turn.stop()
    with pytest.raises(LookupError):
        with host.turn("chat", "hi"):
            raise LookupError
    assert last_run(host).outcome == "interrupted"


def test_an_error_in_a_loop_without_with_is_told_by_what_is_raised_within(host):
    def run(turn):
        yield "one"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(host.turn("chat", "hi", run=run))
    assert last_run(host).outcome == "interrupted"


def test_a_function_that_cannot_clean_up_ends_its_run_all_the_same(host):
    def run(turn):
        try:
            yield "one"
        finally:
            raise OSError("no")

    with pytest.raises(OSError):
        with host.turn("chat", "hi", run=run) as turn:
            next(iter(turn))
    assert last_run(host).outcome == "cancelled"


class Response:
    status_code = 429
    headers = {"retry-after": "90"}


def test_what_libraries_say_of_a_failure_is_told(host):
    def refused(turn):
        error = RuntimeError("slow down")
        error.response = Response
        raise error

    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host, refused)
    assert failed.value.kind == "rateLimited" and failed.value.family == "infrastructure"
    assert failed.value.message.endswith("(rateLimited): builtins.RuntimeError: slow down")
    assert isinstance(failed.value.__cause__, RuntimeError)
    # The provider's wish holds back what is no message.
    with pytest.raises(wakelog.Refused) as early:
        host.turn("chat", source="timer")
    assert early.value.because == "notBefore"
    copies = [pickle.loads(pickle.dumps(error)) for error in (failed.value, early.value)]
    assert [str(copy) for copy in copies] == [failed.value.message, early.value.message]
    assert copies[0].result.outcome == "failed" and copies[1].because == "notBefore"


def test_an_error_may_say_more_than_a_call_holds(host):
    def run(turn):
        raise ValueError("x" * 1_000_000)

    with pytest.raises(wakelog.RunFailed, match="ValueError: xxx"):
        answer(host, run)


def test_a_failure_may_be_looked_at_without_being_raised(host):
    def run(turn):
        turn.finish(outcome="failed", message="no", usage={"input_tokens": 5})
        return ()

    with host.turn("chat", "hi", run=run, check=False) as turn:
        assert list(turn) == []
    assert turn.result.outcome == "failed" and turn.usage.input_tokens == 5

    def wrong(turn):
        turn.finish(outcom="failed")

    with pytest.raises(wakelog.InvalidParameter, match="error_code") as misspelt:
        answer(host, wrong)
    assert misspelt.value.field == "outcom" and last_run(host).outcome == "interrupted"


def test_a_coalesced_wake_says_so(host):
    has_begun, may_end = threading.Event(), threading.Event()

    def run(turn):
        has_begun.set()
        may_end.wait()

    thread = threading.Thread(target=answer, args=(host, run))
    thread.start()
    has_begun.wait()
    with host.turn("chat", source="timer") as turn:
        assert list(turn) == [] and turn.disposition == "coalesced" and turn.result is None
    may_end.set()
    thread.join()


def test_a_turn_is_stopped_from_another_thread(host):
    turn = host.turn("chat", "hi", run=lambda turn: "answer")
    thread = threading.Thread(target=turn.stop)
    thread.start()
    thread.join()
    with pytest.raises(wakelog.RunFailed) as failed:
        list(turn)
    assert failed.value.outcome == "cancelled"


def test_hosts_over_one_log(tmp_path):
    with wakelog.Engine(tmp_path / "log", host="gateway-1") as engine:
        one = wakelog.Host.over(engine, agent="a", provider="claude", run=lambda turn: "one")
        other = wakelog.Host.over(engine, agent="b", provider="codex", run=lambda turn: "other")
        assert answer(one, None, "x") == ["one"] and answer(other, None, "y") == ["other"]
        mine, theirs = one.turn("x", "hi"), other.turn("y", "hi")
        with one:
            pass
        assert engine.session(session="x").last_run.outcome == "interrupted"
        assert engine.session(session="x").open_run is None
        assert [str(piece) for piece in theirs] == ["other"]
        with pytest.raises(wakelog.Busy, match="closed"):
            one.turn("x", "hi")
        mine.close()
        other.close()
        again = wakelog.Host.over(engine, agent="a", provider="claude", run=lambda turn: "again")
        assert answer(again, None, "x") == ["again"]


def test_a_function_that_takes_long_sees_that_its_host_is_closed(tmp_path):
    has_begun, errors = threading.Event(), []

    def run(turn):
        has_begun.set()
        while not turn.is_stopped:
            time.sleep(0.01)

    def ask(host):
        try:
            answer(host, run)
        except (wakelog.RunFailed, wakelog.WakelogError) as error:
            errors.append(error)

    with wakelog.Engine(tmp_path / "log", host="gateway-1") as engine:
        host = wakelog.Host.over(engine, agent="a", provider="claude", run=run)
        thread = threading.Thread(target=ask, args=(host,))
        thread.start()
        has_begun.wait()
        host.close()
        thread.join()
        assert errors and engine.session(session="chat").last_run.outcome == "interrupted"


def test_mistakes_are_named_before_a_log_is_opened(tmp_path):
    def opened(**more):
        given = {"agent": "main", "provider": "claude", "run": silent, **more}
        return wakelog.Host(tmp_path / "log", name="gateway-1", **given)

    async def awaited(turn):
        yield "no"

    def generator(turn):
        yield "no"

    for field, wrong, text in (
        ("workspace", {"workspace": "srv/app"}, "absolute"),
        ("workspace", {"workspace": {"path": "srv", "kind": "home"}}, "absolute"),
        ("orphans", {"orphans": "kill"}, "refuse, wait, end"),
        ("timeout", {"timeout": -1}, "number of seconds"),
        ("lease", {"lease": "60"}, "number of seconds"),
        ("run", {"run": awaited}, "aio.Host"),
        ("run", {"run": "claude"}, "yields"),
        ("command", {"run": None, "command": awaited}, "aio.Host"),
        ("command", {"run": None, "command": ["claude"]}, "lambda"),
        ("command", {"command": silent}, "or `run`"),
    ):
        with pytest.raises(wakelog.InvalidParameter, match=text) as refused:
            opened(**wrong)
        assert refused.value.field == field
    assert not (tmp_path / "log").exists()
    with opened() as host:
        with pytest.raises(wakelog.InvalidParameter, match="did you mean 'claude'"):
            host.turn("chat", "hi", provider="claud", run=None, command=silent)
        for words in (None, 5, b"claude", ["claude", 5]):
            with pytest.raises(wakelog.InvalidParameter, match="list of words"):
                with host.turn("chat", "hi", command=lambda turn: words) as turn:
                    list(turn)
        with pytest.raises(wakelog.InvalidParameter, match="SIGTERM"):
            answer(host, lambda turn: turn.finish(signal="SIGFOO"))
        assert last_run(host).outcome == "interrupted"
        with host.turn("chat", "hi", workspace={"path": "/srv"}) as turn:
            assert list(turn) == [] and turn.plan.workspace.kind == "project"
    eventually(lambda: not [one for one in threading.enumerate() if one.name == "wakelog-wait"])
