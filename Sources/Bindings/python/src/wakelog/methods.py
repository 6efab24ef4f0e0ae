"""The methods of the engine, each declared once for `Engine` and `Client`, waiting and awaiting.

A declaration is a name, parameters and words: what is above it says what the method gives, and
`_declaring` what becomes of a call.

Names are PROTOCOL's in Python's spelling. A parameter that is None is left out. `at` is the time of
a call: a datetime with its offset, milliseconds since 1970, or RFC 3339; left out, the engine reads
its clock. `key` is an idempotency key: the same call with the same key is carried out once.
"""

from __future__ import annotations

import datetime
import functools
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
from ._declaring import Found, listing, method
from ._objects import Object, read
from ._texts import Printed
from .results import Event, Usage, Workspace

if TYPE_CHECKING:
    from ._declaring import Declared, P

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


def _gives(kind: Type[R]) -> Callable[[Declared[P]], Found[P, R, Coroutine[Any, Any, R]]]:
    return lambda declared: method(declared, functools.partial(read, kind))


def _gives_many(
    kind: Type[R],
) -> Callable[[Declared[P]], Found[P, List[R], Coroutine[Any, Any, List[R]]]]:
    return lambda declared: method(declared, lambda json: [read(kind, one) for one in json])


def _lists(
    kind: Type[R], rest: str = "after", position: str = "after"
) -> Callable[[Declared[P]], Found[P, Iterator[R], AsyncIterator[R]]]:
    return lambda declared: listing(declared, kind, rest, position)


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
        payload: Optional[str] = None,
        trace: Optional[str] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Asks to run an agent. When `started`, carry out `plan` and call `finish`.

        `payload` is what the wake asks for, up to 64 KiB: it is kept until its run has ended, and
        comes with that run in `payloads`. `trace` is a W3C `traceparent`. `resume` goes before what
        the key points to: given with every wake it loses what came after that id, which
        `considered` of the plan says."""

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
    ) -> None:
        """Says that the attempt is alive. With `entered` its id counts as proven from here on."""

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
        stdout: Optional[Printed] = None,
        stderr: Optional[Printed] = None,
        message: Optional[Printed] = None,
        status: Optional[int] = None,
        error_code: Optional[str] = None,
        turns: Optional[int] = None,
        resumed: Optional[bool] = None,
        usage: Union[Usage, Mapping[str, Any], None] = None,
        retry_after_seconds: Union[int, float, None] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Ends an attempt with what was seen of it, at least one fact. Unless `settled`, carry out
        `next` and finish that with the same fence.

        `stdout`, `stderr` and `message` may be of any length, and bytes: they are cut to 64 KiB
        together, at both ends, with a mark where something is missing. Until `retry_after_seconds`
        have passed every wake of the session is refused, but for those of a person (`message`,
        `manual`); a success ends the wait."""

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
    ) -> None:
        """Starts the wake of a key that was deferred, if there is one."""

    @_gives(results.Session)
    def cancel(
        self,
        *,
        session: str,
        by: Optional[str] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Drops the wake that waits."""

    @_gives(results.ResetResult)
    def reset(
        self,
        *,
        session: str,
        because: Optional[str] = None,
        if_generation: Optional[int] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Begins a new generation of a key; an open run loses its fence."""

    @_gives(results.Session)
    def abandon(
        self, *, run: int, by: str, why: str, key: Optional[str] = None, at: At = None
    ) -> None:
        """Ends an open run as interrupted."""

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
    ) -> None:
        """Says whether the transcript of an id was seen; without one the id is condemned."""

    @_gives(results.Checked)
    def check(self, *, session: str, fence: str, at: At = None) -> None:
        """Passes while a fence holds, else raises `StaleFence`: to be asked before writing."""

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
    ) -> None:
        """Says that transcript messages `from_` to before `to` were written."""

    @_gives(results.HostResult)
    def host(
        self,
        *,
        host: str,
        version: Optional[str] = None,
        take_over: Optional[bool] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Begins an epoch of a host; the runs of earlier ones end as interrupted. Raises `Busy` while
        another process of this machine has the name and lives, unless it is to be taken over."""

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
    ) -> None:
        """Takes an upgrade of a host one step."""

    @_gives(results.Agent)
    def pause(
        self, *, agent: str, by: Optional[str] = None, key: Optional[str] = None, at: At = None
    ) -> None:
        """Refuses the wakes of an agent from here on."""

    @_gives(results.Agent)
    def unpause(
        self, *, agent: str, by: Optional[str] = None, key: Optional[str] = None, at: At = None
    ) -> None:
        """Lets an agent be woken again."""

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
    ) -> None:
        """Sets what a key points to, if it is as expected; names within are those of the wire."""

    @_gives(results.Session)
    def adopt(
        self,
        *,
        session: str,
        agent: str,
        provider: str,
        session_id: str,
        by: str,
        workspace: Union[Workspace, Mapping[str, Any], None] = None,
        display_id: Optional[str] = None,
        fingerprint: Optional[Mapping[str, Any]] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Points a key to an id that its host had before; raises `Conflict` where the log knows
        something newer."""

    @_gives(results.ReviveResult)
    def revive(
        self,
        *,
        since: Union[datetime.datetime, int, str],
        by: str,
        why: str,
        until: At = None,
        because: Optional[str] = None,
        provider: Optional[str] = None,
        agent: Optional[str] = None,
        dry_run: Optional[bool] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """Takes back condemnations in bulk; keys that found nothing newer point to their ids again.
        With `dry_run` only says which."""

    @_gives(results.RedactResult)
    def redact(
        self, *, seq: int, by: str, why: str, key: Optional[str] = None, at: At = None
    ) -> None:
        """Removes an event's evidence; the log still verifies."""

    @_gives(results.ForgetResult)
    def forget(
        self, *, session: str, by: str, why: str, key: Optional[str] = None, at: At = None
    ) -> None:
        """Removes a session and all that tells of it; the log still verifies."""

    @_gives(results.PolicyResult)
    def policy(
        self,
        *,
        adopt: Optional[Mapping[str, Any]] = None,
        key: Optional[str] = None,
        at: At = None,
    ) -> None:
        """The policy in force; with `adopt`, from here on for every process on the log."""

    @_gives(results.Hello)
    def hello(self, *, at: At = None) -> None:
        """Who answers, and for which log."""

    @_gives(results.Session)
    def session(self, *, session: str, at: At = None) -> None:
        """What is known of a key."""

    @_gives(results.Agent)
    def agent(self, *, agent: str, at: At = None) -> None:
        """What is known of an agent."""

    @_gives(results.Run)
    def run(self, *, run: int, at: At = None) -> None:
        """What is known of a run."""

    @_gives_many(results.AttentionItem)
    def attention(self, *, at: At = None) -> None:
        """What a person may want to look at."""

    @_gives(results.Explanation)
    def why(
        self, *, session: Optional[str] = None, seq: Optional[int] = None, at: At = None
    ) -> None:
        """Why a key, or an event, is as it is."""

    @_lists(results.Session)
    def sessions(
        self,
        *,
        agent: Optional[str] = None,
        status: Optional[Literal["idle", "running", "queued"]] = None,
        limit: Optional[int] = None,
    ) -> None:
        """Every key, read as the iterator goes, `limit` at a time."""

    @_lists(results.Agent)
    def agents(
        self,
        *,
        agent: Optional[str] = None,
        status: Optional[Literal["idle", "running", "paused", "failing"]] = None,
        limit: Optional[int] = None,
    ) -> None:
        """Every agent, read as the iterator goes, `limit` at a time."""

    @_lists(Event, rest="next", position="from")
    def events(
        self,
        *,
        from_: Optional[int] = None,
        to: Optional[int] = None,
        session: Optional[str] = None,
        limit: Optional[int] = None,
    ) -> None:
        """The events there are, read as the iterator goes, `limit` at a time."""
