"""Numbers that the engine draws, times and errors: what every other file here speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional

Json = Any
Params = Dict[str, Json]


class Ref:
    """A sequence number or a fence that only the engine knows.

    The model gives each its own identity; `compare.Names` learns which value the engine drew.
    """

    made = 0

    def __init__(self, kind: str) -> None:
        self.kind = kind
        Ref.made += 1
        self.order = Ref.made

    def __repr__(self) -> str:
        return f"<{self.kind}>"


class Unmodelled:
    """Stands in a model's answer for a value that the model says nothing about."""

    def __repr__(self) -> str:
        return "<anything>"


ANY = Unmodelled()


class Refusal(Exception):
    """An error of the protocol: a JSON-RPC number, or the code in `data.code`."""

    def __init__(self, code: object, **data: Json) -> None:
        super().__init__(str(code))
        self.code = code
        self.data = data


WRONG_PARAMETERS = -32602


@dataclass(frozen=True)
class Moment:
    """A time in milliseconds since the epoch, and the offset in minutes it was said in.

    `said` is the call's own time, where the rules of a key go by a later one.
    """

    milliseconds: int
    offset: int = 0
    said: Optional[int] = None

    @property
    def spoken(self) -> "Moment":
        """What the call said, where a key's rules went by a later time."""
        return self if self.said is None else Moment(self.said, self.offset)

    def text(self) -> str:
        zone = timezone(timedelta(minutes=self.offset))
        base = datetime(1970, 1, 1, tzinfo=timezone.utc)
        when = (base + timedelta(milliseconds=self.milliseconds)).astimezone(zone)
        fraction = f".{when.microsecond // 1000:03d}" if when.microsecond else ""
        sign, minutes = ("-", -self.offset) if self.offset < 0 else ("+", self.offset)
        clock = when.strftime("%Y-%m-%dT%H:%M:%S")
        return f"{clock}{fraction}{sign}{minutes // 60:02d}:{minutes % 60:02d}"

    def later(self, seconds: int) -> "Moment":
        return Moment(self.milliseconds + seconds * 1000, self.offset)

    def at_hour(self, hour: int) -> "Moment":
        """The latest HH:00 of this moment's own offset that is not after it."""
        day = 86_400_000
        local = self.milliseconds + self.offset * 60_000
        mark = local - local % day + hour * 3_600_000
        if mark > local:
            mark -= day
        return Moment(mark - self.offset * 60_000, self.offset)


_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d):(\d\d)$")


def moment(text: Json) -> Moment:
    """Reads `at`: RFC 3339 with an offset, or milliseconds since the epoch."""
    if isinstance(text, int):
        return Moment(text)
    match = _RFC3339.match(text)
    assert match, text
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    offset = int(match.group(9)) * 60 + int(match.group(10))
    if match.group(8) == "-":
        offset = -offset
    whole = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    fraction = int(((match.group(7) or "") + "000")[:3])
    return Moment(int(whole.timestamp()) * 1000 + fraction - offset * 60_000, offset)


def optional_text(at: Optional[Moment]) -> Optional[str]:
    return None if at is None else at.text()


def without_nulls(params: Params) -> Params:
    """A parameter that is null counts as left out."""
    return {name: value for name, value in params.items() if value is not None}


def strings(values: Json) -> List[str]:
    return [str(value) for value in values]
