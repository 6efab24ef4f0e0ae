#!/usr/bin/env python3
"""What Host adds to a run that no CLI carries out: turns with a function that says nothing, against
wake and finish by hand, one after the other in one process.

    python3 Benchmarks/Bindings/host.py [FOLDER] [TURNS]

FOLDER is where the logs lie: on the disk, a commit waits for it, and in /dev/shm for nothing.
"""

import statistics
import sys
import tempfile
import time

import wakelog


def bare(engine, number):
    woken = engine.wake(session=f"s{number % 50}", agent="a", provider="claude", source="message",
                        lease=60, payload="hi")
    engine.finish(attempt=woken.attempt, fence=woken.fence, outcome="succeeded")


def turn(host, number):
    with host.turn(f"t{number % 50}", "hi") as turn:
        for _ in turn:
            pass


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else None
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    with tempfile.TemporaryDirectory(dir=folder) as place:
        with wakelog.Host(place + "/log", name="h", agent="a", provider="claude",
                          run=lambda turn: None) as host:
            by_hand, by_host = [], []
            # By turns, so that what the machine does meanwhile is done to both.
            for number in range(turns):
                start = time.perf_counter()
                bare(host.engine, number)
                middle = time.perf_counter()
                turn(host, number)
                end = time.perf_counter()
                by_hand.append(middle - start)
                by_host.append(end - middle)
    one, other = (statistics.median(times) * 1e6 for times in (by_hand, by_host))
    print(f"by hand {one:.0f} us, by Host {other:.0f} us, ratio {other / one:.2f}")


main()
