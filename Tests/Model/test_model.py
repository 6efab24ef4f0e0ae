"""Tests of the search itself: it finds each mutant, cuts one short, and finds nothing else.

    WAKELOG_CLI=.build/release/wakelog python3 Tests/Model/test_model.py
"""

from __future__ import annotations

import os
import sys
import time
import unittest
from typing import Optional, Type

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import facts
from compare import play
from model import Model
from mutants import MUTANTS, MergingForgetsDemands
from run import Outcome, explore, shortest
from values import Moment, moment

WAKELOG = os.environ.get("WAKELOG_CLI", ".build/release/wakelog")
SEEDS, CALLS = 300, 60
#: Whether all mutants are tried, or two that are soon found.
IS_WHOLE = os.environ.get("WAKELOG_MUTANTS") == "all"


def found(make: Type[Model], seeds: int = SEEDS) -> Optional[Outcome]:
    for seed in range(1, seeds + 1):
        outcome = explore(WAKELOG, "any", seed, CALLS, make)
        if outcome.found:
            if make is not Model:  # It is the mutant's own fault.
                assert play(WAKELOG, outcome.steps) is None, seed
            return outcome
    return None


@unittest.skipUnless(os.access(WAKELOG, os.X_OK), f"no {WAKELOG}; set WAKELOG_CLI")
class Search(unittest.TestCase):
    def test_classifier_reads_the_facts_as_they_are_meant(self) -> None:
        facts.check(WAKELOG)

    def test_every_mutant_is_found(self) -> None:
        for mutant in MUTANTS if IS_WHOLE else MUTANTS[2:4]:
            with self.subTest(mutant.__name__):
                began = time.monotonic()
                outcome = found(mutant)
                self.assertIsNotNone(outcome, f"{SEEDS} seeds did not find it")
                assert outcome and outcome.found
                print(f"{mutant.__name__}: {outcome.found.where}, "
                      f"{time.monotonic() - began:.1f} s", file=sys.stderr)

    def test_a_difference_is_cut_short(self) -> None:
        outcome = found(MergingForgetsDemands)
        assert outcome
        script = shortest(WAKELOG, outcome, MergingForgetsDemands)
        self.assertLessEqual(script.count('"method"'), 6, script)
        self.assertGreater(len(outcome.steps), script.count('"method"'))

    def test_same_seed_makes_the_same_calls(self) -> None:
        one, other = (explore(WAKELOG, "standard", 7, 40) for _ in range(2))
        self.assertEqual(one.steps, other.steps)

    def test_engine_and_model_agree(self) -> None:
        outcome = found(Model, seeds=10)
        self.assertIsNone(outcome and outcome.found)


class Times(unittest.TestCase):
    def test_texts_and_moments(self) -> None:
        for text in ("2026-03-10T10:00:00+01:00", "2026-03-10T10:00:00-05:00",
                     "2026-12-31T23:59:59.250+05:30"):
            self.assertEqual(moment(text).text(), text)

    def test_daily_hour_is_of_the_offset(self) -> None:
        at = moment("2026-03-10T03:59:59+01:00")
        self.assertEqual(at.at_hour(4).text(), "2026-03-09T04:00:00+01:00")
        self.assertEqual(at.later(1).at_hour(4).text(), "2026-03-10T04:00:00+01:00")
        self.assertEqual(Moment(0).text(), "1970-01-01T00:00:00+00:00")


if __name__ == "__main__":
    unittest.main()
