"""What ends attempts and runs: progress, finish, fallback, binding, condemnation."""

from __future__ import annotations

from typing import Dict, Optional

from candidates import Question
from facts import judge
from policy import Rules
from state import Attempt, Failure, Identity, IdName, Plan, Run, Session
from values import ANY, WRONG_PARAMETERS, Json, Moment, Params, Ref, Refusal, optional_text
from waking import Waking

SUSPICIOUS = ("timeout", "emptyResponse", "processLost", "unclassified", "invalidRequest")
NEVER_BOUND = ("poisonedSession", "contextOverflow")
USAGE = ("inputTokens", "cachedTokens", "outputTokens", "costMicros")


class Ending(Waking):
    def run_of(self, params: Params, at: Moment) -> Run:
        """The open run that a fence stands for."""
        run = self.log.fences.get(params["fence"])
        if run is None or not run.is_open:
            if run is not None:  # The rejected write is recorded.
                session = self.session(run.session)
                self.hear(session, self.now(session, at))
            raise Refusal("staleFence")
        return run

    def may_bind(self, session: Session, run: Run, attempt: Attempt, name: IdName) -> bool:
        """Neither condemned nor from before a reset, and of a run that leaves a session."""
        identity = self.known(name)
        if identity is None:
            return True
        return identity.condemned is None and not self.is_walled(session, identity)

    def leaves_session(self, run: Run, attempt: Attempt) -> bool:
        return run.wish.resumable and not attempt.plan.beside

    # Progress

    def progress(self, params: Params, at: Moment) -> Json:
        run = self.run_of(params, at)
        if params["attempt"] is not run.current.ref:
            raise Refusal("conflict")
        session, attempt = self.session(run.session), run.current
        at = self.now(session, at)
        self.hear(session, at)
        run.heard = at
        text = params.get("sessionId")
        if text:
            self.see(IdName(run.wish.provider, text))
        if params.get("entered"):
            self.enter(session, run, attempt, text, at)
        return {"leaseUntil": optional_text(self.lease_end(run))}

    def enter(
        self, session: Session, run: Run, attempt: Attempt, text: Optional[str], at: Moment
    ) -> None:
        attempt.entered = True
        known = text or attempt.reported
        name = IdName(run.wish.provider, known) if known else attempt.plan.name
        if attempt.plan.name:
            self.clear(attempt.plan.name)
        if name is None:
            return
        if text:
            attempt.reported = text
        self.prove(attempt, name)
        may_bind = (self.leaves_session(run, attempt)
                    and self.may_bind(session, run, attempt, name))
        if may_bind:
            self.bind_of_attempt(session, run, attempt, name, "entered", at)

    def bind_of_attempt(
        self, session: Session, run: Run, attempt: Attempt, name: IdName, proof: str, at: Moment
    ) -> Identity:
        """Binds with the workspace, host and fingerprint of the attempt that proved it."""
        binding = self.bind(session, name, proof, at)
        identity = self.see(name)
        identity.workspace = attempt.plan.workspace
        if run.wish.host is not None:
            identity.host = run.wish.host
        if run.wish.fingerprint is not None:
            binding.fingerprint = run.wish.fingerprint
        # What the log knows of the id is the last fingerprint that a binding of it had.
        identity.fingerprint = binding.fingerprint or identity.fingerprint
        return identity

    # Finish

    def finish(self, params: Params, at: Moment) -> Json:
        run = self.log.fences.get(params["fence"])
        if run is not None:
            session = self.session(run.session)
            last = session.last_finish
            if last and last[0] == params:
                return {**last[1], "session": self.session_view(session),
                        "pending": session.pending is not None, "duplicate": True}
        run = self.run_of(params, at)
        attempt = run.current
        if params["attempt"] is not attempt.ref:
            raise Refusal("conflict")
        session = self.session(run.session)
        at = self.now(session, at)
        self.hear(session, at)
        rules = self.rules(session, run.wish.provider)
        turns = params.get("turns")
        took_turns = bool(turns) or attempt.entered
        outcome, failure = judge(params, attempt.plan.mode == "resume", took_turns)
        attempt.ended = at.spoken
        self.report(session, run, attempt, params)
        following = None
        if failure is None:
            self.succeed(session, run, attempt, params, at)
        else:
            failure = self.named(attempt, failure)
            following = self.fail(session, run, attempt, failure, took_turns, rules, at)
        attempt.outcome, attempt.failure = outcome, failure
        self.wait(session, params, failure, at)
        if following is None:
            self.settle(session, run, outcome, failure, at)
        answer = {
            "run": run.ref, "attempt": attempt.ref, "outcome": outcome,
            "failure": failure.json() if failure else None, "settled": following is None,
            "next": {"attempt": following.ref, "plan": following.plan.json()}
            if following else None,
        }
        session.last_finish = (params, answer)
        return {**answer, "session": self.session_view(session),
                "pending": session.pending is not None}

    def report(self, session: Session, run: Run, attempt: Attempt, params: Params) -> None:
        """Notes what the provider said, whatever it proves."""
        text = params.get("sessionId")
        if text:
            attempt.reported = text
            self.see(IdName(run.wish.provider, text))
        name = IdName(run.wish.provider, attempt.reported) if attempt.reported else None
        usage = params.get("usage")
        if usage is not None:
            is_cold = params.get("resumed") is False
            attempt.usage = self.own_usage(usage, name or (None if is_cold else attempt.plan.name))

    def own_usage(self, usage: Params, name: Optional[IdName]) -> Dict[str, int]:
        """What this attempt used: of a total of the whole session, what was not told before."""
        whole = usage.get("total", False)
        used = {}
        for each in USAGE:
            value = int(usage.get(each, 0))
            used[each] = value
            if name is None or each not in usage:
                continue
            if whole is True or (isinstance(whole, list) and each in whole):
                totals = self.see(name).totals
                before = totals.get(each, 0)
                # A total that went down was begun anew; the text is silent.
                used[each] = value - before if value >= before else value
                totals[each] = value
        return used

    def wait(
        self, session: Session, params: Params, failure: Optional[Failure], at: Moment
    ) -> None:
        """The provider asked to wait; a success clears it."""
        if failure is None:
            session.not_before = None
        elif params.get("retryAfterSeconds") is not None:
            session.not_before = at.later(params["retryAfterSeconds"])

    # Success

    def succeed(
        self, session: Session, run: Run, attempt: Attempt, params: Params, at: Moment
    ) -> None:
        asked, text = attempt.plan.name, attempt.reported
        has_output = any(params.get(name) for name in ("stdout", "stderr", "message"))
        turns = params.get("turns")
        entered = attempt.entered or (bool(turns) if turns is not None
                                      else bool(has_output or text))
        is_cold = params.get("resumed") is False
        if not entered and turns == 0:
            if asked:
                self.see(asked).empty_successes += 1
            return
        if not entered and asked and not is_cold:
            return  # A resuming success that says nothing at all; the text is silent.
        if asked and entered:
            self.clear(asked)
            self.see(asked).empty_successes = 0
        if is_cold and asked and text == asked.text and "sessionId" not in params:
            text = None  # `progress` named what was asked for, and yet it started cold.
        name = IdName(run.wish.provider, text) if text else None if is_cold else asked
        if name and entered:
            self.prove(attempt, name)
        if not self.leaves_session(run, attempt):
            return
        if asked and (is_cold or name != asked):
            run.fallbacks.append({"from": attempt.ref, "to": None, "cause": "providerReplaced"})
            session.fallbacks += 1
        if name is None or not self.may_bind(session, run, attempt, name):
            session.bindings.pop(run.wish.provider, None)
            return
        identity = self.bind_of_attempt(session, run, attempt, name, "success", at)
        self.clear(name)
        self.describe(identity, params)

    def describe(self, identity: Identity, params: Params) -> None:
        if "params" in params:
            identity.params = params["params"]
        if "displayId" in params:
            identity.display = params["displayId"]

    def prove(self, attempt: Attempt, name: IdName) -> None:
        """An attempt showed that it entered: rotation goes by the attempts that did."""
        identity = self.see(name)
        identity.proven = True
        self.clear(name)
        if identity.minted_at is None:
            identity.minted_at = attempt.began.milliseconds
        if attempt.proved != name:
            attempt.proved = name
            identity.runs += 1
        identity.last_began = attempt.began.milliseconds
        usage = attempt.usage
        identity.last_uncached = usage["inputTokens"] - usage["cachedTokens"] if usage else 0

    # Failure

    def named(self, attempt: Attempt, failure: Failure) -> Failure:
        """Outside of its own workspace or host an unknown session is only in the wrong place."""
        if failure.kind == "unknownSession" and attempt.is_outside:
            return Failure("wrongWorkspace", "session")
        return failure

    def fail(
        self, session: Session, run: Run, attempt: Attempt, failure: Failure, took_turns: bool,
        rules: Rules, at: Moment,
    ) -> Optional[Attempt]:
        """Condemns, suspects and binds; answers the attempt that follows, if one does."""
        asked = attempt.plan.name
        falls_back = False
        can_fall_back = len(run.attempts) < rules.max_attempts
        if asked and took_turns:
            self.clear(asked)
        if asked and failure.kind == "sessionInUse":
            falls_back = rules.in_use == "beside"
            # "condemns nothing", and yet "where the run could not fall back they count as
            # suspicion": the text contradicts itself.
            if falls_back and not can_fall_back:
                self.suspect(session, asked, rules, at)
        elif asked and failure.kind == "wrongWorkspace":
            place = (attempt.plan.workspace, run.wish.host)
            identity = self.see(asked)
            identity.strayed[place] = identity.strayed.get(place, 0) + 1
            falls_back = True
            if not can_fall_back:
                self.suspect(session, asked, rules, at)
        elif asked and failure.family == "session":
            self.condemn(session, asked, failure.kind, at)
            falls_back = True
        elif asked and failure.kind in SUSPICIOUS and not took_turns:
            falls_back = self.suspect(session, asked, rules, at)
        self.bind_after_failure(session, run, attempt, failure, took_turns, at)
        if not falls_back or not can_fall_back:
            return None
        return self.fall_back(session, run, attempt, failure, rules, at)

    def bind_after_failure(
        self, session: Session, run: Run, attempt: Attempt, failure: Failure, took_turns: bool,
        at: Moment,
    ) -> None:
        """The id in a failing result is bound only if the attempt entered the session."""
        text, asked = attempt.reported, attempt.plan.name
        name = IdName(run.wish.provider, text) if text else asked
        if name and text and failure.kind in NEVER_BOUND:
            # It loses a binding that it had, turns or none; the text says "is not bound".
            binding = session.bindings.get(name.provider)
            if binding and binding.name == name and self.leaves_session(run, attempt):
                del session.bindings[name.provider]
        if not took_turns or name is None:
            return
        self.prove(attempt, name)
        if not self.leaves_session(run, attempt):
            return
        if failure.kind not in NEVER_BOUND and self.may_bind(session, run, attempt, name):
            self.bind_of_attempt(session, run, attempt, name, "entered", at)

    def fall_back(
        self, session: Session, run: Run, failed: Attempt, failure: Failure, rules: Rules,
        at: Moment,
    ) -> Attempt:
        workspace = run.wish.workspace or failed.plan.workspace
        plan = Plan("fresh", None, workspace, None, session.generation)
        plan.beside = failure.kind == "sessionInUse"
        binding = session.bindings.get(run.wish.provider)
        has_reset = any(attempt.plan.reset for attempt in run.attempts) or run.is_suspending
        if failed.plan.chosen_from == "explicit" and binding and not has_reset:
            if binding.name == failed.plan.name:  # Refused here and now.
                said = "inUse" if failure.kind == "sessionInUse" else "workspace"
            else:
                said = self.verdict(Question(
                    session, run.wish, rules, binding.name, "bound", None, binding, False, at))
            plan.considered.append(
                {"from": "bound", "sessionId": binding.name.text, "verdict": said})
            if said == "offered":
                self.choose(session, plan, binding.name, run.wish)
                # One that was made in none runs in the failed plan's, one with a home in its own.
                plan.workspace = plan.workspace or workspace
                plan.drift = self.drift(rules, binding, run.wish)
                plan.chosen_from, plan.beside = "bound", False
                self.use(session, run.wish.provider)
        attempt = self.begin_attempt(session, run, plan, at)
        cause = "suspect" if failure.family != "session" else failure.kind
        run.fallbacks.append({"from": failed.ref, "to": attempt.ref, "cause": cause})
        session.fallbacks += 1
        run.heard = at
        return attempt
