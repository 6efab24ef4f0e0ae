"""The methods of the engine, each declared once for `Engine` and `Client`, waiting and awaiting.

Names are PROTOCOL's in Python's spelling. A parameter that is None is left out. `at` is the time of
a call: a datetime with its offset, milliseconds since 1970, or RFC 3339; left out, the engine reads
its clock. `key` is an idempotency key: the same call with the same key is carried out once.
"""

from __future__ import annotations

import datetime
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterator,
    Callable,
    Coroutine,
    Iterator,
    List,
    Literal,
    Mapping,
    Optional,
    Type,
    TypeVar,
    Union,
)

from . import results
from ._calls import Call, Found, listing, method
from ._json import Object, read
from .results import Event, Usage, Workspace

if TYPE_CHECKING:
    from ._calls import Build, P

R = TypeVar("R", bound=Object)

__all__ = ["At", "Methods", "Outcome", "Source", "Step"]

#: A time.
At = Optional[Union[datetime.datetime, int, str]]
#: Where a wake comes from.
Source = Literal["timer", "message", "assignment", "cron", "manual", "recovery", "event"]
#: How a host says that an attempt ended.
Outcome = Literal["succeeded", "failed", "timedOut", "cancelled", "interrupted"]
#: A step of an upgrade.
Step = Literal["staged", "verified", "failed", "swapped"]


def _gives(kind: Type[R]) -> Callable[[Build[P]], Found[P, R, Coroutine[Any, Any, R]]]:
    return lambda build: method(build, lambda json: read(kind, json))


def _gives_many(
    kind: Type[R],
) -> Callable[[Build[P]], Found[P, List[R], Coroutine[Any, Any, List[R]]]]:
    return lambda build: method(build, lambda json: [read(kind, one) for one in json])


def _lists(
    kind: Type[R], rest: str = "after", position: str = "after"
) -> Callable[[Build[P]], Found[P, Iterator[R], AsyncIterator[R]]]:
    return lambda build: listing(build, kind, rest, position)


class Methods:
    """What a log can be asked and told."""

    @_gives(results.WakeResult)
    def wake(
        self,
        *,
        session: str,
        agent: str,
        provider: str,
        source: Source,
        reason: Optional[str] = None,
        scope: Optional[str] = None,
        workspace: Union[Workspace, Mapping[str, Any], None] = None,
        force_fresh: Optional[bool] = None,
        keep: Optional[bool] = None,
        resume: Optional[str] = None,
        fingerprint: Optional[Mapping[str, Any]] = None,
        transcript: Optional[bool] = None,
        transcripts: Optional[Mapping[str, bool]] = None,
        resumable: Optional[bool] = None,
        lease: Optional[int] = None,
        host: Optional[str] = None,
        epoch: Optional[int] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Asks to run an agent. When `started`, carry out `plan` and call `finish`."""
        return Call.of("wake", locals())

    @_gives(results.ProgressResult)
    def progress(
        self,
        *,
        attempt: int,
        fence: str,
        session_id: Optional[str] = None,
        entered: Optional[bool] = None,
        pid: Optional[int] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Says that the attempt is alive. With `entered` its id counts as proven from here on."""
        return Call.of("progress", locals())

    @_gives(results.FinishResult)
    def finish(
        self,
        *,
        attempt: int,
        fence: str,
        outcome: Optional[Outcome] = None,
        session_id: Optional[str] = None,
        params: Optional[Mapping[str, Any]] = None,
        display_id: Optional[str] = None,
        exit_code: Optional[int] = None,
        signal: Union[int, str, None] = None,
        stdout: Optional[str] = None,
        stderr: Optional[str] = None,
        message: Optional[str] = None,
        status: Optional[int] = None,
        error_code: Optional[str] = None,
        turns: Optional[int] = None,
        resumed: Optional[bool] = None,
        usage: Union[Usage, Mapping[str, int], None] = None,
        retry_after_seconds: Union[int, float, None] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Ends an attempt with what was seen of it. Unless `settled`, carry out `next` and finish
        that with the same fence."""
        return Call.of("finish", locals())

    @_gives(results.WakeResult)
    def next(
        self,
        *,
        session: str,
        host: Optional[str] = None,
        epoch: Optional[int] = None,
        lease: Optional[int] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Starts the wake of a key that was deferred, if there is one."""
        return Call.of("next", locals())

    @_gives(results.Session)
    def cancel(
        self,
        *,
        session: str,
        by: Optional[str] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Drops the wake that waits."""
        return Call.of("cancel", locals())

    @_gives(results.ResetResult)
    def reset(
        self,
        *,
        session: str,
        because: Optional[str] = None,
        if_generation: Optional[int] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Begins a new generation of a key; an open run loses its fence."""
        return Call.of("reset", locals())

    @_gives(results.Session)
    def abandon(
        self, *, run: int, by: str, why: str, key: Optional[str] = None, at: At = None
    ) -> Call:
        """Ends an open run as interrupted."""
        return Call.of("abandon", locals())

    @_gives(results.Session)
    def probe(
        self,
        *,
        session: str,
        session_id: str,
        exists: bool,
        detail: Optional[str] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Says whether the transcript of an id was seen; without one the id is condemned."""
        return Call.of("probe", locals())

    @_gives(results.Checked)
    def check(self, *, session: str, fence: str, at: At = None) -> Call:
        """Passes while a fence holds, else raises `StaleFence`: to be asked before writing."""
        return Call.of("check", locals())

    @_gives(results.FlushResult)
    def flush(
        self,
        *,
        session: str,
        fence: str,
        from_: int,
        to: int,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Says that transcript messages `from_` to before `to` were written."""
        return Call.of("flush", locals())

    @_gives(results.HostResult)
    def host(
        self, *, host: str, version: Optional[str] = None, key: Optional[str] = None, at: At = None
    ) -> Call:
        """Begins an epoch of a host; the runs of earlier ones end as interrupted."""
        return Call.of("host", locals())

    @_gives(results.UpgradeResult)
    def upgrade(
        self,
        *,
        host: str,
        to: str,
        step: Step,
        detail: Optional[str] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Takes an upgrade of a host one step."""
        return Call.of("upgrade", locals())

    @_gives(results.Agent)
    def pause(
        self, *, agent: str, by: Optional[str] = None, key: Optional[str] = None, at: At = None
    ) -> Call:
        """Refuses the wakes of an agent from here on."""
        return Call.of("pause", locals())

    @_gives(results.Agent)
    def unpause(
        self, *, agent: str, by: Optional[str] = None, key: Optional[str] = None, at: At = None
    ) -> Call:
        """Lets an agent be woken again."""
        return Call.of("unpause", locals())

    @_gives(results.Session)
    def repair(
        self,
        *,
        session: str,
        expect: Mapping[str, Any],
        set: Mapping[str, Any],
        by: str,
        why: str,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """Sets what a key points to, if it is as expected; names within are those of the wire."""
        return Call.of("repair", locals())

    @_gives(results.RedactResult)
    def redact(
        self, *, seq: int, by: str, why: str, key: Optional[str] = None, at: At = None
    ) -> Call:
        """Removes an event's evidence; the log still verifies."""
        return Call.of("redact", locals())

    @_gives(results.PolicyResult)
    def policy(
        self,
        *,
        adopt: Optional[Mapping[str, Any]] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> Call:
        """The policy in force; with `adopt`, from here on for every process on the log."""
        return Call.of("policy", locals())

    @_gives(results.Hello)
    def hello(self, *, at: At = None) -> Call:
        """Who answers, and for which log."""
        return Call.of("hello", locals())

    @_gives(results.Session)
    def session(self, *, session: str, at: At = None) -> Call:
        """What is known of a key."""
        return Call.of("session", locals())

    @_gives(results.Agent)
    def agent(self, *, agent: str, at: At = None) -> Call:
        """What is known of an agent."""
        return Call.of("agent", locals())

    @_gives(results.Run)
    def run(self, *, run: int, at: At = None) -> Call:
        """What is known of a run."""
        return Call.of("run", locals())

    @_gives_many(results.AttentionItem)
    def attention(self, *, at: At = None) -> Call:
        """What a person may want to look at."""
        return Call.of("attention", locals())

    @_gives(results.Explanation)
    def why(
        self, *, session: Optional[str] = None, seq: Optional[int] = None, at: At = None
    ) -> Call:
        """Why a key, or an event, is as it is."""
        return Call.of("why", locals())

    @_lists(results.Session)
    def sessions(
        self,
        *,
        agent: Optional[str] = None,
        status: Optional[Literal["idle", "running", "queued"]] = None,
        limit: Optional[int] = None,
    ) -> Call:
        """Every key, read as the iterator goes, `limit` at a time."""
        return Call.of("sessions", locals())

    @_lists(results.Agent)
    def agents(
        self,
        *,
        agent: Optional[str] = None,
        status: Optional[Literal["idle", "running", "paused", "failing"]] = None,
        limit: Optional[int] = None,
    ) -> Call:
        """Every agent, read as the iterator goes, `limit` at a time."""
        return Call.of("agents", locals())

    @_lists(Event, rest="next", position="from")
    def events(
        self,
        *,
        from_: Optional[int] = None,
        to: Optional[int] = None,
        session: Optional[str] = None,
        limit: Optional[int] = None,
    ) -> Call:
        """The events there are, read as the iterator goes, `limit` at a time."""
        return Call.of("events", locals())
