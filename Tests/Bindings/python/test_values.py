"""What goes to the engine and what comes from it, as values."""

import copy
import dataclasses
import datetime
import inspect
import json
import pickle

import pytest

import wakelog
from conftest import wake
from wakelog import _json
from wakelog._calls import Blocking
from wakelog._json import decode, encode
from wakelog._objects import read, wire_name
from wakelog.errors import from_status, from_wire
from wakelog.methods import Methods


class Odd:
    """A value that JSON has no way to say."""


@pytest.mark.parametrize(
    "name, value",
    [
        ("session", "half \ud800 of a pair"),
        ("session", b"bytes"),
        ("session", Odd()),
        ("session", {1, 2}),
        ("lease", float("nan")),
        ("lease", float("inf")),
        ("lease", 1 << 70),
        ("lease", True),
        ("lease", -1),
        ("session", 5),
        ("session", ""),
        ("session", []),
        ("source", "sometimes"),
        ("forceFresh", 1),
        ("workspace", {"path": "/", "kind": "office"}),
        ("workspace", "/srv"),
        ("fingerprint", {"\ud800": "x"}),
        ("at", datetime.datetime(2026, 1, 1)),
        ("at", "yesterday"),
        ("\ud800", "x"),
        ("no such", "x"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_it(host, name, value):
    given = {"session": "s", "agent": "a", "provider": "claude", "source": "message"}
    with pytest.raises(wakelog.InvalidParameter) as wrong:
        host.call("wake", **{**given, name: value})
    # An integer beyond 64 bits is refused before names are looked at.
    if value != 1 << 70:
        spelled = wire_name(wrong.value.field.split(".")[0])
        assert spelled == name.encode("ascii", "backslashreplace").decode()
    assert str(wrong.value)
    assert list(host.sessions()) == []


def test_nesting_without_end_is_an_error(host):
    deep = []
    for _ in range(200_000):
        deep = [deep]
    with pytest.raises(wakelog.InvalidParameter) as wrong:
        host.call("wake", session=deep)
    assert wrong.value.field == "session"
    cycle = {}
    cycle["self"] = cycle
    with pytest.raises(wakelog.InvalidParameter):
        host.call("wake", session=cycle)
    with pytest.raises(wakelog.InvalidParameter):
        host.call("wake", session=[[[]] for _ in range(3)])


def test_text_of_any_kind_comes_back_as_it_went(host):
    for key in ["a\0b", "ä\u0301", "日本語", "\U0001f600", "\u2028\n\t\"\\", "x" * 1024]:
        wake(host, key)
        assert host.session(session=key).key == key
    assert len(list(host.sessions())) == 6


def test_what_is_too_large_is_refused(host):
    with pytest.raises(wakelog.TooLarge):
        wake(host, "x" * 1025)
    woken = wake(host)
    with pytest.raises(wakelog.TooLarge):
        host.finish(attempt=woken.attempt, fence=woken.fence, params={"a": "x" * (17 << 10)})
    assert host.finish(
        attempt=woken.attempt, fence=woken.fence, stdout="x" * 500_000, exit_code=1
    ).settled


def test_an_hour_ahead_is_refused_unless_the_clock_is_given(tmp_path):
    ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
    with wakelog.Engine(tmp_path / "real", host=None) as engine:
        with pytest.raises(wakelog.InvalidParameter) as wrong:
            wake(engine, at=ahead)
        assert wrong.value.field == "at"
    with wakelog.Engine(tmp_path / "given", host=None, given_clock=True) as engine:
        assert wake(engine, at=ahead).disposition == "started"


def test_times_keep_their_offset(engine):
    zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
    wake(engine, at=datetime.datetime(2026, 1, 18, 5, 0, 0, 250_000, zone))
    [first, *_] = engine.events(session="s")
    assert first.at == "2026-01-18T05:00:00.250-03:30"


def test_what_a_newer_engine_says_is_kept():
    told = {"sessionId": "x", "verdict": "offered", "because": None, "from": "bound", "new": [1]}
    candidate = read(wakelog.Candidate, told)
    assert (candidate.from_, candidate.json["new"]) == ("bound", [1])
    assert read(wakelog.Reset, {}).because is None


def test_results_are_values(engine):
    woken = wake(engine, workspace=wakelog.Workspace("/srv", "project"))
    same = pickle.loads(pickle.dumps(woken))
    assert same == woken == copy.deepcopy(woken) and same.plan.json == woken.plan.json
    with pytest.raises(AttributeError):
        woken.run = 5
    assert "fence" in repr(woken)


def test_a_result_is_read_as_it_is_asked_for(engine):
    wake(engine)
    session, same = engine.session(session="s"), engine.session(session="s")
    assert list(vars(session)) == ["json"]
    assert session.counters.wakes == 1 and session.condemned == []
    assert list(vars(session)) == ["json", "counters", "condemned"]
    assert session.counters is session.counters and session == same
    assert dataclasses.asdict(session)["counters"] == dataclasses.asdict(same.counters)
    assert dataclasses.replace(session, status="idle").counters == same.counters
    assert not hasattr(session, "count")
    with pytest.raises(AttributeError, match="'Session' object has no attribute 'Counters'"):
        session.Counters
    assert read(wakelog.Usage, {"outputTokens": 4}) == wakelog.Usage(output_tokens=4)


def test_text_is_the_same_where_json_has_no_encoder_in_c(monkeypatch):
    value = {"a": [1, 2.5, None, True], "\u2028": {"usage": wakelog.Usage(1)}, "b": "ä\0\"\\"}
    text = encode(value).decode()
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    assert "".join(_json._in_pieces()(value, 0)) == text
    assert json.loads(text) == {**value, "\u2028": {"usage": {"inputTokens": 1}}}


@pytest.mark.parametrize("text", [b"", b" 1", b"1 2", b"{", b"no", b"\xff"])
def test_what_is_no_json_is_an_error(text):
    with pytest.raises(ValueError):
        decode(text)


def test_what_is_none_is_left_out_of_a_value():
    usage = wakelog.Usage(output_tokens=4)
    assert encode({"usage": usage}) == b'{"usage":{"outputTokens":4}}'


@pytest.mark.parametrize("name", wakelog.errors.__all__)
def test_errors_cross_processes(name):
    error = getattr(wakelog, name)("what to do", field="f", cursor=3)
    same = pickle.loads(pickle.dumps(error))
    assert type(same) is type(error)
    assert (same.message, same.field, same.cursor) == ("what to do", "f", 3)


def test_every_code_has_its_exception():
    codes = "staleFence notFound conflict busy corrupt diskFull readOnly tooLarge".split()
    for code in codes:
        error = from_wire({"code": -32000, "message": "m", "data": {"code": code, "cursor": 1}})
        assert error.code == code and error.cursor == 1
    # The numbers of wakelog_status in the header.
    numbered = [from_status(number).code for number in range(1, 11)]
    assert numbered == ["invalidParameter", "unknownMethod", *codes]
    assert type(from_wire({"code": -32000, "message": "m", "data": {"code": "new"}})) is (
        wakelog.WakelogError
    )


def test_methods_say_what_they_take():
    said = inspect.signature(wakelog.Engine.finish)
    assert said.parameters["exit_code"].annotation == "Optional[int]"
    assert said == inspect.signature(wakelog.aio.Engine.finish)
    assert wakelog.Engine.finish.__qualname__ == "Methods.finish"
    for kind in [wakelog.Engine, wakelog.Client, wakelog.aio.Engine, wakelog.aio.Client]:
        assert "attempt" in inspect.signature(kind.finish).parameters
        assert kind.wake.__doc__.startswith("Asks to run an agent")
        assert "from_" in inspect.signature(kind.events).parameters
        assert inspect.signature(kind.subscribe).parameters["from_"].default is None
    declared = [one for name, one in inspect.getmembers(Methods) if name[0] != "_"]
    assert len(declared) > 20
    for one in declared:
        _, *takes = inspect.signature(one).parameters.values()
        assert {taken.kind for taken in takes} == {inspect.Parameter.KEYWORD_ONLY}
        assert {taken.default for taken in takes} <= {None, inspect.Parameter.empty}


def test_a_method_can_be_overridden_looked_at_and_put_back():
    class Telling(Methods, Blocking):
        def _carry_out(self, method, params):
            return {"method": method, **params}

    class Loud(Telling):
        said = 0

        def check(self, **given):
            self.said += 1
            return super().check(**given)

    # Looking at it where it is declared makes nothing of it.
    assert inspect.signature(Methods.session).return_annotation == "None"
    loud = Loud()
    for count in range(1, 4):
        told = loud.check(session="s", fence="f")
        assert told.json == {"method": b"check", "session": "s", "fence": "f"}
        assert loud.said == count
    assert Telling().session(session="s", at=5).json["at"] == 5 and "session" in vars(Telling)
    kept, Telling.session = Telling.session, lambda self, **given: given
    assert Loud().session(session="t") == {"session": "t"}
    Telling.session = kept
    assert Loud().session(session="t").json["session"] == "t"
