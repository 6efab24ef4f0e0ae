"""The policy document: defaults, and what it says of one key by its overrides."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Dict, List, Optional

from values import Json, strings

DEFAULTS: Dict[str, Json] = {
    "reset": {
        "reasons": [], "unscopedTimer": False, "idleSeconds": None, "dailyAtHour": None,
        "exemptSources": ["timer", "cron", "event", "recovery"], "rotate": None,
        "invalidateOn": ["authProfile", "authEpoch", "mcp", "cwd"], "explicitResumeWins": False,
    },
    "resume": {"unscopedFallsBackToAgent": False, "boundToHost": False},
    "fallback": {"maxAttempts": 3, "suspectLimit": 2, "inUse": "beside"},
    "lease": {"seconds": None},
    "attention": {"silentSeconds": 3600, "stuckSeconds": 120},
}


@dataclass
class Rules:
    """What the policy in force says of one key, agent and provider."""

    reasons: List[str]
    unscoped_timer: bool
    idle_seconds: Optional[int]
    daily_at_hour: Optional[int]
    exempt_sources: List[str]
    rotate: Optional[Dict[str, int]]
    invalidate_on: List[str]
    explicit_resume_wins: bool
    falls_back_to_agent: bool
    bound_to_host: bool
    max_attempts: int
    suspect_limit: int
    in_use: str
    lease_seconds: Optional[int]


@dataclass
class Policy:
    document: Json = field(default_factory=dict)

    def rules(self, session: str, agent: str, provider: str) -> Rules:
        parts = copy.deepcopy(DEFAULTS)
        for name in parts:
            parts[name].update(self.document.get(name) or {})
        for override in self.document.get("overrides") or []:
            match = override["match"]
            if (match.get("provider", provider) == provider
                    and match.get("agent", agent) == agent
                    and session.startswith(match.get("sessionPrefix", ""))):
                for name in parts:
                    parts[name].update(override.get(name) or {})
                break
        reset, resume, fallback = parts["reset"], parts["resume"], parts["fallback"]
        return Rules(
            reasons=strings(reset["reasons"]),
            unscoped_timer=bool(reset["unscopedTimer"]),
            idle_seconds=reset["idleSeconds"],
            daily_at_hour=reset["dailyAtHour"],
            exempt_sources=strings(reset["exemptSources"]),
            rotate=reset["rotate"],
            invalidate_on=strings(reset["invalidateOn"]),
            explicit_resume_wins=bool(reset["explicitResumeWins"]),
            falls_back_to_agent=bool(resume["unscopedFallsBackToAgent"]),
            bound_to_host=bool(resume["boundToHost"]),
            max_attempts=int(fallback["maxAttempts"]),
            suspect_limit=int(fallback["suspectLimit"]),
            in_use=str(fallback["inUse"]),
            lease_seconds=parts["lease"]["seconds"],
        )
