"""Makes the OpenClaw state directories beside this file: file names, fields and tables as the host
writes them (session store, transcripts of version 3, trajectories of schema 1, and the database of
2026.8), ids and texts made up.

    python3 Tests/Fixtures/import/openclaw/make.py

Needs the zstd tool: later versions compress archives and rows.
"""

import json
import shutil
import sqlite3
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEY = "agent:main:telegram:direct:42"
TABLES = """
      CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, current_session_id TEXT,
        entry_json TEXT, snapshot_revision INTEGER, entry_valid INTEGER, updated_at INTEGER,
        status TEXT, last_interaction_at INTEGER);
      CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT,
        previous_session_id TEXT, reason TEXT, session_scope TEXT, started_at INTEGER,
        ended_at INTEGER, status TEXT);
      CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT,
        event_zstd BLOB, event_utf8_bytes INTEGER, created_at INTEGER,
        PRIMARY KEY (session_id, seq));
    """


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def milliseconds(at):
    return int(at.timestamp() * 1000)


class State:
    def __init__(self, name):
        self.root = HERE / name
        shutil.rmtree(self.root, ignore_errors=True)
        self.sessions = self.root / "agents" / "main" / "sessions"
        self.sessions.mkdir(parents=True)
        self.entries = {}
        self.now = datetime(2026, 5, 3, 9, 0, 0, tzinfo=timezone.utc)
        self.runs = 0

    def write(self, name, lines):
        with open(self.sessions / name, "a") as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def run(self, sid, key, seconds, answer, provider="claude-cli", trigger="user", **ended):
        self.runs += 1
        base = {
            "traceSchema": "openclaw-trajectory", "schemaVersion": 1, "traceId": sid,
            "source": "runtime", "sessionId": sid, "sessionKey": key,
            "runId": f"run-{self.runs}", "workspaceDir": "/home/u/.openclaw/workspace",
            "provider": provider, "modelId": "claude-opus-4-7",
        }
        lines = [dict(base, type="session.started", ts=stamp(self.now), seq=0, sourceSeq=0,
                      data={"trigger": trigger, "workspaceDir": base["workspaceDir"]})]
        lines.append(dict(base, type="prompt.submitted", ts=stamp(self.now), seq=1, sourceSeq=1,
                          data={"prompt": "hi"}))
        self.now += timedelta(seconds=seconds)
        if answer:
            lines.append(dict(
                base, type="model.completed", ts=stamp(self.now), seq=2, sourceSeq=2,
                data={"assistantTexts": [answer], "usage": {"input": 10, "output": 5}}))
        lines.append(dict(
            base, type="session.ended", ts=stamp(self.now), seq=3, sourceSeq=3,
            data={"aborted": False, "timedOut": False, **ended}))
        self.write(sid + ".trajectory.jsonl", lines)
        self.now += timedelta(minutes=20)

    def transcript(self, name, sid, turns):
        lines = [{"type": "session", "version": 3, "id": sid, "timestamp": stamp(self.now),
                  "cwd": "/home/u/.openclaw/workspace"}]
        for number, (text, answer) in enumerate(turns):
            lines.append({"type": "message", "id": f"u{number}", "timestamp": stamp(self.now),
                          "message": {"role": "user", "content": text}})
            self.now += timedelta(seconds=8)
            lines.append({"type": "message", "id": f"a{number}", "parentId": f"u{number}",
                          "timestamp": stamp(self.now),
                          "message": {"role": "assistant", "stopReason": "stop",
                                      "content": [{"type": "text", "text": answer}]}})
            self.now += timedelta(minutes=5)
        self.write(name, lines)

    def close(self):
        (self.sessions / "sessions.json").write_text(json.dumps(self.entries, indent=1) + "\n")


def cli(id, other=None):
    """The three copies of a binding."""
    return {
        "modelProvider": "claude-cli",
        "cliSessionBindings": {"claude-cli": {"sessionId": id, "authEpochVersion": 4}},
        "cliSessionIds": {"claude-cli": other or id}, "claudeCliSessionId": other or id,
    }


def life():
    """A reset with its archive, a transcript without trajectory, copies that disagree."""
    state = State("life")
    old, new = "1f0c0000-0000-4000-8000-000000000001", "1f0c0000-0000-4000-8000-000000000002"
    state.run(old, KEY, 12, "Hello.", status="success")
    state.run(old, KEY, 9, "Sure.", status="success")
    state.transcript(old + ".jsonl.reset." + stamp(state.now).replace(":", "-"), old, [])
    state.now += timedelta(minutes=1)
    state.run(new, KEY, 11, "Anew.", status="success")
    state.run(new, KEY, 3, None, status="error", promptError="429 Too Many Requests")
    state.transcript(new + ".jsonl", new, [])
    state.entries[KEY] = {
        "sessionId": new, "updatedAt": milliseconds(state.now), "status": "done",
        "chatType": "direct", **cli("9ab00000-0000-4000-8000-000000000002",
                                    other="9ab00000-0000-4000-8000-000000000001")}
    group = "1f0c0000-0000-4000-8000-000000000003"
    state.transcript(group + ".jsonl", group, [("hi", "Hello all."), ("more", "Gladly.")])
    state.entries["agent:main:telegram:group:-7"] = {
        "sessionId": group, "updatedAt": milliseconds(state.now), "status": "done"}
    state.close()


def incident():
    """Issue 77011: the CLI's transcript is gone; the binding stays, and every wake resumes it for
    five minutes until it times out."""
    state = State("incident-77011")
    sid = "1f0c0000-0000-4000-8000-000000000009"
    state.run(sid, KEY, 14, "Hello.", status="success")
    for _ in range(4):
        state.run(sid, KEY, 300, None, trigger="heartbeat", status="interrupted", timedOut=True)
    state.transcript(sid + ".jsonl", sid, [])
    state.entries[KEY] = {
        "sessionId": sid, "updatedAt": milliseconds(state.now), "status": "timeout",
        **cli("9ab00000-0000-4000-8000-000000000009")}
    state.close()


def database():
    """The same kind of life as the database of 2026.8 has it."""
    folder = HERE / "database" / "agents" / "main" / "agent"
    shutil.rmtree(HERE / "database", ignore_errors=True)
    folder.mkdir(parents=True)
    db = sqlite3.connect(folder / "openclaw-agent.sqlite")
    db.executescript(TABLES)
    start = datetime(2026, 9, 5, 8, 0, 0, tzinfo=timezone.utc)
    ids = [f"2a000000-0000-4000-8000-00000000000{n}" for n in (1, 2)]
    for number, id in enumerate(ids):
        at = start + timedelta(hours=number)
        db.execute(
            "INSERT INTO session_windows VALUES (?, ?, ?, ?, 'direct', ?, NULL, 'done')",
            (id, KEY, ids[number - 1] if number else None, "reset" if number else "initial",
             milliseconds(at)))
        for seq, role in enumerate(["user", "assistant"]):
            when = at + timedelta(seconds=10 * seq + 1)
            event = {"type": "message", "id": f"m{number}{seq}", "timestamp": stamp(when),
                     "message": {"role": role, "content": "hi", "stopReason": "stop"}}
            db.execute(
                "INSERT INTO transcript_events VALUES (?, ?, ?, NULL, ?, ?)",
                (id, seq, json.dumps(event), len(json.dumps(event)), milliseconds(when)))
    entry = {"sessionId": ids[1], **cli("9ab00000-0000-4000-8000-000000000007")}
    db.execute(
        "INSERT INTO session_nodes VALUES (?, ?, ?, 3, 1, ?, 'done', NULL)",
        (KEY, ids[1], json.dumps(entry), milliseconds(start + timedelta(hours=2))))
    db.commit()
    db.close()


def pack(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


def compressed():
    """An archive that was compressed after its reset, and a database with compressed rows."""
    state = State("compressed")
    old, new = "3b000000-0000-4000-8000-000000000001", "3b000000-0000-4000-8000-000000000002"
    name = old + ".jsonl.reset." + stamp(state.now + timedelta(hours=1)).replace(":", "-")
    state.transcript(name, old, [(f"question {n}", f"answer {n}") for n in range(5)])
    plain = state.sessions / name
    (state.sessions / (name + ".zst")).write_bytes(pack(plain.read_bytes()))
    plain.unlink()
    state.now += timedelta(hours=2)
    state.transcript(new + ".jsonl", new, [("hi", "Hello again.")])
    state.entries[KEY] = {
        "sessionId": new, "updatedAt": milliseconds(state.now), "status": "done",
        "usageFamilyKey": "f", "usageFamilySessionIds": [old, new]}
    state.close()
    folder = state.root / "agents" / "ops" / "agent"
    folder.mkdir(parents=True)
    db = sqlite3.connect(folder / "openclaw-agent.sqlite")
    db.executescript(TABLES)
    start = datetime(2026, 9, 6, 8, 0, 0, tzinfo=timezone.utc)
    id = "3b000000-0000-4000-8000-000000000003"
    key = "agent:ops:main"
    db.execute(
        "INSERT INTO session_windows VALUES (?, ?, NULL, 'initial', 'direct', ?, NULL, 'done')",
        (id, key, milliseconds(start)))
    for seq in range(6):
        when = start + timedelta(seconds=30 * seq + 1)
        event = {"type": "message", "id": f"m{seq}", "timestamp": stamp(when),
                 "message": {"role": "assistant" if seq % 2 else "user", "content": "hi " * 500,
                             "stopReason": "stop"}}
        text = json.dumps(event)
        # What is old is compressed.
        packed = pack(text.encode()) if seq < 4 else None
        db.execute(
            "INSERT INTO transcript_events VALUES (?, ?, ?, ?, ?, ?)",
            (id, seq, None if packed else text, packed, len(text), milliseconds(when)))
    db.execute(
        "INSERT INTO session_nodes VALUES (?, ?, ?, 1, 1, ?, 'done', NULL)",
        (key, id, json.dumps({"sessionId": id}), milliseconds(start + timedelta(hours=1))))
    db.commit()
    db.close()


if __name__ == "__main__":
    life()
    incident()
    database()
    compressed()
