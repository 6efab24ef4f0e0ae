"""Makes the Archon databases beside this file: the tables as migrations/000_combined.sql has them
for SQLite (columns that say nothing of sessions left out), with rows as the host writes them.

    python3 Tests/Fixtures/import/archon/make.py
"""

import json
import sqlite3
from pathlib import Path

HERE = Path(__file__).resolve().parent

TABLES = """
CREATE TABLE remote_agent_conversations (
  id TEXT PRIMARY KEY, platform_type TEXT NOT NULL, platform_conversation_id TEXT NOT NULL,
  codebase_id TEXT, cwd TEXT, ai_assistant_type TEXT DEFAULT 'claude', isolation_env_id TEXT,
  title TEXT, deleted_at TEXT, hidden INTEGER DEFAULT 0, created_at TEXT, updated_at TEXT,
  last_activity_at TEXT, UNIQUE (platform_type, platform_conversation_id));
CREATE TABLE remote_agent_sessions (
  id TEXT PRIMARY KEY, conversation_id TEXT REFERENCES remote_agent_conversations(id),
  codebase_id TEXT, ai_assistant_type TEXT NOT NULL, assistant_session_id TEXT,
  active INTEGER DEFAULT 1, metadata TEXT DEFAULT '{}',
  parent_session_id TEXT REFERENCES remote_agent_sessions(id), transition_reason TEXT,
  ended_reason TEXT, started_at TEXT, ended_at TEXT);
CREATE TABLE remote_agent_messages (
  id TEXT PRIMARY KEY, conversation_id TEXT, role TEXT, content TEXT, metadata TEXT DEFAULT '{}',
  created_at TEXT);
CREATE TABLE remote_agent_workflow_runs (
  id TEXT PRIMARY KEY, workflow_name TEXT, conversation_id TEXT, codebase_id TEXT,
  current_step_index INTEGER, status TEXT DEFAULT 'pending', outcome TEXT, user_message TEXT,
  metadata TEXT DEFAULT '{}', parent_conversation_id TEXT, parent_run_id TEXT, started_at TEXT,
  completed_at TEXT, last_activity_at TEXT, working_path TEXT, output_root TEXT);
CREATE TABLE remote_agent_workflow_events (
  id TEXT PRIMARY KEY, workflow_run_id TEXT, event_order INTEGER, event_type TEXT,
  step_index INTEGER, step_name TEXT, data TEXT DEFAULT '{}', created_at TEXT);
"""


def unknown(id):
    """What the chat shows, and what is kept of it, when the CLI does not know an id."""
    return "❌ Claude Code error: No conversation found with session ID: " + id


class Store:
    def __init__(self, name):
        path = HERE / (name + ".db")
        path.unlink(missing_ok=True)
        self.db = sqlite3.connect(path)
        self.db.executescript(TABLES)
        self.count = 0

    def add(self, table, **row):
        columns = ", ".join(row)
        places = ", ".join("?" for _ in row)
        self.db.execute(
            f"INSERT INTO remote_agent_{table} ({columns}) VALUES ({places})",
            list(row.values()))

    def id(self):
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012d}"

    def conversation(self, platform, name, provider="claude"):
        id = self.id()
        self.add(
            "conversations", id=id, platform_type=platform, platform_conversation_id=name,
            ai_assistant_type=provider, created_at="2026-02-01 08:00:00")
        return id

    def session(self, conversation, started, bound, provider="claude", **more):
        id = self.id()
        self.add(
            "sessions", id=id, conversation_id=conversation, ai_assistant_type=provider,
            assistant_session_id=bound, started_at=started, active=0 if "ended_at" in more else 1,
            **more)
        return id

    def turn(self, conversation, asked, text, answered, answer, **metadata):
        self.add(
            "messages", id=self.id(), conversation_id=conversation, role="user", content=text,
            created_at=asked)
        if answer is not None:
            self.add(
                "messages", id=self.id(), conversation_id=conversation, role="assistant",
                content=answer, metadata=json.dumps(metadata), created_at=answered)

    def close(self):
        self.db.commit()
        self.db.execute("VACUUM")
        self.db.close()


def life():
    store = Store("life")
    chat = store.conversation("telegram", "4242")
    first = store.session(
        chat, "2026-02-01 08:00:00", "11111111-aaaa-4aaa-8aaa-111111111111",
        ended_at="2026-02-01 09:00:00", ended_reason="reset-requested",
        transition_reason="first-message")
    store.turn(chat, "2026-02-01 08:00:00", "Hi", "2026-02-01 08:00:20", "Hello.")
    store.turn(chat, "2026-02-01 08:10:00", "Plan it", "2026-02-01 08:12:00", "A plan.")
    second = store.session(
        chat, "2026-02-01 09:05:00", "22222222-aaaa-4aaa-8aaa-222222222222",
        ended_at="2026-02-01 09:30:00", ended_reason="plan-to-execute",
        transition_reason="first-message")
    store.turn(chat, "2026-02-01 09:05:00", "Again", "2026-02-01 09:06:00", "Gladly.")
    store.session(
        chat, "2026-02-01 09:30:00", "33333333-aaaa-4aaa-8aaa-333333333333",
        parent_session_id=second, transition_reason="plan-to-execute")
    store.turn(chat, "2026-02-01 09:30:00", "Execute", "2026-02-01 09:50:00", "Done.")
    # An older version wrote a reason that is no longer known.
    issue = store.conversation("github", "acme/app#7", provider="codex")
    store.session(
        issue, "2026-02-02 10:00:00", "thread_1", provider="codex",
        ended_at="2026-02-02 11:00:00", ended_reason="cwd-changed")
    store.turn(issue, "2026-02-02 10:00:00", "@archon fix", "2026-02-02 10:20:00", "Fixed.")
    # A workflow that failed, was resumed, and completed.
    run = store.id()
    store.add(
        "workflow_runs", id=run, workflow_name="fix-issue", conversation_id=issue,
        status="completed", outcome="succeeded", started_at="2026-02-02 12:30:00",
        completed_at="2026-02-02 12:45:00", working_path="/srv/worktrees/app-7")
    events = [
        ("workflow_started", "12:00:00", {}),
        ("node_failed", "12:10:00", {"error": "rate limit reached, try again later"}),
        ("workflow_failed", "12:10:01", {"error": "rate limit reached, try again later"}),
        ("workflow_resumed", "12:30:00", {"error": "rate limit reached, try again later"}),
        ("workflow_completed", "12:45:00", {}),
    ]
    for order, (type, clock, data) in enumerate(events):
        store.add(
            "workflow_events", id=store.id(), workflow_run_id=run, event_order=order,
            event_type=type, data=json.dumps(data), created_at="2026-02-02 " + clock)
    store.close()


def incident():
    """Issue 1280: after a restart every message fails, since the id that the failing result
    carried is kept for the next one."""
    store = Store("incident-1280")
    chat = store.conversation("slack", "C1/1700000000.1")
    ids = [f"{number}0000000-bbbb-4bbb-8bbb-{number:012d}" for number in range(1, 6)]
    store.session(
        chat, "2026-02-10 08:00:00", ids[4], transition_reason="first-message")
    store.turn(chat, "2026-02-10 08:00:00", "Hi", "2026-02-10 08:00:30", "Hello.")
    for number in range(4):
        hour = f"2026-02-10 {9 + number:02d}:00:"
        store.turn(chat, hour + "00", "Are you there?", hour + "04", unknown(ids[number]))
    store.close()


if __name__ == "__main__":
    life()
    incident()
