"""Cuts a sequence on which model and engine differ down to one that nothing can leave."""

from __future__ import annotations

import copy
import json
import re
from typing import Callable, Dict, List

from compare import Difference, Step
from values import Json

Fails = Callable[[List[Step]], bool]
SAVES = {"f": "fence", "a": "attempt", "r": "run"}
NEEDED = {"session", "agent", "provider", "source", "attempt", "fence", "run", "at", "by", "why",
          "expect", "set", "sessionId", "exists", "from", "to", "since", "host", "outcome",
          "exitCode", "signal", "stdout", "stderr", "message", "status", "errorCode", "adopt"}


def labelled(steps: List[Step]) -> List[Step]:
    """Steps keep the number they were made with, so that names stay theirs."""
    return [{**step, "label": step.get("label", number)} for number, step in enumerate(steps)]


def shrink(steps: List[Step], fails: Fails) -> List[Step]:
    steps = labelled(steps)
    smaller = without_chunks(steps, fails)
    while True:
        simpler = without_parameters(smaller, fails)
        again = without_chunks(simpler, fails)
        if again == smaller:
            return again
        smaller = again


def without_chunks(steps: List[Step], fails: Fails) -> List[Step]:
    size = max(1, len(steps) // 2)
    while True:
        place, shrunk = 0, False
        while place < len(steps):
            candidate = steps[:place] + steps[place + size:]
            if candidate and fails(candidate):
                steps, shrunk = candidate, True
            else:
                place += size
        if size == 1 and not shrunk:
            return steps
        size = max(1, size // 2)


def without_parameters(steps: List[Step], fails: Fails) -> List[Step]:
    for place, step in enumerate(steps):
        for name in list(step.get("params", {})):
            if name == "adopt":
                steps = without_policy(steps, place, fails)
            if name in NEEDED and not (name == "sessionId" and step["method"] == "finish"):
                continue
            candidate = copy.deepcopy(steps)
            del candidate[place]["params"][name]
            if fails(candidate):
                steps = candidate
    return steps


def without_policy(steps: List[Step], place: int, fails: Fails) -> List[Step]:
    """Leaves out what the policy document says, one rule after another."""
    adopted = steps[place]["params"]["adopt"]
    paths = [(part, name) for part, rules in adopted.items() if isinstance(rules, dict)
             for name in rules] + [(part, None) for part in adopted]
    for part, name in paths:
        candidate = copy.deepcopy(steps)
        left = candidate[place]["params"]["adopt"]
        if part in ("name", "version") or (name is not None and part not in left):
            continue
        if name is None:
            left.pop(part, None)
        else:
            left[part].pop(name)
        if fails(candidate):
            steps = candidate
    return steps


def script(steps: List[Step], found: Difference, title: str) -> str:
    """An acceptance script, one step a line; the last step carries what the model says."""
    used = set(re.findall(r"\$([far]\w+)", json.dumps(steps)))
    lines = []
    for step in steps:
        if "restart" in step:
            lines.append(json.dumps({"restart": step["restart"]}))
            continue
        line: Dict[str, Json] = {"method": step["method"], "params": step["params"]}
        save = {}
        for letter, field in SAVES.items():
            if f"{letter}{step['label']}" in used:
                is_next = step["method"] == "finish" and letter == "a"
                save[f"{letter}{step['label']}"] = "next.attempt" if is_next else field
        if save:
            line["save"] = save
        lines.append(json.dumps(line))
    head = json.dumps({"id": title, "title": title, "source": found.where})
    return head[:-1] + ', "steps": [\n  ' + ",\n  ".join(lines) + "\n]}\n" + found.text()
