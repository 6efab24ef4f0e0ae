"""Places where the engine does not do what the protocol says, until one of them is changed.

The model does as the engine does here, so that the search goes on; `--strict` has it go by the
text alone. Each name is asked for where the rule stands.
"""

from __future__ import annotations

from typing import Dict, FrozenSet

KNOWN: Dict[str, str] = {
    "enteredBehindAWall": (
        "`progress` with `entered` does not prove an id that it may not bind (from before a "
        "reset, or of a run that leaves no session), though 'with `entered: true` the id counts "
        "as proven'; a success proves it"),
    "revivesWhatWasLeft": (
        "`revive` points a key to an id that the key had already left for another when it was "
        "condemned, though the other is revived too: 'keys that have found nothing newer'"),
}
ALL: FrozenSet[str] = frozenset(KNOWN)
