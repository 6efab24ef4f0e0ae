"""What a call costs through the Python package.

    WAKELOG_CLI=.build/release/wakelog /tmp/agents/bin/python Benchmarks/Bindings/python.py

Prints one JSON object a line: `{ "binding", "call", "microseconds" (median), "least", "most" }`.
`noop` is the interpreter's own cost of a call into C: wakelog_version. `hello` and `session` read;
`run` is a wake and its finish, two durable commits; `awaited` is a wake among 256 at a time. The
last ones are over the pipes of `wakelog serve`, where WAKELOG_CLI names the program.
"""

import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time

import wakelog
from wakelog._library import library

ROUNDS = 9
KEYS = itertools.count()


def report(binding, call, rounds):
    """Prints what a call took in each round, in microseconds."""
    print(
        json.dumps(
            {
                "binding": binding,
                "call": call,
                "microseconds": round(statistics.median(rounds), 2),
                "least": round(min(rounds), 2),
                "most": round(max(rounds), 2),
            }
        ),
        flush=True,
    )


def measure(binding, call, count, body):
    """Measures a call that waits."""
    body()
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(count):
            body()
        rounds.append((time.perf_counter() - start) / count * 1e6)
    report(binding, call, rounds)


def run(host, session):
    """A wake that resumes, and its finish."""
    woken = host.wake(session=session, agent="a", provider="claude", source="message")
    host.finish(
        attempt=woken.attempt, fence=woken.fence, exit_code=0, session_id="id-1", turns=1
    )


def waiting(binding, host, count):
    """The calls of a host that waits."""
    run(host, "s")
    measure(binding, "hello", count, host.hello)
    measure(binding, "session", count, lambda: host.session(session="s"))
    measure(binding, "session as JSON", count, lambda: host.call("session", session="s"))
    measure(binding, "run", count // 10, lambda: run(host, "s"))


async def awaiting(binding, host):
    """The calls of a host that awaits many."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await asyncio.gather(
            *[
                host.wake(session=f"{next(KEYS)}", agent="a", provider="claude", source="message")
                for _ in range(256)
            ]
        )
        rounds.append((time.perf_counter() - start) / 256 * 1e6)
    report(binding, "awaited", rounds)


async def serving(program, log):
    """The same over pipes."""
    with wakelog.Client.spawn(log=log, host=None, wakelog=program) as client:
        waiting("python stdio", client, 1_000)
    async with await wakelog.aio.Client.spawn(log=log, host=None, wakelog=program) as client:
        await awaiting("python stdio", client)


def main():
    """Measures all of it."""
    binding = f"python {sys.version_info.major}.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as folder:
        with wakelog.Engine(os.path.join(folder, "log"), host="bench") as engine:
            measure(binding, "noop", 100_000, library().wakelog_version)
            waiting(binding, engine, 5_000)
            asyncio.run(awaiting(binding, wakelog.aio.Engine(engine)))
        program = os.environ.get("WAKELOG_CLI")
        if program:
            asyncio.run(serving(program, os.path.join(folder, "served")))


main()
