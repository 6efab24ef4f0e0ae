"""Wakes: refused, coalesced, deferred, merged, started."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from candidates import Candidates
from policy import Rules
from state import IdName, Run, Session, Wish, Workspace
from values import ANY, WRONG_PARAMETERS, Json, Moment, Params, Ref, Refusal

COALESCING = ("timer", "cron", "event", "recovery")


class Waking(Candidates):
    def wake(self, params: Params, at: Moment) -> Json:
        session = self.log.sessions.get(params["session"])
        if session is not None and session.agent != params["agent"]:
            raise Refusal("conflict")
        try:
            epoch = self.epoch(params)
        except Refusal as refusal:
            # A process that was superseded is noted where the key is known; the text is silent.
            if session is not None and refusal.code == "hostSuperseded":
                self.hear(session, self.now(session, at))
            raise
        if session is None:
            session = Session(params["session"], params["agent"], params["provider"], at, at)
            self.log.sessions[session.key] = session
            self.agent(session.agent)
        at = self.now(session, at)
        self.hear(session, at)
        rules = self.rules(session, params["provider"])
        wish = self.wish(session, params, rules, epoch, at)
        if not wish.is_exempt:
            session.last_interaction = at.milliseconds
        session.wakes += 1
        refused = self.refused(session, wish, at)
        if refused:
            return self.unstarted("refused", wish.wakes[0], because=refused)
        self.end_expired(session, at)
        if session.open_run:
            if self.adds_nothing(session.open_run, wish, rules):
                return self.unstarted("coalesced", session.open_run.ref)
            session.pending = self.merged(session.pending, wish)
            return self.unstarted(
                "deferred", session.pending.wakes[0], merged=list(session.pending.wakes))
        if session.pending:
            facts = wish.transcript, wish.transcripts
            wish = self.merged(session.pending, wish)
            # Of the wake that starts at once the facts are fresh; the text is silent.
            wish.transcript, wish.transcripts = facts
            session.pending = None
        return self.start(session, wish, at)

    def wish(
        self, session: Session, params: Params, rules: Rules, epoch: int, at: Moment
    ) -> Wish:
        number = Ref("number")
        workspace = params.get("workspace")
        resume = params.get("resume")
        reason = params.get("reason")
        return Wish(
            wakes=[number], source=params["source"], provider=params["provider"], at=at,
            offset=at.offset,
            is_exempt=params["source"] in rules.exempt_sources,
            reasons=[reason] if reason is not None else [],
            force_fresh=bool(params.get("forceFresh", False)),
            is_reason_demand=reason in rules.reasons,
            scope=params.get("scope"),
            workspace=Workspace(workspace["path"], workspace["kind"]) if workspace else None,
            keep=params.get("keep"),
            resume=IdName(params["provider"], resume) if resume else None,
            fingerprint=params.get("fingerprint"),
            transcript=params.get("transcript"),
            transcripts=dict(params.get("transcripts") or {}),
            resumable=bool(params.get("resumable", True)),
            lease=params.get("lease"), host=params.get("host"), epoch=epoch,
            trace=params.get("trace"),
            payloads=[(number, params["payload"])] if "payload" in params else [],
            interaction_before=session.last_interaction,
        )

    def epoch(self, params: Params) -> int:
        """The epoch that a call is made under; an old one is another process's host."""
        host = params.get("host")
        current = self.log.epochs.get(host, 0) if host is not None else 0
        epoch = params.get("epoch")
        if epoch is None:
            return current
        if host is None or epoch > current:
            raise Refusal(WRONG_PARAMETERS)
        if epoch < current:
            raise Refusal("hostSuperseded")
        return int(epoch)

    def refused(self, session: Session, wish: Wish, at: Moment) -> Optional[str]:
        if self.agent(session.agent).is_paused:
            return "paused"
        held = session.not_before
        if held and not wish.is_urgent and at.milliseconds < held.milliseconds:
            return "notBefore"
        return None

    def adds_nothing(self, run: Run, wish: Wish, rules: Rules) -> bool:
        return (wish.source in COALESCING and not wish.payloads
                and wish.scope == run.wish.scope and wish.resumable == run.wish.resumable
                and not wish.force_fresh and not wish.is_reason_demand and not wish.resume)

    def merged(self, first: Optional[Wish], then: Wish) -> Wish:
        """Demands are kept; of other parameters the latest value stands."""
        if first is None:
            return replace(then, transcript=None, transcripts={})
        reasons = first.reasons + [each for each in then.reasons if each not in first.reasons]
        return Wish(
            wakes=first.wakes + then.wakes,
            source="message" if first.source == "message" else then.source,
            provider=then.provider, at=first.at, offset=then.offset,
            is_exempt=first.is_exempt and then.is_exempt,
            reasons=reasons,
            force_fresh=first.force_fresh or then.force_fresh,
            is_reason_demand=first.is_reason_demand or then.is_reason_demand,
            scope=then.scope if then.scope is not None else first.scope,
            workspace=then.workspace or first.workspace,
            keep=then.keep if then.keep is not None else first.keep,
            resume=then.resume or first.resume,
            fingerprint=then.fingerprint if then.fingerprint is not None else first.fingerprint,
            resumable=first.resumable or then.resumable,
            lease=then.lease if then.lease is not None else first.lease,
            host=then.host if then.host is not None else first.host,
            epoch=then.epoch if then.host is not None else first.epoch,
            trace=then.trace if then.trace is not None else first.trace,
            payloads=first.payloads + then.payloads,
            interaction_before=first.interaction_before,
        )

    def start(self, session: Session, wish: Wish, at: Moment) -> Json:
        rules = self.rules(session, wish.provider)
        session.provider = wish.provider
        would_reset = wish.resumable and self.reset_because(session, wish, rules, at)
        plan = self.plan(session, wish, rules, at)
        binding = session.bindings.get(wish.provider)
        if binding and binding.name == plan.name:
            self.use(session, wish.provider)
        lease = wish.lease if wish.lease is not None else rules.lease_seconds
        run = Run(wish.wakes[0], Ref("fence"), session.key, wish, lease, at)
        run.is_suspending = bool(would_reset) and plan.reset is None
        session.open_run = run
        session.runs += 1
        self.log.runs[run.ref] = run
        self.log.fences[run.fence] = run
        attempt = self.begin_attempt(session, run, plan, at)
        return {
            "run": run.ref, "disposition": "started", "attempt": attempt.ref, "fence": run.fence,
            "plan": plan.json(), "merged": list(wish.wakes), "payloads": self.payloads(wish),
        }

    def payloads(self, wish: Wish) -> Json:
        return [{"wake": wake, "payload": text} for wake, text in wish.payloads]

    def unstarted(self, disposition: str, run: Ref, **more: Json) -> Json:
        empty = {"attempt": None, "fence": None, "plan": None}
        return {"run": run, "disposition": disposition, **empty, **more}

    def next(self, params: Params, at: Moment) -> Json:
        session = self.session(params["session"])
        try:
            epoch = self.epoch(params)
        except Refusal as refusal:
            if refusal.code == "hostSuperseded":
                self.hear(session, self.now(session, at))
            raise
        at = self.now(session, at)
        wish = session.pending
        if wish is None:  # An expired run is then left as it is; the text is silent.
            return {"disposition": "none", "run": ANY}
        self.end_expired(session, at)
        if session.open_run:
            return self.unstarted("busy", session.open_run.ref)
        refused = self.refused(session, wish, at)
        if refused:
            return self.unstarted("refused", wish.wakes[0], because=refused)
        self.hear(session, at)
        session.pending = None
        if params.get("host") is not None:
            wish.host, wish.epoch = params["host"], epoch
        if params.get("lease") is not None:
            wish.lease = params["lease"]
        return self.start(session, wish, at)

    def cancel(self, params: Params, at: Moment) -> Json:
        session = self.session(params["session"])
        if session.pending:
            self.hear(session, self.now(session, at))
        session.pending = None
        return self.session_view(session)

    def session_view(self, session: Session) -> Json:
        raise NotImplementedError
