"""Wakelog beside Hermes' own session store, then as the authority over it.

Needs the PyPI package `hermes-agent` 0.19.0 (`.ci/python` installs it into an environment of its
own); skipped where it is not there. Nothing of Hermes is replaced but its clock and its folder.
"""

import datetime
import importlib.util
import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import wakelog

if importlib.util.find_spec("gateway") is None:
    pytest.skip("the package hermes-agent is not installed", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).parents[3] / "Sources/Bindings/python/adapters"))
START = datetime.datetime(2026, 3, 26, 9, 0, 0)


class Gateway:
    """What the gateway does with its store, on a home of its own."""

    def __init__(self, home, monkeypatch, authority=False, policy="hermes", mode="none"):
        monkeypatch.setenv("HERMES_HOME", str(home))
        import gateway.session as session
        import hermes_state
        from gateway.config import GatewayConfig, Platform, SessionResetPolicy
        from hermes import WakelogSessionStore

        monkeypatch.setattr(hermes_state, "DEFAULT_DB_PATH", home / "state.db")
        monkeypatch.setattr(session, "_now", lambda: self.now)
        self.now = START
        self.home = home
        self.source = lambda chat: session.SessionSource(
            platform=Platform.TELEGRAM, chat_id=chat, chat_type="dm", user_id="u" + chat
        )
        config = GatewayConfig(
            sessions_dir=home / "sessions", default_reset_policy=SessionResetPolicy(mode=mode)
        )
        self.engine = wakelog.Engine(home / "wakelog", host="gateway", policy=policy)
        self.store = WakelogSessionStore(
            home / "sessions", config, engine=self.engine, authority=authority
        )

    def wait(self, **span):
        self.now += datetime.timedelta(**span)

    def turn(self, chat, text, into=None, answered=True):
        """A message and its answer; `into` is the session that a cached agent holds."""
        entry = self.store.get_or_create_session(self.source(chat))
        target = into or entry.session_id
        self.say(target, "user", text)
        self.wait(seconds=7)
        if answered:
            self.say(target, "assistant", "Done.")
            self.store.update_session(entry.session_key)
        self.wait(minutes=3)
        return entry

    def say(self, session_id, role, text):
        self.store.append_to_transcript(session_id, {"role": role, "content": text})

    def texts(self, session_id):
        return [message["content"] for message in self.store.load_transcript(session_id)]

    def close(self):
        self.engine.close()
        self.store._db.close()


@pytest.fixture
def gateway(tmp_path, monkeypatch):
    opened = []

    def open_gateway(**options):
        opened.append(Gateway(tmp_path, monkeypatch, **options))
        return opened[-1]

    yield open_gateway
    for one in opened:
        one.close()


def live(gateway):
    """Resets, a switch back, a stop, a restart in the middle of a turn."""
    first = gateway.turn("100", "Plan the release.")
    gateway.turn("100", "And the notes?")
    key = first.session_key
    gateway.store.reset_session(key)
    gateway.wait(minutes=1)
    gateway.turn("100", "Something else.")
    gateway.store.switch_session(key, first.session_id)
    gateway.wait(minutes=1)
    gateway.turn("100", "Back to the release.")
    gateway.store.suspend_session(key)
    gateway.wait(minutes=1)
    gateway.turn("100", "Hello again.")
    second = gateway.turn("200", "A long job.", answered=False)
    gateway.store.mark_resume_pending(second.session_key, "restart_timeout")
    gateway.wait(minutes=1)
    gateway.turn("200", "Are you there?")
    gateway.turn("200", "Never answered.", answered=False)
    gateway.turn("200", "Asked again.")
    return first


def test_in_shadow_the_decisions_are_the_same(gateway):
    shadow = gateway()
    first = live(shadow)
    assert shadow.store.differences == []
    assert shadow.texts(first.session_id) == [
        "Plan the release.", "Done.", "And the notes?", "Done.", "Back to the release.", "Done."
    ]
    session = shadow.engine.session(session=first.session_key)
    # Three turns, three generations: /new, and the stop.
    assert session.generation == 3 and session.cursor == 2
    assert session.bound.session_id == shadow.store.peek_session_id(first.session_key)
    assert shadow.engine.agent(agent="main").failures.agent == 0


def test_in_shadow_a_rule_that_differs_is_reported(gateway):
    """Hermes resets at four, and the policy in the log knows no time."""
    shadow = gateway(mode="daily", policy="hermes")
    first = shadow.turn("100", "Good evening.")
    shadow.wait(days=1)
    second = shadow.turn("100", "Good morning.")
    assert first.session_id != second.session_id
    [difference] = shadow.store.differences
    assert difference.key == first.session_key
    assert difference.hermes == f"takes {second.session_id}"
    assert difference.wakelog.startswith(first.session_id)


@pytest.mark.parametrize("mode", ["daily", "idle", "both"])
def test_in_shadow_the_rules_of_time_are_the_same(gateway, mode):
    rules = {
        "daily": {"dailyAtHour": 4},
        "idle": {"idleSeconds": 1440 * 60},
        "both": {"dailyAtHour": 4, "idleSeconds": 1440 * 60},
    }
    policy = {"name": mode, "version": 1, "reset": {"reasons": ["suspended"], **rules[mode]}}
    shadow = gateway(mode=mode, policy=policy)
    ids = []
    for hours in [0, 1, 10, 8, 25, 1, 30]:
        shadow.wait(hours=hours)
        ids.append(shadow.turn("100", "Hello.").session_id)
    assert shadow.store.differences == []
    assert len(set(ids)) >= 3


def test_a_store_that_was_in_use_is_imported_first(gateway, tmp_path, cli):
    """Resets and switches of before the import bind the shadow of after it."""
    import gateway.session as session

    before = gateway()
    before.store.__class__ = session.SessionStore  # as it was without Wakelog
    first = live(before)
    before.engine.close()
    shutil.rmtree(tmp_path / "wakelog")
    before.store._db.close()
    log = tmp_path / "wakelog"
    subprocess.run([cli, "import", "hermes", tmp_path, "--log", log], check=True)
    shadow = gateway()
    shadow.now = before.now
    live_on = shadow.turn("100", "Where were we?")
    assert live_on.session_id == before.store.peek_session_id(first.session_key)
    shadow.store.switch_session(first.session_key, first.session_id)
    assert shadow.turn("100", "And there?").session_id == first.session_id
    shadow.store.reset_session(first.session_key)
    shadow.turn("100", "Anew.")
    shadow.turn("200", "Still there?")
    assert shadow.store.differences == []


@pytest.mark.parametrize("authority", [False, True])
def test_an_engine_that_fails_stops_the_authority_and_not_the_shadow(gateway, authority):
    one = gateway(authority=authority)
    entry = one.turn("100", "Hello.")
    one.engine.close()
    if authority:
        with pytest.raises(wakelog.Busy):
            one.turn("100", "Again.")
        assert one.texts(entry.session_id) == ["Hello.", "Done."]
    else:
        assert one.turn("100", "Again.").session_id == entry.session_id
        one.store.switch_session(entry.session_key, "another")
        one.store.reset_session(entry.session_key)
        assert one.texts(entry.session_id) == ["Hello.", "Done.", "Again.", "Done."]
        assert one.store.differences


def stale_writer(gateway):
    """Issue 3210: after /new the cached agent goes on writing to the session of before."""
    before = gateway.turn("100", "Remember the blue door.")
    gateway.store.reset_session(before.session_key)
    gateway.wait(minutes=1)
    for text in ["Start over, please.", "Are you there?"]:
        gateway.turn("100", text, into=before.session_id)
    return before


def test_in_shadow_the_stale_writer_is_reported(gateway):
    shadow = gateway()
    before = stale_writer(shadow)
    assert shadow.texts(before.session_id)[2:] == [
        "Start over, please.", "Done.", "Are you there?", "Done."
    ]
    assert {difference.hermes for difference in shadow.store.differences} == {
        f"writes to {before.session_id}"
    }


def test_under_the_authority_the_stale_writer_loses(gateway):
    authority = gateway(authority=True)
    before = stale_writer(authority)
    assert authority.texts(before.session_id) == ["Remember the blue door.", "Done."]
    rejected = [e for e in authority.engine.events() if e.kind == "write.rejected"]
    assert len(rejected) == 4
    # The right writer of the new session is not held up.
    after = authority.turn("100", "And now?")
    assert authority.texts(after.session_id) == ["And now?", "Done."]


def test_a_reset_in_the_middle_of_a_turn_ends_its_right_to_write(gateway):
    authority = gateway(authority=True)
    entry = authority.store.get_or_create_session(authority.source("100"))
    authority.say(entry.session_id, "user", "A long job.")
    new = authority.store.reset_session(entry.session_key)
    authority.say(entry.session_id, "assistant", "Finished at last.")
    assert authority.texts(entry.session_id) == ["A long job."]
    assert authority.turn("100", "Hello.").session_id == new.session_id
    assert authority.engine.session(session=entry.session_key).bound.session_id == new.session_id


def test_a_late_writer_reaches_its_session_until_a_reset(gateway):
    authority = gateway(authority=True)
    entry = authority.turn("100", "Hello.")
    authority.say(entry.session_id, "user", "One more thing.")
    authority.store.reset_session(entry.session_key)
    authority.say(entry.session_id, "user", "And another.")
    assert authority.texts(entry.session_id) == ["Hello.", "Done.", "One more thing."]
    [difference] = authority.store.differences
    assert difference.hermes == f"writes to {entry.session_id}"


def test_a_key_that_was_not_imported_begins_with_its_next_turn(gateway):
    import gateway.session as session

    one = gateway(authority=True)
    kind, one.store.__class__ = one.store.__class__, session.SessionStore
    entry = one.turn("100", "Hello.")
    one.store.__class__ = kind
    one.store.reset_session(entry.session_key)
    one.store.switch_session(entry.session_key, entry.session_id)
    assert one.turn("100", "Again.").session_id == entry.session_id
    assert one.store.differences == []


def test_the_authority_decides_as_the_store_did(gateway):
    authority = gateway(authority=True)
    live(authority)
    assert authority.store.differences == []


def test_the_authority_undoes_a_route_that_came_back(gateway, tmp_path, monkeypatch):
    """A reset that is undone: the routing index says again what it said before it."""
    first = gateway(authority=True)
    before = first.turn("100", "Hello.")
    key = before.session_key
    with first.store._lock:
        kept = json.dumps(first.store._entries[key].to_dict())
    first.store.reset_session(key)
    first.turn("100", "A new start.")
    new_id = first.store.peek_session_id(key)
    with first.store._lock:
        first.store._entries[key] = type(before).from_dict(json.loads(kept))
        first.store._save()
    first.store._db.reopen_session(before.session_id)
    # Hermes would go on in the session of before the reset.
    after = first.turn("100", "Where were we?")
    assert after.session_id == new_id
    assert [d.hermes for d in first.store.differences] == [f"takes {before.session_id}"]


def test_a_wake_that_is_refused_leaves_the_key_its_session(gateway):
    authority = gateway(authority=True)
    entry = authority.turn("100", "Hello.")
    authority.engine.pause(agent="main")
    assert authority.turn("100", "Again.").session_id == entry.session_id
    assert [d.wakelog for d in authority.store.differences] == ["refused paused"]


def test_the_authority_decides_after_a_restart(gateway):
    first = gateway(authority=True)
    entry = first.turn("100", "Hello.")
    open_turn = first.turn("200", "A long job.", answered=False)
    first.close()
    second = gateway(authority=True)
    second.now = first.now
    assert second.engine.session(session=open_turn.session_key).last_run.outcome == "interrupted"
    assert second.turn("100", "Again.").session_id == entry.session_id
    assert second.store.differences == []


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
