"""Makes the exported Paperclip rows beside this file: the columns of packages/db/src/schema as the
host has them, each table in a file. Names, times and ids are made up.

    python3 Tests/Fixtures/import/paperclip/make.py
"""

import csv
import json
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPANY = "c0000000-0000-4000-8000-000000000001"


class Store:
    def __init__(self, name):
        self.folder = HERE / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.tables = {}
        self.count = 0

    def id(self):
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012d}"

    def add(self, table, **row):
        self.tables.setdefault(table, []).append(row)

    def run(self, agent, began, ended, status, before=None, after=None, context=None, **more):
        id = self.id()
        self.add(
            "heartbeat_runs", id=id, company_id=COMPANY, agent_id=agent, status=status,
            started_at=began, finished_at=ended, session_id_before=before,
            session_id_after=after, context_snapshot=context or {}, created_at=began,
            **{"invocation_source": "on_demand", "exit_code": 0 if status == "succeeded" else 1,
               **more})
        return id

    def close(self, as_csv=()):
        for table, rows in self.tables.items():
            if table in as_csv:
                names = list(rows[0])
                with open(self.folder / (table + ".csv"), "w", newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow(names)
                    for row in rows:
                        writer.writerow(
                            [json.dumps(v) if isinstance(v, (dict, list)) else v
                             for v in (row.get(name) for name in names)])
            else:
                with open(self.folder / (table + ".jsonl"), "w") as file:
                    for row in rows:
                        file.write(json.dumps(row) + "\n")


def life():
    store = Store("life")
    ada = "a0000000-0000-4000-8000-00000000000a"
    project = {"cwd": "/srv/app", "source": "project_primary"}

    def issue(reason, **more):
        return {"issueId": "issue-1", "wakeReason": reason, "paperclipWorkspace": project, **more}

    store.run(
        ada, "2026-07-01T10:00:00.000Z", "2026-07-01T10:04:00.000Z", "succeeded", None, "s-1",
        issue("issue_assigned"), invocation_source="assignment",
        usage_json={"inputTokens": 1200, "outputTokens": 300})
    store.run(
        ada, "2026-07-01T11:00:00.000Z", "2026-07-01T11:02:00.000Z", "succeeded", "s-1", "s-1",
        issue("issue_commented"), invocation_source="automation",
        usage_json={"inputTokens": 2400, "outputTokens": 200})
    # Rate limited: the session is kept.
    failed = store.run(
        ada, "2026-07-01T12:00:00.000Z", "2026-07-01T12:00:05.000Z", "failed", "s-1", "s-1",
        issue("issue_commented"), invocation_source="automation",
        error="429 Too Many Requests: rate limit reached", error_code="claude_transient_upstream")
    store.run(
        ada, "2026-07-01T12:02:00.000Z", "2026-07-01T12:03:00.000Z", "succeeded", "s-1", "s-1",
        issue("transient_failure_retry"), invocation_source="automation", retry_of_run_id=failed,
        usage_json={"inputTokens": 100, "outputTokens": 20})
    # The adapter gives a session up and starts again within the run, whose new id is saved.
    run = store.run(
        ada, "2026-07-01T13:00:00.000Z", "2026-07-01T13:04:00.000Z", "succeeded", "s-1", "s-1b",
        issue("issue_commented"), invocation_source="automation",
        usage_json={"inputTokens": 700, "outputTokens": 50})
    store.add(
        "heartbeat_run_events", id=1, company_id=COMPANY, run_id=run, agent_id=ada, seq=4,
        event_type="lifecycle", created_at="2026-07-01T13:00:08.000Z",
        message='Claude resume session "s-1" is unavailable; retrying with a fresh session.')
    # A reassignment: versions differ in whether it began anew, and the row does not say.
    store.run(
        ada, "2026-07-02T09:00:00.000Z", "2026-07-02T09:05:00.000Z", "succeeded", "s-1b", "s-2",
        issue("issue_assigned"), invocation_source="assignment",
        usage_json={"inputTokens": 900, "outputTokens": 100})
    # Somebody asked for a fresh session.
    store.run(
        ada, "2026-07-03T09:00:00.000Z", "2026-07-03T09:05:00.000Z", "succeeded", "s-2", "s-3",
        issue("issue_commented", forceFreshSession=True),
        usage_json={"inputTokens": 900, "outputTokens": 100, "freshSession": True})
    # Lost: nothing is known of why.
    store.run(
        ada, "2026-07-04T09:00:00.000Z", "2026-07-04T09:10:00.000Z", "failed", "s-3", None,
        issue("issue_commented"), exit_code=None)
    store.run(
        ada, "2026-07-04T10:00:00.000Z", None, "running", None, None,
        {"wakeSource": "timer", "wakeReason": "heartbeat_timer"}, invocation_source="timer",
        exit_code=None)
    store.add(
        "agent_wakeup_requests", id=store.id(), company_id=COMPANY, agent_id=ada,
        source="automation", reason="issue_execution_same_name", payload={"issueId": "issue-1"},
        status="coalesced", run_id=None, requested_at="2026-07-01T10:01:00+00")
    store.add(
        "agent_wakeup_requests", id=store.id(), company_id=COMPANY, agent_id=ada, source="timer",
        reason="budget.blocked", payload={}, status="skipped", run_id=None,
        requested_at="2026-07-01T10:30:00+00")
    store.add(
        "agent_task_sessions", id=store.id(), company_id=COMPANY, agent_id=ada,
        adapter_type="claude_local", task_key="issue-1",
        session_params_json={
            "sessionId": "s-3", "cwd": "/srv/app", "__paperclipConfiguredModel": "opus"},
        session_display_id="s-3", updated_at="2026-07-03 09:05:00.5+00")
    store.add(
        "agent_runtime_state", agent_id=ada, company_id=COMPANY, adapter_type="claude_local",
        session_id=None, last_run_status="failed", updated_at="2026-07-04 09:10:00+00")
    store.close(as_csv=["agent_wakeup_requests", "agent_task_sessions"])


def incident():
    """Issue 6608 as the adapter's sources explain it: the provider no longer knows the id and says
    so in words that the adapter does not, so that no run falls back, every run fails, and the dead
    id is saved again for the next heartbeat."""
    store = Store("incident-6608")
    gem = "a0000000-0000-4000-8000-00000000000b"
    dead = "7d0d4a3e-1111-4222-8333-444455556666"
    context = {
        "wakeSource": "timer", "taskKey": "triage", "wakeReason": "heartbeat_timer",
        "paperclipWorkspace": {"cwd": "/srv/app", "source": "project_primary"},
    }
    reused = {"sessionReused": True, "inputTokens": 0, "outputTokens": 0}
    store.run(
        gem, "2026-05-01T08:00:00.000Z", "2026-05-01T08:05:00.000Z", "succeeded", None, dead,
        context, invocation_source="timer", usage_json={"inputTokens": 10, "outputTokens": 10})
    for hour in range(9, 15):
        store.run(
            gem, f"2026-05-01T{hour:02d}:00:00.000Z", f"2026-05-01T{hour:02d}:00:09.000Z",
            "failed", dead, dead, context, invocation_source="timer", exit_code=42,
            usage_json=reused, error_code="adapter_failed",
            error=f'Invalid session identifier "{dead}".')
    store.add(
        "agent_task_sessions", id=store.id(), company_id=COMPANY, agent_id=gem,
        adapter_type="gemini_local", task_key="triage", session_params_json={"sessionId": dead},
        session_display_id=dead, updated_at="2026-05-01T14:00:10.000Z")
    store.add(
        "agent_runtime_state", agent_id=gem, company_id=COMPANY, adapter_type="gemini_local",
        session_id=None, last_run_status="failed", updated_at="2026-05-01T14:00:10.000Z")
    store.close()


if __name__ == "__main__":
    life()
    incident()
