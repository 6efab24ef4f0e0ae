"""What hosts and operators do: reset, abandon, probe, pause, repair, adopt, revive, host."""

from __future__ import annotations

from typing import List, Optional

from ending import Ending
from state import IdName, Run, Session, Workspace
from values import ANY, Json, Moment, Params, Refusal, moment, optional_text


class Operators(Ending):
    def reset(self, params: Params, at: Moment) -> Json:
        session = self.session(params["session"])
        if params.get("ifGeneration", session.generation) != session.generation:
            raise Refusal("conflict")
        at = self.now(session, at)
        self.hear(session, at)
        previous = self.bound_view(session)
        run = session.open_run
        if run:
            run.current.outcome, run.current.ended = "superseded", at.spoken
            self.settle(session, run, "superseded", None, at)
        self.reset_session(session, at)
        return {"generation": session.generation, "previous": previous,
                "pending": session.pending is not None}

    def abandon(self, params: Params, at: Moment) -> Json:
        run = self.log.runs.get(params["run"])
        if run is None:
            waits = any(params["run"] in other.pending.wakes
                        for other in self.log.sessions.values() if other.pending)
            raise Refusal("conflict" if waits else "notFound")
        if not run.is_open:
            raise Refusal("conflict")
        session = self.session(run.session)
        at = self.now(session, at)
        self.hear(session, at)
        self.interrupt(session, run, at)
        return self.session_view(session)

    def probe(self, params: Params, at: Moment) -> Json:
        session = self.session(params["session"])
        at = self.now(session, at)
        self.hear(session, at)
        name = self.named_by_operator(session, params["sessionId"])
        if not params["exists"] and not self.is_resumed(name):
            self.condemn(session, name, "missingTranscript", at)
        return self.session_view(session)

    def named_by_operator(self, session: Session, text: str) -> IdName:
        """The bound id of that name, else the last provider's; the text is silent."""
        last = self.bound(session)
        for binding in ([last] if last else []) + list(session.bindings.values()):
            if binding.name.text == text:
                return binding.name
        return IdName(session.provider, text)

    def condemned_by_operator(self, session: Session, text: str) -> IdName:
        return IdName(session.provider, text)

    def is_resumed(self, name: IdName) -> bool:
        return any(other.open_run and other.open_run.current.plan.name == name
                   for other in self.log.sessions.values())

    def check(self, params: Params, at: Moment) -> Json:
        self.fenced(params, at)
        return {"ok": True}

    def fenced(self, params: Params, at: Moment) -> Session:
        session = self.session(params["session"])
        run = session.open_run
        if run is None or run.fence is not params["fence"]:
            self.hear(session, self.now(session, at))  # The rejected write is recorded.
            raise Refusal("staleFence")
        return session

    def flush(self, params: Params, at: Moment) -> Json:
        session = self.fenced(params, at)
        if params["from"] != session.cursor:
            raise Refusal("conflict", cursor=session.cursor)
        self.hear(session, self.now(session, at))
        session.cursor = params["to"]
        return {"cursor": session.cursor}

    def pause(self, params: Params, at: Moment) -> Json:
        return self.set_paused(params["agent"], True)

    def unpause(self, params: Params, at: Moment) -> Json:
        return self.set_paused(params["agent"], False)

    def set_paused(self, name: str, is_paused: bool) -> Json:
        if name not in self.log.agents:
            raise Refusal("notFound")
        self.log.agents[name].is_paused = is_paused
        return self.agent_view(name)

    def host(self, params: Params, at: Moment) -> Json:
        name = params["host"]
        epoch = self.log.epochs[name] = self.log.epochs.get(name, 0) + 1
        interrupted: List[Json] = []
        for run in sorted(self.log.runs.values(), key=lambda run: run.ref.order):
            session = self.session(run.session)
            if run.is_open and run.wish.host == name and run.wish.epoch < epoch:
                now = self.now(session, at)
                self.hear(session, now)
                asked = run.current.reported or (
                    run.current.plan.name.text if run.current.plan.name else None)
                interrupted.append({
                    "run": run.ref, "session": session.key,
                    "pending": session.pending is not None, "agent": session.agent,
                    "provider": run.wish.provider, "startedAt": run.attempts[0].began.text(),
                    "sessionId": asked, "payloads": self.payloads(run.wish)})
                self.interrupt(session, run, now)
        return {"epoch": epoch, "interrupted": interrupted, "unfinished": None}

    def repair(self, params: Params, at: Moment) -> Json:
        session = self.session(params["session"])
        if session.open_run:
            raise Refusal("busy")
        at = self.now(session, at)
        bound, last = self.bound_view(session), session.last_run
        expect = params["expect"]
        if "sessionId" in expect and expect["sessionId"] != (bound or {}).get("sessionId"):
            raise Refusal("conflict")
        if "lastRun" in expect and (last is None or last.outcome != expect["lastRun"]):
            raise Refusal("conflict")
        changes = params["set"]
        revived = changes.get("revive")
        text = changes.get("sessionId")
        name = self.named_by_operator(session, text) if text else None
        identity = self.known(name) if name else None
        if revived:  # What is not condemned cannot be revived; the text is silent.
            dead = self.known(self.condemned_by_operator(session, revived))
            if dead is None or not dead.condemned:
                raise Refusal("conflict")
        if identity and identity.condemned and revived != text:
            raise Refusal("conflict")
        self.hear(session, at)
        if revived:
            self.revive_id(self.condemned_by_operator(session, revived))
        if name:
            self.see(name).minted.pop(session.key, None)
            self.bind_by_operator(session, name, at)
        elif "sessionId" in changes:
            session.bindings.pop(session.last_used or "", None)
        return self.session_view(session)

    def adopt(self, params: Params, at: Moment) -> Json:
        session = self.log.sessions.get(params["session"])
        name = IdName(params["provider"], params["sessionId"])
        identity = self.known(name)
        if session and session.agent != params["agent"]:
            raise Refusal("conflict")
        if session and session.open_run:
            raise Refusal("busy")  # The text is silent.
        if identity and identity.condemned:
            raise Refusal("conflict")
        if session and name.provider in session.bindings:
            if session.bindings[name.provider].name == name:
                return self.session_view(session)  # The text is silent.
            raise Refusal("conflict")
        if session and (session.reset_at or name.provider in session.ever_bound):
            raise Refusal("conflict")  # The text is silent.
        if session is None:
            session = Session(params["session"], params["agent"], params["provider"], at, at)
            self.log.sessions[session.key] = session
            self.agent(session.agent)
        at = self.now(session, at)
        self.hear(session, at)
        binding = self.bind(session, name, "imported", at)
        identity = self.see(name)
        workspace = params.get("workspace")
        identity.workspace = Workspace(workspace["path"], workspace["kind"]) if workspace else None
        identity.host, identity.params = None, None
        identity.display = params.get("displayId")
        binding.fingerprint = params.get("fingerprint")
        identity.fingerprint = binding.fingerprint or identity.fingerprint
        return self.session_view(session)

    def revive(self, params: Params, at: Moment) -> Json:
        since = moment(params["since"]).milliseconds
        until = moment(params["until"]).milliseconds if "until" in params else None
        items: List[Json] = []
        names: List[IdName] = []
        for session in self.log.sessions.values():
            for name, because, when in self.condemned(session):
                if (when.milliseconds >= since
                        and (until is None or when.milliseconds <= until)
                        and params.get("because", because) == because
                        and params.get("provider", name.provider) == name.provider
                        and params.get("agent", session.agent) == session.agent):
                    names.append(name)
                    items.append({"sessionId": name.text, "session": session.key,
                                  "condemnedAt": when.text(), "because": because})
        if not params.get("dryRun"):
            for session in self.log.sessions.values():
                if any(item["session"] == session.key for item in items):
                    self.hear(session, self.now(session, at))
            for name in names:
                self.revive_id(name)
            self.restore(names, at)
        return {"items": items}

    def restore(self, revived: List[IdName], at: Moment) -> None:
        """Keys that have found nothing newer point to what was revived again."""
        for session in self.log.sessions.values():
            for name in revived:
                was_bound = session.lost.get(name.provider) == name
                if was_bound and name.provider not in session.bindings:
                    self.bind_by_operator(session, name, self.now(session, at))

    def bind_by_operator(self, session: Session, name: IdName, at: Moment) -> None:
        """The id comes with the fingerprint that the log knows of it; the text is silent."""
        binding = self.bind(session, name, "operator", at)
        binding.fingerprint = self.see(name).fingerprint

    def bound_view(self, session: Session) -> Json:
        raise NotImplementedError

    def agent_view(self, name: str) -> Json:
        raise NotImplementedError
