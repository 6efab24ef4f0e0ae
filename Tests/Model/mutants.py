"""Models that are wrong in one place each: the search has to find every one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Optional, Tuple, Type

from candidates import Question
from model import Model
from policy import Rules
from state import Attempt, Failure, Identity, IdName, Run, Session, Wish, Workspace
from values import Json, Moment, Params


class TranscriptBeforeTheWall(Model):
    ORDER = ("condemned", "unproven", "provider", "host", "transcript", "wall", "fingerprint",
             "workspace", "inUse")


class InUseBeforeWorkspace(Model):
    ORDER = Model.ORDER[:-2] + ("inUse", "workspace")


class UnprovenIsOffered(Model):
    def unproven_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        return None


class ExplicitClimbsTheWall(Model):
    def wall_verdict(self, asked: Question, identity: Optional[Identity]) -> Optional[str]:
        return None if asked.origin == "explicit" else super().wall_verdict(asked, identity)


class OtherKeysKeepTheDead(Model):
    def condemn(self, session: Session, name: IdName, because: str, at: Moment) -> None:
        others = {other.key: dict(other.bindings) for other in self.log.sessions.values()}
        super().condemn(session, name, because, at)
        for other in self.log.sessions.values():
            if other is not session:
                other.bindings = others[other.key]


class SuspectsAreNeverCondemned(Model):
    def suspect(self, session: Session, name: IdName, rules: Rules, at: Moment) -> bool:
        self.see(name).suspicion += 1
        return False


class SuspicionIsNeverCleared(Model):
    def clear(self, name: IdName) -> None:
        pass


class MergingForgetsDemands(Model):
    def merged(self, first: Optional[Wish], then: Wish) -> Wish:
        made = super().merged(first, then)
        return replace(made, force_fresh=then.force_fresh, is_reason_demand=then.is_reason_demand)


class IdleGoesByTheLatestWake(Model):
    def merged(self, first: Optional[Wish], then: Wish) -> Wish:
        return replace(super().merged(first, then), at=then.at,
                       interaction_before=then.interaction_before)


class WorkIsCoalesced(Model):
    def adds_nothing(self, run: Run, wish: Wish, rules: Rules) -> bool:
        return super().adds_nothing(run, replace(wish, payloads=[]), rules)


class LeasesEndLate(Model):
    def lease_end(self, run: Run) -> Optional[Moment]:
        end = super().lease_end(run)
        return end.later(1) if end else None


class ASuccessKeepsWaiting(Model):
    def wait(
        self, session: Session, params: Params, failure: Optional[Failure], at: Moment
    ) -> None:
        if failure is not None:
            super().wait(session, params, failure, at)


class ProjectsAreOneWorkspace(Model):
    def destination(
        self, identity: Optional[Identity], woken: Optional[Workspace]
    ) -> Tuple[bool, Optional[Workspace]]:
        return True, super().destination(identity, woken)[1]


class OldProcessesGoOn(Model):
    def epoch(self, params: Params) -> int:
        return super().epoch({**params, "epoch": None})


class BesideIsBound(Model):
    def leaves_session(self, run: Run, attempt: Attempt) -> bool:
        return run.wish.resumable


class FailuresBindWhatTheyName(Model):
    def bind_after_failure(
        self, session: Session, run: Run, attempt: Attempt, failure: Failure, took_turns: bool,
        at: Moment,
    ) -> None:
        took_turns = took_turns or attempt.reported is not None
        super().bind_after_failure(session, run, attempt, failure, took_turns, at)


class AnyFailureBlamesTheAgent(Model):
    def settle(
        self, session: Session, run: Run, outcome: str, failure: Optional[Failure], at: Moment
    ) -> None:
        super().settle(session, run, outcome, failure, at)
        if failure and failure.family == "infrastructure":
            self.agent(session.agent).failures["agent"] += 1


class RotationIsOneRunEarly(Model):
    def is_outgrown(self, identity: Identity, rules: Rules) -> bool:
        limit = (rules.rotate or {}).get("runs")
        return super().is_outgrown(identity, rules) or identity.runs == limit


MUTANTS: List[Type[Model]] = [
    TranscriptBeforeTheWall, InUseBeforeWorkspace, UnprovenIsOffered, ExplicitClimbsTheWall,
    OtherKeysKeepTheDead, SuspectsAreNeverCondemned, SuspicionIsNeverCleared,
    MergingForgetsDemands, IdleGoesByTheLatestWake, WorkIsCoalesced, LeasesEndLate,
    ASuccessKeepsWaiting, ProjectsAreOneWorkspace, OldProcessesGoOn, BesideIsBound,
    FailuresBindWhatTheyName, AnyFailureBlamesTheAgent, RotationIsOneRunEarly,
]
