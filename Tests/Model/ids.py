"""Provider sessions: seen, proven, minted, condemned, suspected, and where they live."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from policy import Rules
from state import Agent, Binding, Identity, IdName, Log, Run, Session, Workspace
from values import Moment, Refusal

HOUR = 3_600_000


class Ids:
    """The lowest layer of the model: what is known of ids, and what happens to them."""

    def __init__(self) -> None:
        self.log = Log()

    # The order of things

    def step(self) -> int:
        """Orders mints and walls as the log's sequence numbers do."""
        self.log.tick += 1
        return self.log.tick

    def now(self, session: Session, at: Moment) -> Moment:
        """The call's time, or the key's latest where that is at most an hour later."""
        ahead = session.latest.milliseconds - at.milliseconds
        if not 0 < ahead <= HOUR:
            return at
        return Moment(session.latest.milliseconds, at.offset, at.milliseconds)

    def hear(self, session: Session, at: Moment) -> None:
        if at.milliseconds > session.latest.milliseconds:
            session.latest = at

    def rules(self, session: Session, provider: str) -> Rules:
        return self.log.policy.rules(session.key, session.agent, provider)

    def session(self, key: str) -> Session:
        if key not in self.log.sessions:
            raise Refusal("notFound")
        return self.log.sessions[key]

    def agent(self, name: str) -> Agent:
        if name not in self.log.agents:
            self.log.agents[name] = Agent(name)
        return self.log.agents[name]

    # Ids

    def known(self, name: IdName) -> Optional[Identity]:
        return self.log.ids.get(name)

    def see(self, name: IdName) -> Identity:
        """An attempt, an operator or a caller brought the id; a probe alone does not."""
        identity = self.note(name)
        if identity.first_seen is None:
            identity.first_seen = self.step()
        return identity

    def note(self, name: IdName) -> Identity:
        if name not in self.log.ids:
            self.log.ids[name] = Identity(name)
        return self.log.ids[name]

    def is_foreign(self, name: IdName) -> bool:
        """Whether an id that its provider never had was seen with another."""
        own = self.known(name)
        return (own is None or own.first_seen is None) and any(
            other.text == name.text and identity.first_seen is not None
            for other, identity in self.log.ids.items())

    def minted(self, session: Session, identity: Identity) -> int:
        """When this key first bound it, else any key last did, else when it was first seen."""
        if session.key in identity.minted:
            return identity.minted[session.key]
        if identity.last_bound is not None:
            return identity.last_bound
        return self.log.tick if identity.first_seen is None else identity.first_seen

    def is_walled(self, session: Session, identity: Identity) -> bool:
        return self.minted(session, identity) < session.reset_at

    def bind(self, session: Session, name: IdName, proven_by: str, at: Moment) -> Binding:
        """Points the key to an id, which is proven by that. Binding it again keeps `since`."""
        identity = self.see(name)
        tick = self.step()
        before = session.bindings.get(name.provider)
        if before is None or before.name != name:
            before = Binding(name, session.generation, proven_by, at)
            session.bindings[name.provider] = before
        self.use(session, name.provider)
        session.ever_bound.add(name.provider)
        identity.minted.setdefault(session.key, tick)
        identity.last_bound = tick
        identity.proven = True
        before.tick = tick
        return before

    def use(self, session: Session, provider: str) -> None:
        """`session.bound` is the binding of the provider that last used one."""
        session.last_used = provider

    def bound(self, session: Session) -> Optional[Binding]:
        return session.bindings.get(session.last_used or "")

    def condemn(self, session: Session, name: IdName, because: str, at: Moment) -> None:
        """Final for the provider on every key: whoever points to it is unbound."""
        identity = self.note(name)
        identity.suspicion = 0
        if identity.condemned:
            return
        identity.condemned = (because, at.spoken)
        for other in self.log.sessions.values():
            binding = other.bindings.get(name.provider)
            is_bound = binding is not None and binding.name == name
            if is_bound:
                del other.bindings[name.provider]
                other.lost[name.provider] = name
                self.hear(other, at.spoken)
            if (is_bound or other is session) and name not in other.condemned:
                other.condemned.append(name)

    def condemned(self, session: Session) -> List[Tuple[IdName, str, Moment]]:
        """The ids that are condemned by this key, or were while bound to it."""
        found = []
        for name in session.condemned:
            state = self.note(name).condemned
            if state:
                found.append((name, *state))
        return found

    def revive_id(self, name: IdName) -> None:
        identity = self.note(name)
        if identity.condemned:
            self.see(name).vouched = True
            identity.condemned = None
            identity.suspicion = 0

    def suspect(self, session: Session, name: IdName, rules: Rules, at: Moment) -> bool:
        """Counts a suspicion; the last one allowed condemns. Answers whether it did."""
        identity = self.see(name)
        identity.suspicion += 1
        if identity.suspicion < rules.suspect_limit:
            return False
        self.condemn(session, name, "suspect", at)
        return True

    def clear(self, name: IdName) -> None:
        self.see(name).suspicion = 0

    def is_untouched(self, session: Session) -> bool:
        """Whether the key has never done anything yet: its first wall begins no generation."""
        return session.generation == 1 and session.runs == 0 and not session.bindings

    def reset_session(self, session: Session, at: Moment, is_first: bool = False) -> None:
        """The end of a generation walls off every binding of the key."""
        session.reset_at = self.step()
        session.bindings.clear()
        session.lost.clear()
        session.cursor = 0
        session.began = at
        if not is_first:
            session.generation += 1
            session.resets += 1

    # Where they live

    def destination(
        self, identity: Optional[Identity], woken: Optional[Workspace]
    ) -> Tuple[bool, Optional[Workspace]]:
        """Whether the id can be resumed where the wake is, and the workspace it runs in."""
        if identity is None or (identity.last_bound is None and identity.workspace is None):
            return True, woken
        own = identity.workspace
        if own is not None and own.is_project:
            if woken is not None and woken.is_project:
                return own.path == woken.path, own
            return True, own
        # Made in none and woken with a home: the text is silent, and the session moves there.
        if woken is not None and (woken.is_project or own is None):
            return True, woken
        return True, own

    def changed(
        self, before: Optional[Dict[str, str]], now: Optional[Dict[str, str]]
    ) -> List[str]:
        """The names that differ. Nothing is compared where one side has no fingerprint."""
        if before is None or now is None:
            return []
        if before.get("version") != now.get("version"):
            return []
        names = set(before) | set(now)
        return sorted(name for name in names if before.get(name) != now.get(name))

    def holder(self, name: IdName, session: Session) -> Optional[Run]:
        """An open run of another key that is in this provider session."""
        for other in self.log.sessions.values():
            run = other.open_run
            if other is not session and run is not None and name in run.holds():
                return run
        return None
