#!/usr/bin/env python3
"""Kills `wakelog run` again and again, while its CLI hangs in one session: there must never be two
CLIs in it. Counted are process groups, by a variable that all that a CLI starts inherits.

    Tests/RunStorm/storm.py --wakelog .build/release/wakelog --kills 200
"""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

# Half of them leave what they have started behind when they die.
CLI = """#!/bin/sh
echo '{"type":"system","subtype":"init","session_id":"id-of-the-storm"}'
echo '{"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"x"}]}}'
if [ "$LEAVES" = 1 ]; then sleep 600 & wait; fi
exec sleep 600
"""


def groups(mark):
    """The process groups of all that has a mark in its environment."""
    found = set()
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                fields = (folder / "stat").read_text().rpartition(") ")[2].split()
                if fields[0] not in "ZX" and (folder / "comm").read_text() != "wakelog\n":
                    found.add(int(fields[2]))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wakelog", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    most = held = began = 0
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        cli = folder / "claude"
        cli.write_text(CLI)
        cli.chmod(0o755)
        mark = f"STORM={folder}".encode()
        call = [options.wakelog, "run", "--session", "s", "--agent", "a", "--provider", "claude",
                "--log", str(folder / "log"), "--lease", "1"]
        words = ["--", str(cli), "-p", "hi", "--output-format", "stream-json", "--verbose"]
        for _ in range(options.kills):
            tool = subprocess.Popen(
                [*call, "--orphans", chance.choice(["end", "refuse"]), *words],
                env={**os.environ, "STORM": str(folder), "LEAVES": chance.choice("01")},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            end = time.monotonic() + chance.uniform(0.02, 0.5)
            while time.monotonic() < end:
                now = len(groups(mark))
                most, began = max(most, now), began + (now > 0)
                time.sleep(0.01)
            held += tool.poll() is not None
            tool.kill()
            tool.wait()
        for group in groups(mark):
            os.killpg(group, signal.SIGKILL)
        sound = subprocess.run(
            [options.wakelog, "verify", "--log", str(folder / "log")], capture_output=True)
    print(f"{options.kills} kills, {held} runs held back, at most {most} CLIs at a time; "
          f"the log is {'sound' if sound.returncode == 0 else 'damaged'}")
    # A storm in which no CLI ever ran has shown nothing.
    sys.exit(0 if most == 1 and began and sound.returncode == 0 else 1)


main()
