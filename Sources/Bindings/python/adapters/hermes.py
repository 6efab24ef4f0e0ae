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

import datetime
import logging
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, TypeVar

import wakelog
from gateway import session as hermes

PROVIDER = "hermes"
T = TypeVar("T")


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
    is_open: bool = True


class WakelogSessionStore(hermes.SessionStore):
    """The store of Hermes, its decisions and writes compared with Wakelog's, or made by it."""

    def __init__(
        self, *args: Any, engine: wakelog.Engine, authority: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.engine = engine
        self.authority = authority
        self.differences: List[Difference] = []
        # The latest turn of each key, and the one that each session id was written in.
        self._turn_of_key: Dict[str, Turn] = {}
        self._turn_of_id: Dict[str, Turn] = {}

    def may_write(self, session_id: str) -> bool:
        """Whether a writer that holds this session id may still write to it."""
        turn = self._turn_of_id.get(session_id)
        if turn is None:
            return True  # of no key: a cron job's, or of before this process
        if not turn.is_open and self._bound(turn.key) == session_id:
            return True  # late, and still the key's own
        checked = self._tell(
            turn.key,
            lambda: self.engine.check(session=turn.key, fence=turn.fence, at=_now()),
            f"writes to {session_id}",
        )
        return checked is not None

    # The functions of the store, each doing what it does and telling the engine.

    def _get_or_create_session_impl(self, source: Any, force_new: bool = False) -> Any:
        key = self._generate_session_key(source)
        self._end_turn(key, "interrupted")
        with self._lock:
            self._ensure_loaded_locked()
            entry = self._entries.get(key)
        suspended = entry is not None and entry.suspended
        woken = self._tell(
            key,
            lambda: self.engine.wake(
                session=key,
                agent=key.split(":")[1],
                provider=PROVIDER,
                source="message",
                reason="suspended" if suspended else None,
                force_fresh=force_new,
                at=_now(),
            ),
        )
        if woken is None:
            return super()._get_or_create_session_impl(source, force_new=force_new)
        planned = woken.plan.session_id if woken.plan else None
        entry = super()._get_or_create_session_impl(source, force_new=force_new)
        agrees = entry.session_id == planned or (
            planned is None and not self._was_bound(key, entry.session_id)
        )
        if woken.plan is None or not agrees:
            mine = woken.plan.because if woken.plan else f"{woken.disposition} {woken.because}"
            self._differ(key, f"takes {entry.session_id}", f"{planned or 'a new one'}: {mine}")
        if self.authority and not agrees:
            entry = super().switch_session(key, planned) if planned else super().reset_session(key)
        if woken.attempt is not None and woken.fence is not None:
            cursor = self.engine.session(session=key).cursor
            turn = Turn(key, woken.attempt, woken.fence, cursor)
            self._turn_of_key[key] = self._turn_of_id[entry.session_id] = turn
        return entry

    def append_to_transcript(
        self, session_id: str, message: Dict[str, Any], skip_db: bool = False
    ) -> None:
        if not self.may_write(session_id) and self.authority:
            return
        super().append_to_transcript(session_id, message, skip_db)
        turn = self._turn_of_id.get(session_id)
        if turn is None or not turn.is_open:
            return
        flushed = self._tell(
            turn.key,
            lambda: self.engine.flush(
                session=turn.key, fence=turn.fence, from_=turn.cursor, to=turn.cursor + 1, at=_now()
            ),
        )
        if flushed is not None:
            turn.cursor = flushed.cursor

    def update_session(self, session_key: str, last_prompt_tokens: Optional[int] = None) -> None:
        super().update_session(session_key, last_prompt_tokens)
        self._end_turn(session_key, "succeeded")

    def mark_resume_pending(self, session_key: str, reason: str = "restart_timeout") -> bool:
        self._end_turn(session_key, "interrupted")
        return super().mark_resume_pending(session_key, reason)

    def reset_session(self, session_key: str, display_name: Optional[str] = None) -> Any:
        if session_key in self._turn_of_key or self._bound(session_key):
            self._tell(
                session_key,
                lambda: self.engine.reset(session=session_key, because="/new", at=_now()),
            )
        return super().reset_session(session_key, display_name)

    def switch_session(self, session_key: str, target_session_id: str) -> Any:
        self._end_turn(session_key, "interrupted")
        self._tell(
            session_key,
            lambda: self.engine.repair(
                session=session_key,
                expect={},
                set={"sessionId": target_session_id},
                by="hermes",
                why="/resume",
                at=_now(),
            ),
        )
        return super().switch_session(session_key, target_session_id)

    def _end_turn(self, key: str, outcome: Any) -> None:
        turn = self._turn_of_key.get(key)
        if turn is None or not turn.is_open:
            return
        turn.is_open = False
        self._tell(
            key,
            lambda: self.engine.finish(
                attempt=turn.attempt,
                fence=turn.fence,
                outcome=outcome,
                session_id=self.peek_session_id(key),
                turns=1,
                at=_now(),
            ),
        )

    def _tell(self, key: str, tell: Callable[[], T], theirs: Optional[str] = None) -> Optional[T]:
        """Tells the engine something. In shadow nothing that it says keeps the store from its work;
        a right to write that has ended is no difference but where one writes."""
        try:
            return tell()
        except wakelog.StaleFence as stale:
            if theirs:
                self._differ(key, theirs, str(stale))
            return None
        except wakelog.WakelogError as error:
            if self.authority:
                raise
            self._differ(key, theirs or "goes on", str(error))
            return None

    def _bound(self, key: str) -> Optional[str]:
        def bound() -> Optional[wakelog.Binding]:
            try:
                return self.engine.session(session=key).bound
            except wakelog.NotFound:
                return None

        found = self._tell(key, bound)
        return found.session_id if found else None

    def _was_bound(self, key: str, session_id: str) -> bool:
        return any(
            event.kind == "session.bound" and event.json.get("sessionId") == session_id
            for event in self.engine.events(session=key)
        )

    def _differ(self, key: str, theirs: str, ours: str) -> None:
        self.differences.append(Difference(key, theirs, ours))
        logging.getLogger("wakelog").warning("%s: Hermes %s; Wakelog: %s", key, theirs, ours)


def _now() -> datetime.datetime:
    """The clock of Hermes, which has no zone of its own."""
    return hermes._now().astimezone()
