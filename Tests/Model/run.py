"""Compares the engine with the model over seeded sequences of calls.

    python3 Tests/Model/run.py --wakelog .build/release/wakelog --seeds 200

Exit status 1, with a script cut as short as it goes, where they differ.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from typing import List, NamedTuple, Optional

import facts
from compare import Difference, MakeModel, Step, World, play
from engine import Engine
from generate import Generator, document
from model import Model
from shrink import labelled, script, shrink
from values import Json

BUILT_IN = ["standard", "paperclip", "openclaw", "openclaw-2026.4", "archon", "hermes",
            "hermes-2026.6"]


class Outcome(NamedTuple):
    steps: List[Step]
    calls: int
    found: Optional[Difference]


def policy_of(wakelog: str, choice: str, seed: int) -> Json:
    """The document that a sequence begins with."""
    if choice == "any":
        choice = "random" if seed % 3 else BUILT_IN[seed // 3 % len(BUILT_IN)]
    if choice == "random":
        return document(random.Random(seed))
    told = subprocess.run([wakelog, "policy", choice], capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def explore(wakelog: str, choice: str, seed: int, calls: int, make: MakeModel = Model) -> Outcome:
    """Plays one seed's sequence until it ends or the two differ."""
    steps: List[Step] = []
    with Engine(wakelog) as engine:
        world = World(engine, make())
        generator = Generator(seed, world, policy_of(wakelog, choice, seed))
        generator.made = steps
        found = None
        while found is None and len(steps) < calls:
            steps.append(generator.step())
            found = world.play(len(steps) - 1, steps[-1])
        if found is None:
            found = world.end(len(steps) - 1)
        return Outcome(steps, world.calls, found)


def shortest(wakelog: str, outcome: Outcome, make: MakeModel = Model) -> str:
    """The script of what is left of a sequence on which the two differ."""
    def fails(steps: List[Step]) -> bool:
        return play(wakelog, steps, make) is not None

    steps = labelled(outcome.steps)
    if not fails(steps):
        return "it does not fail again: " + json.dumps(steps)
    steps = shrink(steps, fails)
    found = play(wakelog, steps, make)
    assert found
    return script(steps, found, "model-and-engine-differ")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares the engine with a model of the protocol.")
    parser.add_argument("--wakelog", required=True, help="the tool to try")
    parser.add_argument("--seeds", type=int, default=100, help="sequences to play")
    parser.add_argument("--first", type=int, default=1, metavar="SEED")
    parser.add_argument("--calls", type=int, default=60, help="calls in a sequence")
    parser.add_argument("--seconds", type=float, default=None, help="stop after so long")
    parser.add_argument("--policy", default="any", choices=["any", "random"] + BUILT_IN)
    parser.add_argument("--keep-going", action="store_true", help="show every seed that differs")
    options = parser.parse_args()
    facts.check(options.wakelog)
    make: MakeModel = Model
    began, calls, differing, played = time.monotonic(), 0, 0, 0
    for seed in range(options.first, options.first + options.seeds):
        if options.seconds is not None and time.monotonic() - began > options.seconds:
            break
        outcome = explore(options.wakelog, options.policy, seed, options.calls, make)
        calls += outcome.calls
        played += 1
        if outcome.found:
            differing += 1
            print(f"seed {seed} differs:\n{shortest(options.wakelog, outcome, make)}", flush=True)
            if not options.keep_going:
                break
    print(f"{calls} calls of {played} sequences compared in {time.monotonic() - began:.0f} s, "
          f"{differing} sequences differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
