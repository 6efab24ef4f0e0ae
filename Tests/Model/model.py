"""The model of the protocol: a call in, what the engine has to answer out."""

from __future__ import annotations

import copy
from typing import Callable

from limits import validate
from operators import Operators
from policy import Policy
from state import Attempt, Binding, Run, Session, workspace_json
from values import (
    Json, Moment, Params, Refusal, WRONG_PARAMETERS, moment, optional_text, without_nulls,
)

# Methods that change state, and so take an idempotency key.
CHANGING = ("wake", "next", "progress", "finish", "cancel", "reset", "abandon", "probe",
            "flush", "host", "pause", "unpause", "repair", "adopt", "revive")


class Model(Operators):
    def call(self, method: str, params: Params) -> Json:
        """Answers a call, or raises the `Refusal` that it has to be answered with."""
        params = without_nulls(params)
        validate(method, params)
        at = moment(params.pop("at"))
        key = params.pop("key", None)
        rule: Callable[[Params, Moment], Json] = getattr(self, method)
        if key is None or method not in CHANGING:
            return rule(params, at)
        if key in self.log.answered:
            return self.answer_again(key, method, params)
        answer = rule(params, at)
        self.log.answered[key] = (method, params, copy.copy(answer))
        return answer

    def answer_again(self, key: str, method: str, params: Params) -> Json:
        first_method, first, answer = self.log.answered[key]
        if (first_method, first) != (method, params):
            raise Refusal("conflict")
        answer = {**answer, "duplicate": True}
        run = self.log.runs.get(answer["run"]) if method in ("wake", "next") else None
        if method == "wake":
            answer["open"] = bool(run and run.is_open)
        if method in ("wake", "next"):  # That `next` is answered so too the text leaves out.
            if run and not run.is_open:
                answer.update(attempt=None, fence=None, plan=None, now=self.now_view(run))
        return answer

    def policy(self, params: Params, at: Moment) -> Json:
        if "adopt" in params:
            self.log.policy = Policy(params["adopt"])
        return {"policy": {"name": self.log.policy.document.get("name", "standard")}}

    def now_view(self, run: Run) -> Json:
        return {"outcome": run.outcome, "via": run.via, "at": optional_text(run.ended)}

    # Reading

    def session_view(self, session: Session) -> Json:
        run = session.open_run
        last = session.last_run
        return {
            "key": session.key, "agent": session.agent, "provider": session.provider,
            "generation": session.generation,
            "status": "running" if run else "queued" if session.pending else "idle",
            "bound": self.bound_view(session),
            "bindings": {provider: self.binding_view(binding)
                         for provider, binding in session.bindings.items()},
            "condemned": [{"sessionId": name.text, "because": because, "at": at.text()}
                          for name, because, at in self.condemned(session)],
            "openRun": run.ref if run else None, "pending": session.pending is not None,
            "notBefore": optional_text(session.not_before), "cursor": session.cursor,
            "lastRun": None if last is None else {
                "run": last.ref, "outcome": last.outcome, "attempts": len(last.attempts),
                "via": last.via, "failure": last.failure.json() if last.failure else None},
            "lastError": None if session.last_error is None else {
                **session.last_error[0].json(), "at": session.last_error[1].text()},
            "counters": {
                "wakes": session.wakes, "runs": session.runs, "attempts": session.attempts,
                "fallbacks": session.fallbacks, "resets": session.resets},
        }

    def bound_view(self, session: Session) -> Json:
        binding = self.bound(session)
        return self.binding_view(binding) if binding else None

    def binding_view(self, binding: Binding) -> Json:
        identity = self.see(binding.name)
        return {
            "sessionId": binding.name.text, "provider": binding.name.provider,
            "displayId": identity.display, "params": identity.params,
            "workspace": workspace_json(identity.workspace), "generation": binding.generation,
            "provenBy": binding.proven_by, "since": binding.since.text(),
        }

    def agent_view(self, name: str) -> Json:
        agent = self.agent(name)
        sessions = [each for each in self.log.sessions.values() if each.agent == name]
        is_running = any(each.open_run for each in sessions)
        if agent.is_paused:
            status = "paused"
        elif is_running:
            status = "running"
        else:
            status = "failing" if agent.failures["agent"] else "idle"
        return {
            "agent": name, "status": status, "lastRunStatus": agent.last_status,
            "lastError": None if agent.last_error is None else {
                **agent.last_error[0].json(), "at": agent.last_error[1].text()},
            "failures": dict(agent.failures),
            "replaceable": agent.failures["agent"] >= 3 and not is_running,
            "sessions": len(sessions),
        }

    def run_view(self, run: Run) -> Json:
        return {
            "run": run.ref, "session": run.session, "outcome": run.outcome,
            "source": run.wish.source, "reason": ", ".join(run.wish.reasons) or None,
            "host": run.wish.host, "trace": run.wish.trace,
            "attempts": [self.attempt_view(attempt) for attempt in run.attempts],
            "fallbacks": run.fallbacks,
            "payloads": self.payloads(run.wish),
        }

    def attempt_view(self, attempt: Attempt) -> Json:
        name = attempt.plan.name
        return {
            "attempt": attempt.ref, "mode": attempt.plan.mode,
            "asked": name.text if name else None, "reported": attempt.reported,
            "outcome": attempt.outcome,
            "failure": attempt.failure.json() if attempt.failure else None,
            "usage": attempt.usage, "startedAt": attempt.began.spoken.text(),
            "endedAt": optional_text(attempt.ended),
        }

    def read(self, method: str, name: Json) -> Json:
        """What `session`, `agent` and `run` show."""
        if method == "session":
            return self.session_view(self.session(name))
        if method == "agent":
            if name not in self.log.agents:
                raise Refusal("notFound")
            return self.agent_view(name)
        if name not in self.log.runs:
            raise Refusal("notFound")
        return self.run_view(self.log.runs[name])
