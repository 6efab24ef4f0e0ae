"""Runs that did not succeed, and wakes that were refused."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from ._objects import NOTHING, read
from .errors import WakelogError
from .results import FinishResult

__all__ = ["Refused", "RunFailed", "failure_facts", "is_lost"]


class RunFailed(Exception):
    """A run did not succeed. It has ended, and the next turn is free to begin."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        result = event.get("result") or NOTHING
        failure = result.get("failure") or NOTHING
        self._event = event
        #: `failed`, `timedOut`, `cancelled` or `interrupted`.
        self.outcome: str = result.get("outcome") or "failed"
        #: The kind of failure, its family, and the entry of the table that decided.
        self.kind: Optional[str] = failure.get("kind")
        self.family: Optional[str] = failure.get("family")
        self.because: Optional[str] = failure.get("because")
        #: What the CLI, or the host, said of it.
        self.said: Optional[str] = event.get("said")
        #: The result of the last attempt.
        self.result = read(FinishResult, result)
        kind = f" ({self.kind})" if self.kind else ""
        said = f": {self.said}" if self.said else ""
        super().__init__(f"the run has {self.outcome}{kind}{said}")

    @property
    def message(self) -> str:
        """How the run ended and what was said of it, in a line."""
        return str(self.args[0])

    def __reduce__(self) -> Any:
        # The base class would make it of its text: errors cross process pools.
        return type(self), (self._event,)


class Refused(Exception):
    """A wake was refused: nothing was started, and nothing kept."""

    def __init__(self, because: Optional[str]) -> None:
        #: `paused`, or `notBefore`.
        self.because = because
        super().__init__(
            "the agent is paused; `unpause` it"
            if because == "paused"
            else "the provider asked to wait; messages and manual wakes are not held back"
            if because == "notBefore"
            else f"the wake was refused: {because}"
        )

    @property
    def message(self) -> str:
        """Why, and what to do next."""
        return str(self.args[0])

    def __reduce__(self) -> Any:
        return type(self), (self.because,)


def failure_facts(error: Exception) -> Dict[str, Any]:
    """What is told of an attempt whose function raised: every library names it in its own way."""
    response = getattr(error, "response", None)
    status = _number(error, ("status_code", "status", "http_status"))
    if status is None:
        status = _number(response, ("status_code", "status"))
    facts = {
        "outcome": "failed",
        "message": f"{type(error).__module__}.{type(error).__qualname__}: {error}",
        "status": status if status is not None and 100 <= status < 600 else None,
        "retry_after_seconds": _retry_after(error, response),
        "exit_code": _number(error, ("exit_code",)),
    }
    for name in ("stderr", "stdout"):
        text = getattr(error, name, None)
        facts[name] = text if isinstance(text, str) else None
    return {name: value for name, value in facts.items() if value is not None}


def _number(thing: Any, names: Any) -> Optional[int]:
    values = (getattr(thing, name, None) for name in names)
    return next((int(one) for one in values if isinstance(one, int) and one is not True), None)


def _retry_after(error: Exception, response: Any) -> Optional[float]:
    """After how many seconds the provider may be asked again, where it said so in seconds."""
    given = getattr(error, "retry_after", None)
    try:
        if given is None:
            given = response.headers.get("retry-after")
        seconds = float(given)
    except (AttributeError, TypeError, ValueError):
        return None
    return seconds if 0 <= seconds < 1e9 else None


#: What is thrown once the run is another's.
_LOST = ("staleFence", "hostSuperseded")


def is_lost(error: BaseException) -> bool:
    """Whether the run is another's by now."""
    return isinstance(error, WakelogError) and error.code in _LOST
