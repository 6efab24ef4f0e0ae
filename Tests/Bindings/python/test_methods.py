"""Every method, through an engine in this process and through a server."""

import datetime

import pytest

import wakelog
from conftest import wake

START = datetime.datetime(2026, 1, 18, 9, tzinfo=datetime.timezone.utc)


def test_a_dead_id_is_condemned_and_a_fresh_session_takes_its_place(host):
    place = wakelog.Workspace("/srv/app", "project")
    first = wake(host, reason="hello", workspace=place, at=START)
    assert (first.disposition, first.plan.mode, first.plan.workspace) == ("started", "fresh", place)
    assert first.plan.generation == 1 and first.plan.drift == [] and first.merged == [first.run]
    done = host.finish(
        attempt=first.attempt,
        fence=first.fence,
        exit_code=0,
        session_id="id-1",
        turns=2,
        params={"model": "m", "deep": {"a": [1, None]}},
        usage=wakelog.Usage(input_tokens=3, output_tokens=4),
    )
    assert done.settled and done.next is None and done.failure is None and not done.pending
    assert done.session.bound.session_id == "id-1"
    assert done.session.bound.proven_by == "success"
    assert done.session.counters.runs == 1

    second = wake(host, workspace=place)
    assert (second.plan.mode, second.plan.session_id) == ("resume", "id-1")
    assert second.plan.params == {"model": "m", "deep": {"a": [1, None]}}
    assert [(c.from_, c.verdict) for c in second.plan.considered] == [("bound", "offered")]
    failed = host.finish(
        attempt=second.attempt,
        fence=second.fence,
        exit_code=1,
        stderr="No conversation found with session ID: id-1",
        turns=0,
    )
    assert not failed.settled and failed.next.plan.mode == "fresh"
    assert (failed.failure.kind, failed.failure.family) == ("unknownSession", "session")
    assert [c.session_id for c in failed.session.condemned] == ["id-1"]
    last = host.finish(
        attempt=failed.next.attempt, fence=second.fence, exit_code=0, session_id="id-2", turns=1
    )
    assert last.session.bound.session_id == "id-2"
    assert (last.session.last_run.outcome, last.session.last_run.via) == ("succeeded", "fallback")
    assert last.session.last_error is None

    run = host.run(run=second.run)
    assert [a.mode for a in run.attempts] == ["resume", "fresh"]
    assert run.attempts[0].asked == "id-1" and run.attempts[1].reported == "id-2"
    assert run.host == "test" and run.source == "message"
    assert [(f.from_, f.to, f.cause) for f in run.fallbacks] == [
        (second.attempt, failed.next.attempt, "unknownSession")
    ]
    assert host.run(run=first.run).attempts[0].usage == wakelog.Usage(3, 4, 0, 0)


def test_a_reset_ends_the_right_to_write(host):
    woken = wake(host)
    assert host.check(session="s", fence=woken.fence).ok
    assert host.progress(
        attempt=woken.attempt, fence=woken.fence, session_id="id-1", entered=True, pid=42
    ).lease_until is None
    assert host.flush(session="s", fence=woken.fence, from_=0, to=3).cursor == 3
    with pytest.raises(wakelog.Conflict) as conflict:
        host.flush(session="s", fence=woken.fence, from_=1, to=4)
    assert conflict.value.cursor == 3
    reset = host.reset(session="s", because="/new", if_generation=1)
    assert (reset.generation, reset.previous.session_id) == (2, "id-1")
    for late in [
        lambda: host.check(session="s", fence=woken.fence),
        lambda: host.flush(session="s", fence=woken.fence, from_=0, to=1),
        lambda: host.finish(attempt=woken.attempt, fence=woken.fence, exit_code=0),
    ]:
        with pytest.raises(wakelog.StaleFence):
            late()
    with pytest.raises(wakelog.Conflict):
        host.reset(session="s", if_generation=1)
    rejected = [event for event in host.events(session="s") if event.kind == "write.rejected"]
    assert len(rejected) == 3


@pytest.mark.parametrize(
    "odd",
    [
        {"session": "nobody"},
        {"session": "a\0b"},
        {"session": "s\0"},
        {"session": "\ud800"},
        {"session": ""},
        {"session": 5},
        {"session": "x" * 1025},
        {"fence": ""},
        {"fence": "of another"},
        {"fence": "\0"},
        {"fence": b"bytes"},
        {"fence": "\ud800"},
        {"fence": None},
        {"key": "k"},
        {"at": "yesterday"},
    ],
)
def test_a_check_is_refused_in_the_same_words_however_it_is_made(engine, cli, tmp_path, odd):
    """In this process it is made without JSON, unless it takes JSON to say what was given."""
    with wakelog.Client.spawn(log=tmp_path / "log", host=None, wakelog=cli) as client:
        given = {"session": "s", "fence": wake(engine).fence}
        said = []
        for host in [engine, client]:
            assert host.call("check", **given) == {"ok": True}
            assert host.check(**given, at=datetime.datetime.now(datetime.timezone.utc)).ok
            with pytest.raises(wakelog.WakelogError) as refused:
                host.call("check", **{**given, **odd})
            said.append((type(refused.value), refused.value.field, refused.value.message))
        assert said[0] == said[1]


def test_wakes_wait_for_the_open_run(host):
    open_run = wake(host)
    assert wake(host, source="timer").disposition == "coalesced"
    waiting = wake(host, reason="/more")
    assert waiting.disposition == "deferred" and waiting.plan is None and waiting.fence is None
    assert host.session(session="s").pending
    assert host.next(session="s").disposition == "busy"
    done = host.finish(attempt=open_run.attempt, fence=open_run.fence, outcome="cancelled")
    assert done.pending
    started = host.next(session="s")
    assert (started.disposition, started.run) == ("started", waiting.run)
    wake(host)
    assert not host.cancel(session="s", by="me").pending
    assert host.abandon(run=started.run, by="me", why="test").last_run.outcome == "interrupted"
    assert host.next(session="s").disposition == "none"


def test_operators_pause_repair_probe_and_redact(host):
    woken = wake(host)
    ended = host.finish(attempt=woken.attempt, fence=woken.fence, exit_code=9, stderr="a secret")
    assert host.pause(agent="a", by="me").status == "paused"
    refused = wake(host)
    assert (refused.disposition, refused.because, refused.run) == ("refused", "paused", refused.run)
    assert host.unpause(agent="a").status == "idle"
    assert host.agent(agent="a").failures.infrastructure == ended.session.counters.runs - 1
    repaired = host.repair(
        session="s",
        expect={"sessionId": None, "lastRun": "failed"},
        set={"sessionId": "id-9"},
        by="me",
        why="known to be good",
    )
    assert repaired.bound.session_id == "id-9"
    assert host.repair(
        session="s", expect={}, set={"sessionId": None}, by="me", why="no"
    ).bound is None
    probed = host.probe(session="s", session_id="id-9", exists=False, detail="looked")
    assert [(c.session_id, c.because) for c in probed.condemned] == [("id-9", "missingTranscript")]
    finished = [e for e in host.events() if e.kind == "attempt.finished"][0]
    redaction = host.redact(seq=finished.seq, by="me", why="secret")
    assert redaction.redacted and redaction.overwritten
    assert not host.redact(seq=finished.seq, by="me", why="secret").redacted
    assert host.why(session="s").events and host.why(seq=finished.seq).answer


def test_hosts_upgrade_step_by_step_and_find_their_runs_ended(host):
    assert host.host(host="other", version="1").epoch == 1
    woken = wake(host, host="other", epoch=1)
    again = host.host(host="other")
    assert (again.epoch, again.unfinished) == (2, None)
    assert [(r.run, r.session, r.pending) for r in again.interrupted] == [(woken.run, "s", False)]
    assert host.upgrade(host="other", to="2", step="staged").use == "1"
    with pytest.raises(wakelog.Conflict):
        host.upgrade(host="other", to="2", step="swapped")
    unfinished = host.host(host="other").unfinished
    assert (unfinished.to, unfinished.state) == ("2", "staged")
    host.upgrade(host="other", to="2", step="verified")
    assert host.upgrade(host="other", to="2", step="swapped").use == "2"


def test_a_policy_is_adopted(host):
    assert host.hello().policy == "standard"
    document = dict(host.policy().policy, name="mine")
    assert host.policy(adopt=document).policy["name"] == "mine"
    assert host.hello().policy == "mine"
    with pytest.raises(wakelog.InvalidParameter) as wrong:
        host.policy(adopt={"name": "mine", "rest": {}})
    assert wrong.value.field == "adopt.rest"


def test_a_key_makes_a_call_once(host):
    first = wake(host, key="k-1", at=START)
    again = wake(host, key="k-1", at=START + datetime.timedelta(seconds=5))
    assert first.duplicate is None
    assert (again.run, again.fence, again.duplicate, again.open) == (
        first.run,
        first.fence,
        True,
        True,
    )
    with pytest.raises(wakelog.Conflict) as other:
        wake(host, key="k-1", reason="another")
    assert other.value.field == "key"


def test_attention_names_the_silent_run(host):
    wake(host, at=START)
    [item] = host.attention(at=START + datetime.timedelta(hours=2))
    assert (item.kind, item.session, item.family) == ("silentRun", "s", "infrastructure")
    assert host.attention(at=START) == []


def test_listings_go_on_over_pages(host):
    for number in range(7):
        wake(host, f"s{number}", agent=f"a{number % 2}")
    assert [s.key for s in host.sessions(limit=2)] == [f"s{number}" for number in range(7)]
    assert [s.key for s in host.sessions(limit=2, agent="a1")] == ["s1", "s3", "s5"]
    assert [s.key for s in host.sessions(status="idle")] == []
    assert [a.agent for a in host.agents(limit=1)] == ["a0", "a1"]
    assert [a.sessions for a in host.agents()] == [4, 3]
    events = list(host.events(limit=3))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [e.seq for e in host.events(from_=5, to=11, limit=2)] == list(range(5, 12))
    assert {e.session for e in host.events(session="s3", limit=1)} == {"s3"}


def test_a_subscription_has_every_event_and_those_to_come(host):
    wake(host)
    known = [event.seq for event in host.events()]
    events = host.subscribe(from_=2)
    assert [next(events).seq for _ in known[1:]] == known[1:]
    wake(host, "later")
    later = next(events)
    assert (later.seq, later.session, later.kind) == (len(known) + 1, "later", "session.opened")
    host.close()
    assert all(event.session == "later" for event in events)


def test_any_method_is_called_by_its_name(host):
    wake(host)
    assert host.call("session", session="s")["status"] == "running"
    assert host.call("events", **{"from": 3, "limit": 1})["items"][0]["seq"] == 3
    for wrong in ["nope", "wake\0", "w\xe4ke", ""]:
        with pytest.raises(wakelog.UnknownMethod):
            host.call(wrong)
    with pytest.raises(wakelog.InvalidParameter) as unknown:
        host.call("session", sesion="s")
    assert unknown.value.field == "sesion"


def test_a_wrong_argument_is_pythons_own_error(host):
    with pytest.raises(TypeError):
        host.wake(sesion="s")
    with pytest.raises(TypeError):
        host.finish(fence="f")


def test_closed_is_closed(host):
    host.close()
    host.close()
    for call in [host.hello, lambda: wake(host), lambda: list(host.events())]:
        with pytest.raises(wakelog.Busy):
            call()
