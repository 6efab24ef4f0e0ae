"""Makes the Hermes stores beside this file, with Hermes' own session store.

    python3 -m venv /tmp/hermes && /tmp/hermes/bin/pip install --no-deps hermes-agent==0.19.0
    /tmp/hermes/bin/pip install pyyaml python-dotenv requests httpx openai pydantic jinja2 rich \
        tenacity fire prompt_toolkit psutil
    /tmp/hermes/bin/python Tests/Fixtures/import/hermes/make.py

Every row is written by gateway.session.SessionStore and hermes_state.SessionDB of the wheel; only
the clock and the random part of the ids are ours, so that the stores come out the same each time.
"""

import datetime
import os
import shutil
import sys
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Stores hold the path they were made at.
THERE = Path("/tmp/hermes-fixtures")
START = datetime.datetime(2026, 3, 26, 9, 0, 0)
os.environ["TZ"] = "UTC"


class Clock:
    """The time that Hermes reads."""

    def __init__(self):
        self.now = START

    def wait(self, **span):
        self.now += datetime.timedelta(**span)

    def seconds(self):
        return self.now.replace(tzinfo=datetime.timezone.utc).timestamp()


class Store:
    """One HERMES_HOME."""

    def __init__(self, name):
        self.home = THERE / name
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        os.environ["HERMES_HOME"] = str(self.home)
        import hermes_constants
        import hermes_state
        import gateway.session as session
        from gateway.config import GatewayConfig, Platform

        hermes_state.DEFAULT_DB_PATH = self.home / "state.db"
        self.clock = Clock()
        self.ids = 0
        session._now = lambda: self.clock.now
        hermes_state.time = FakeTime(self.clock)
        session.uuid = FakeUUID(self)
        self.session = session
        self.platform = Platform.TELEGRAM
        config = GatewayConfig(sessions_dir=self.home / "sessions")
        self.store = session.SessionStore(self.home / "sessions", config)
        self.db = self.store._db
        path = getattr(self.db, "db_path", None)
        assert path is None or str(path).startswith(str(self.home)), path

    def source(self, chat):
        return self.session.SessionSource(
            platform=self.platform, chat_id=chat, chat_type="dm", user_id="u" + chat,
            user_name="Alice")

    def turn(self, chat, text, into=None, answer="Done."):
        """A message and its answer, as the gateway and its agent write them."""
        entry = self.store.get_or_create_session(self.source(chat))
        target = into or entry.session_id
        self.say(target, "user", text)
        self.clock.wait(seconds=7)
        if answer is not None:
            self.say(target, "assistant", answer)
            self.store.update_session(entry.session_key)
        self.clock.wait(minutes=3)
        return entry

    def say(self, session_id, role, text):
        self.store.append_to_transcript(
            session_id, {"role": role, "content": text, "timestamp": self.clock.seconds()})

    def close(self):
        self.db.close()
        for name in ["state.db-wal", "state.db-shm"]:
            (self.home / name).unlink(missing_ok=True)
        for found in list(self.home.iterdir()):
            if found.name not in ("state.db", "sessions"):
                shutil.rmtree(found) if found.is_dir() else found.unlink()
        shutil.rmtree(HERE / self.home.name, ignore_errors=True)
        shutil.copytree(self.home, HERE / self.home.name)


class FakeTime:
    def __init__(self, clock):
        self.clock = clock

    def time(self):
        return self.clock.seconds()

    def __getattr__(self, name):
        import time

        return getattr(time, name)


class FakeUUID:
    def __init__(self, store):
        self.store = store

    def uuid4(self):
        self.store.ids += 1
        return uuid.UUID(int=(0xA0000000 + self.store.ids) << 96 | self.store.ids)

    def __getattr__(self, name):
        return getattr(uuid, name)


def life():
    """Resets, a suspension, a switch, a compression split, a restart, a cron run."""
    store = Store("life")
    first = store.turn("100", "Plan the release.")
    store.turn("100", "And the notes?")
    key = first.session_key
    store.store.reset_session(key)
    store.clock.wait(minutes=1)
    second = store.turn("100", "Something else.")
    store.store.switch_session(key, first.session_id)
    store.clock.wait(minutes=1)
    store.turn("100", "Back to the release.")
    # /stop, then the next message begins anew.
    store.store.suspend_session(key)
    store.clock.wait(minutes=1)
    store.turn("100", "Hello again.")
    # Another chat: compression splits the transcript, as the agent does it.
    other = store.turn("200", "Read all of this.")
    child = "20260326_120000_c0ffee01"
    store.db.end_session(other.session_id, "compression")
    store.db.create_session(
        session_id=child, source="telegram", parent_session_id=other.session_id,
        session_key=other.session_key, chat_id="200", chat_type="dm", user_id="u200")
    with store.store._lock:
        store.store._entries[other.session_key].session_id = child
        store.store._save()
    store.clock.wait(minutes=1)
    store.turn("200", "Go on.")
    # A third chat is interrupted by a restart.
    third = store.turn("300", "A long job.", answer=None)
    store.store.mark_resume_pending(third.session_key, "restart_timeout")
    # A cron job's run, with a session of its own.
    cron = "cron_backup_20260327_040000"
    store.clock.now = datetime.datetime(2026, 3, 27, 4, 0, 0)
    store.db.create_session(session_id=cron, source="cron")
    store.say(cron, "user", "Back everything up.")
    store.clock.wait(seconds=40)
    store.say(cron, "assistant", "Backed up.")
    store.db.end_session(cron, "cron_complete")
    store.close()


def incident():
    """Issue 3210: after /new the cached agent goes on writing to the session of before.

    The routing key points to the new session, whose transcript stays empty; the old one, which
    was closed by the reset, gets the messages.
    """
    store = Store("incident-3210")
    before = store.turn("100", "Remember the blue door.")
    store.turn("100", "Which door?")
    store.store.reset_session(before.session_key)
    store.clock.wait(minutes=1)
    for text in ["Start over, please.", "Are you there?", "What did I just say?"]:
        store.turn("100", text, into=before.session_id)
    store.close()


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    life()
    incident()
