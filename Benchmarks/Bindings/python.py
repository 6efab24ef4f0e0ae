"""What a call costs through the Python package, and over the pipes of a server.

See Suite+Bindings.swift for what is asked. With the wheel installed in /tmp/agents:

    swift run -c release wakelog-bench --only bindings \
      --binding '/tmp/agents/bin/python Benchmarks/Bindings/python.py'
"""

import json
import os
import sys
import time

import wakelog
from wakelog._library import library

TOOL = os.path.join(os.path.dirname(__file__), "..", "..", ".build", "release", "wakelog")


def measure(binding, call, count, body):
    """Makes a call so often, and prints what it took."""
    for _ in range(count // 10 + 1):
        body()
    start = time.perf_counter()
    for _ in range(count):
        body()
    microseconds = (time.perf_counter() - start) / count * 1e6
    print(json.dumps({"binding": binding, "call": call, "microseconds": microseconds}))


def run(host):
    """A wake and its finish."""
    woken = host.wake(session="s", agent="a", provider="claude", source="message")
    host.finish(
        attempt=woken.attempt, fence=woken.fence, exit_code=0, session_id="id-1", turns=1
    )


def calls(binding, host, fence, count):
    """The calls of a host."""
    measure(binding, "run", count, lambda: run(host))
    # A result is made into objects as it is asked for.
    measure(binding, "session", count, lambda: host.session(session="s").last_run.outcome)
    measure(binding, "check", count, lambda: host.check(session="checked", fence=fence))


def main(directory, count):
    """Measures all of it."""
    with wakelog.Engine(directory, host="bench") as engine:
        woken = engine.wake(session="checked", agent="a", provider="claude", source="message")
        calls("Python", engine, woken.fence, count)
        measure("Python", "noop", count * 10, library().wakelog_version)
    program = os.environ.get("WAKELOG_CLI", TOOL)
    with wakelog.Client.spawn(log=directory, host=None, wakelog=program) as client:
        calls("Python, stdio", client, woken.fence, count)


main(sys.argv[1], int(sys.argv[2]))
