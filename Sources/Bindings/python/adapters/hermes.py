"""Wakelog beside the session store of Hermes, and then as the authority over it.

In `gateway/run.py`, where the gateway makes its store, one line changes:

    self.session_store = WakelogSessionStore(
        self.config.sessions_dir, self.config, ..., engine=engine, authority=False)

What the store knows already is brought in first: `wakelog import hermes HERMES_HOME --log DIR`. In
shadow the store decides as before, whatever the engine says, and every decision is compared;
`differences` lists where Wakelog decides otherwise. As the authority Wakelog decides which session
a key has, and the store carries it out; transcripts stay where they are, and a writer of before a
reset no longer reaches them. Code that writes to `state.db` past `append_to_transcript` asks
`may_write` first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional

import wakelog
from gateway import session as hermes


@dataclass(frozen=True)
class Difference:
    """Where the two decide differently."""

    key: str
    hermes: str
    wakelog: str


@dataclass
class Turn:
    """A run of a key, which ends with `update_session`, or when the next one finds it open."""

    key: str
    attempt: int
    fence: str
    cursor: int


class WakelogSessionStore(hermes.SessionStore):
    """The store of Hermes, its decisions and writes compared with Wakelog's, or made by it."""

    def __init__(
        self, *args: Any, engine: wakelog.Engine, authority: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.engine = engine
        self.authority = authority
        self.differences: List[Difference] = []
        self._open: Dict[str, Turn] = {}  # by key
        self._latest: Dict[str, Turn] = {}  # by the session id that it was given

    def may_write(self, session_id: str) -> bool:
        """Whether a writer that holds this session id may still write to it."""
        turn = self._latest.get(session_id)
        if turn is None:
            return True  # of no key: a cron job's, or of before this process
        if turn is not self._open.get(turn.key):
            known = self._tell(turn.key, self.engine.session, session=turn.key)
            if known and known.bound and known.bound.session_id == session_id:
                return True  # late, and still the key's own
        theirs = f"writes to {session_id}"
        may = self._tell(turn.key, self.engine.check, theirs, session=turn.key, fence=turn.fence)
        return may is not None

    # The functions of the store, each doing what it does and telling the engine.

    def _get_or_create_session_impl(self, source: Any, force_new: bool = False) -> Any:
        key = self._generate_session_key(source)
        self._end_turn(key, "interrupted")
        with self._lock:
            self._ensure_loaded_locked()
            before = self._entries.get(key)
        woken = self._tell(
            key, self.engine.wake, session=key, agent=key.split(":")[1], provider="hermes",
            source="message", reason="suspended" if before and before.suspended else None,
            force_fresh=force_new)
        entry = super()._get_or_create_session_impl(source, force_new=force_new)
        if woken is None:
            return entry
        if woken.plan is None:
            self._differ(key, f"takes {entry.session_id}", f"{woken.disposition} {woken.because}")
            return entry
        planned = woken.plan.session_id
        is_new = planned is None and not self._was_bound(key, entry.session_id)
        if entry.session_id != planned and not is_new:
            mine = f"{planned or 'a new one'}: {woken.plan.because}"
            self._differ(key, f"takes {entry.session_id}", mine)
            if self.authority and planned:
                entry = super().switch_session(key, planned)
            elif self.authority:
                entry = super().reset_session(key)
        turn = Turn(key, woken.attempt, woken.fence, self.engine.session(session=key).cursor)
        self._open[key] = self._latest[entry.session_id] = turn
        return entry

    def append_to_transcript(self, session_id: str, message: Any, skip_db: bool = False) -> None:
        if not self.may_write(session_id) and self.authority:
            return
        super().append_to_transcript(session_id, message, skip_db)
        turn = self._latest.get(session_id)
        if turn and turn is self._open.get(turn.key):
            flushed = self._tell(
                turn.key, self.engine.flush, session=turn.key, fence=turn.fence,
                from_=turn.cursor, to=turn.cursor + 1)
            if flushed:
                turn.cursor = flushed.cursor

    def update_session(self, session_key: str, last_prompt_tokens: Optional[int] = None) -> None:
        super().update_session(session_key, last_prompt_tokens)
        self._end_turn(session_key, "succeeded")

    def mark_resume_pending(self, session_key: str, reason: str = "restart_timeout") -> bool:
        self._end_turn(session_key, "interrupted")
        return super().mark_resume_pending(session_key, reason)

    def reset_session(self, session_key: str, display_name: Optional[str] = None) -> Any:
        self._tell(session_key, self.engine.reset, session=session_key, because="/new")
        return super().reset_session(session_key, display_name)

    def switch_session(self, session_key: str, target_session_id: str) -> Any:
        self._end_turn(session_key, "interrupted")
        self._tell(
            session_key, self.engine.repair, session=session_key, expect={},
            set={"sessionId": target_session_id}, by="hermes", why="/resume")
        return super().switch_session(session_key, target_session_id)

    def _end_turn(self, key: str, outcome: str) -> None:
        turn = self._open.pop(key, None)
        if turn:
            self._tell(
                key, self.engine.finish, attempt=turn.attempt, fence=turn.fence, outcome=outcome,
                session_id=self.peek_session_id(key), turns=1)

    def _was_bound(self, key: str, session_id: str) -> bool:
        bound = (e for e in self.engine.events(session=key) if e.kind == "session.bound")
        return any(event.json.get("sessionId") == session_id for event in bound)

    def _tell(self, key: str, call: Callable[..., Any], theirs: str = "", **words: Any) -> Any:
        """Tells the engine something, by the clock of Hermes; None when it refuses. In shadow
        nothing that it says keeps the store from its work. A key that it does not know, and a right
        to write that has ended, are no difference but where one writes."""
        try:
            return call(**words, at=hermes._now().astimezone())
        except (wakelog.NotFound, wakelog.StaleFence) as refusal:
            if theirs:
                self._differ(key, theirs, str(refusal))
        except wakelog.WakelogError as error:
            if self.authority:
                raise
            self._differ(key, theirs or "goes on", str(error))
        return None

    def _differ(self, key: str, theirs: str, ours: str) -> None:
        self.differences.append(Difference(key, theirs, ours))
        logging.getLogger("wakelog").warning("%s: Hermes %s; Wakelog: %s", key, theirs, ours)
