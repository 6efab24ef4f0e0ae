"""Which provider session a wake resumes: resets, then candidates and their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Union

from ids import Ids
from policy import Rules
from state import Attempt, Binding, Failure, Identity, IdName, Plan, Run, Session, Wish
from values import Json, Moment, Ref


@dataclass
class Question:
    """Whether a wake may resume an id, asked of one candidate."""

    session: Session
    wish: Wish
    rules: Rules
    name: IdName
    origin: str
    reset: Optional[str]
    binding: Optional[Binding]
    vouches: bool
    at: Moment

    @property
    def is_bound(self) -> bool:
        return self.binding is not None and self.binding.name == self.name


class Candidates(Ids):
    # The order in which an id is tested. A fingerprint stands where a reset does.
    ORDER = ("condemned", "unproven", "provider", "host", "wall", "fingerprint", "transcript",
             "workspace", "inUse")

    # Resets

    def because_of_demand(self, session: Session, wish: Wish, rules: Rules) -> Optional[str]:
        if wish.force_fresh:
            return "forceFresh"
        if wish.is_reason_demand or any(reason in rules.reasons for reason in wish.reasons):
            return "reason"
        if rules.unscoped_timer and wish.source == "timer" and wish.scope is None:
            return "unscopedTimer"
        return None

    def because_of_binding(
        self, session: Session, wish: Wish, rules: Rules, at: Moment
    ) -> Optional[str]:
        binding = session.bindings.get(wish.provider)
        if binding is None:
            return None
        identity = self.see(binding.name)
        changed = self.changed(binding.fingerprint, wish.fingerprint)
        if any(name in rules.invalidate_on for name in changed):
            return "fingerprint"
        if not wish.keep and self.is_outgrown(identity, rules):
            return "rotation"
        return None

    def is_outgrown(self, identity: Identity, rules: Rules) -> bool:
        limits = rules.rotate or {}
        runs, tokens, age = limits.get("runs"), limits.get("inputTokens"), limits.get("ageSeconds")
        if runs is not None and identity.runs > runs:
            return True
        if tokens is not None and identity.last_uncached >= tokens:
            return True
        if age is None or identity.minted_at is None or identity.last_began is None:
            return False
        return identity.last_began - identity.minted_at >= age * 1000

    def because_of_time(
        self, session: Session, wish: Wish, rules: Rules, at: Moment
    ) -> Optional[str]:
        if wish.keep or wish.is_exempt:
            return None
        if rules.idle_seconds is not None:
            since = session.began.milliseconds
            if wish.interaction_before is not None:
                since = max(since, wish.interaction_before)
            if wish.at.milliseconds - since > rules.idle_seconds * 1000:
                return "idle"
        if rules.daily_at_hour is not None:
            mark = Moment(at.milliseconds, wish.offset).at_hour(rules.daily_at_hour)
            if session.began.milliseconds < mark.milliseconds:
                return "daily"
        return None

    def reset_because(
        self, session: Session, wish: Wish, rules: Rules, at: Moment
    ) -> Optional[str]:
        return (self.because_of_demand(session, wish, rules)
                or self.because_of_binding(session, wish, rules, at)
                or self.because_of_time(session, wish, rules, at))

    # Verdicts

    def verdict(self, asked: Question) -> str:
        """The first test that refuses an id, or `offered`."""
        self.end_expired_holder(asked.session, asked.name, asked.at)
        for test in self.ORDER:
            refused: Optional[str] = getattr(self, f"{test}_verdict")(asked, self.known(asked.name))
            if refused:
                return refused
        return "offered"

    def condemned_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        return "condemned" if identity and identity.condemned else None

    def unproven_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        if identity is None or identity.first_seen is None:
            return None
        return None if identity.proven or identity.vouched else "unproven"

    def provider_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        is_other = asked.name.provider != asked.wish.provider or self.is_foreign(asked.name)
        return "provider" if is_other else None

    def host_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        if not asked.rules.bound_to_host or identity is None or identity.host is None:
            return None
        host = asked.wish.host
        return "host" if host is not None and host != identity.host else None

    def wall_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        if asked.vouches:
            return None
        if asked.origin == "bound" and asked.reset == "rotation":
            return "rotated"
        if asked.origin == "bound" and asked.reset == "fingerprint":
            return "fingerprint"
        is_walled = identity is not None and self.is_walled(asked.session, identity)
        return "reset" if asked.reset or is_walled else None

    def fingerprint_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        """The key's own binding knows its fingerprint, the log that of any other id."""
        before = (asked.binding if asked.is_bound else identity)
        changed = self.changed(before.fingerprint if before else None, asked.wish.fingerprint)
        is_other = any(name in asked.rules.invalidate_on for name in changed)
        return "fingerprint" if is_other else None

    def transcript_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        fact = asked.wish.transcripts.get(asked.name.text)
        if asked.is_bound and asked.wish.transcript is not None:
            fact = asked.wish.transcript
        if fact is not False:
            return None
        self.condemn(asked.session, asked.name, "missingTranscript", asked.at)
        return "transcript"

    def workspace_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        fits, place = self.destination(identity, asked.wish.workspace)
        strayed = identity.strayed.get((place, asked.wish.host), 0) if identity else 0
        return "workspace" if not fits or strayed >= 2 else None

    def inUse_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        return "inUse" if self.holder(asked.name, asked.session) else None

    def agent_candidate(self, session: Session, wish: Wish, rules: Rules) -> Optional[IdName]:
        if wish.scope is not None or not rules.falls_back_to_agent:
            return None
        found: List[Binding] = []
        for other in self.log.sessions.values():
            binding = other.bindings.get(wish.provider)
            if other is not session and other.agent == session.agent and binding:
                found.append(binding)
        if not found:
            return None
        return max(found, key=lambda binding: binding.tick).name

    # Plans

    def plan(self, session: Session, wish: Wish, rules: Rules, at: Moment) -> Plan:
        """Decides what a wake does, and ends the generation where it has to."""
        if not wish.resumable:
            return Plan("fresh", None, wish.workspace, None, session.generation)
        binding = session.bindings.get(wish.provider)
        considered: List[Json] = []
        chosen: Optional[IdName] = None
        origin: Optional[str] = None
        reset: Optional[str] = None
        vouches = rules.explicit_resume_wins and not wish.force_fresh
        drift: List[str] = []

        def consider(name: IdName, source: str, vouched: bool) -> bool:
            nonlocal chosen, origin
            said = self.verdict(Question(
                session, wish, rules, name, source, reset, binding, vouched, at))
            considered.append({"from": source, "sessionId": name.text, "verdict": said})
            if said == "offered":
                chosen, origin = name, source
            return said == "offered"

        would_reset = self.reset_because(session, wish, rules, at)
        if wish.resume and vouches:
            consider(wish.resume, "explicit", True)
        if chosen is None:
            reset = would_reset
            if reset:
                self.reset_session(session, at, is_first=self.is_untouched(session))
            if wish.resume and not vouches:
                consider(wish.resume, "explicit", False)
        if chosen is None and binding:
            consider(binding.name, "bound", False)
        if chosen is None:
            of_agent = self.agent_candidate(session, wish, rules)
            if of_agent:
                consider(of_agent, "agent", False)
        if chosen and binding and binding.name == chosen:
            drift = self.drift(rules, binding, wish)
        elif chosen:
            drift = self.drift(rules, self.known(chosen), wish)
        plan = Plan("fresh", None, wish.workspace, None, session.generation, reset, drift)
        plan.considered = considered
        if chosen and origin == "explicit" and vouches:
            identity = self.known(chosen)
            if identity and self.is_walled(session, identity):
                identity.minted[session.key] = self.step()
        if chosen:
            self.choose(session, plan, chosen, wish)
            plan.chosen_from = origin
        return plan

    def drift(
        self, rules: Rules, of: Union[Binding, Identity, None], wish: Wish
    ) -> List[str]:
        changed = self.changed(of.fingerprint if of else None, wish.fingerprint)
        return [name for name in changed if name not in rules.invalidate_on]

    def choose(self, session: Session, plan: Plan, name: IdName, wish: Wish) -> None:
        identity = self.known(name)
        plan.mode, plan.name = "resume", name
        plan.workspace = self.destination(identity, wish.workspace)[1]
        plan.params = identity.params if identity else None
        if identity is None or identity.first_seen is None:
            self.see(name).vouched = True

    # Runs that were lost

    def end_expired_holder(self, session: Session, name: IdName, at: Moment) -> None:
        for other in list(self.log.sessions.values()):
            if other is not session and other.open_run and name in other.open_run.holds():
                self.end_expired(other, at.spoken)

    def lease_end(self, run: Run) -> Optional[Moment]:
        return None if run.lease is None else run.heard.later(run.lease)

    def end_expired(self, session: Session, at: Moment) -> None:
        run = session.open_run
        end = self.lease_end(run) if run else None
        if run and end and self.now(session, at).milliseconds >= end.milliseconds:
            self.interrupt(session, run, at)
            name = run.current.plan.name
            if name and not run.current.entered:
                self.suspect(session, name, self.rules(session, run.wish.provider), at)

    def interrupt(self, session: Session, run: Run, at: Moment) -> None:
        """Ends a run whose process is gone."""
        attempt = run.current
        attempt.outcome, attempt.ended = "interrupted", at.spoken
        attempt.failure = Failure("interrupted", "infrastructure")
        self.settle(session, run, "interrupted", attempt.failure, at)

    def settle(
        self, session: Session, run: Run, outcome: str, failure: Optional[Failure], at: Moment
    ) -> None:
        """The last attempt decides the run's status, and the agent's."""
        run.outcome, run.failure, run.ended = outcome, failure, at.spoken
        session.open_run, session.last_run = None, run
        agent = self.agent(session.agent)
        agent.last_status = outcome
        if outcome in ("cancelled", "superseded"):
            return
        if failure is None:
            session.last_error = agent.last_error = None
            agent.failures = dict.fromkeys(agent.failures, 0)
        else:
            session.last_error = agent.last_error = (failure, at.spoken)
            if failure.family in agent.failures:
                agent.failures[failure.family] += 1

    # Attempts

    def begin_attempt(self, session: Session, run: Run, plan: Plan, at: Moment) -> Attempt:
        attempt = Attempt(Ref("number"), plan, at)
        attempt.is_outside = self.is_outside(run.wish, plan)
        run.attempts.append(attempt)
        session.attempts += 1
        return attempt

    def is_outside(self, wish: Wish, plan: Plan) -> bool:
        """Whether an id is resumed away from its own workspace, or on another host than its."""
        identity = self.known(plan.name) if plan.name else None
        if identity is None:
            return False
        own, place = identity.workspace, plan.workspace
        is_moved = own != place and bool(own or (place and place.is_project))
        is_elsewhere = None not in (wish.host, identity.host) and wish.host != identity.host
        return (is_moved and identity.last_bound is not None) or is_elsewhere
