#!/usr/bin/env python3
"""The real agent CLIs against an API of our own: every answer in every form of output, fresh and
resumed. Asserted are the kind of failure that is read out of it, and what it does to the session.

    Tests/RealAgents/run.py --wakelog PATH [--whole] [--only claude]

Without --whole Copilot, which takes seconds to start, is asked a few things only. A CLI whose
wheel cannot be had is skipped, and the report says so.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import agents
import provider_api

# name: (how it is called, what its API answers, the answers asked for without --whole)
AGENTS = {
    "claude": (agents.Claude, provider_api.ANTHROPIC, None),
    "codex": (agents.Codex, provider_api.OPENAI, None),
    "copilot": (agents.Copilot, provider_api.OPENAI, ["ok", "unauthenticated", "pairs"]),
}
SESSION = {"unknownSession", "malformedSession", "archivedSession", "poisonedSession",
           "contextOverflow"}


def classify(wakelog, facts):
    done = subprocess.run([wakelog, "classify"], input=json.dumps({"id": 1, **facts}),
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def fresh(wakelog, name, agent, answer, style, expected):
    """A first call: the kind alone."""
    code, out, err = agent.run(answer, style)
    result = classify(wakelog, {"provider": name, "exitCode": code, "stdout": out, "stderr": err,
                                "resuming": False})
    if result.get("kind") not in expected:
        return f"{result}, not {expected}: {code} {out[-600:]!r} {err[-600:]!r}"
    return None


def resumed(wakelog, name, agent, answer, style, expected):
    """A call that goes well, and one that resumes it and is answered so: the kind, and what became
    of the session."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"

        def call(answer, style):
            words = agent.words(answer, style, None, "hi")
            return subprocess.run(
                [wakelog, "run", "--session", "s", "--agent", "ada", "--provider", name,
                 "--log", str(log), "--", *words], env=agent.environment(answer),
                cwd=agent.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=240)

        def show(*words):
            done = subprocess.run([wakelog, *words, "--log", str(log), "--json"],
                                  capture_output=True, text=True)
            return json.loads(done.stdout)

        first = call("ok", agent.readable)
        bound = show("show", "s")["bound"]
        if first.returncode != 0 or bound is None:
            return f"the first call was no success: {first.returncode} {first.stderr[-600:]!r}"
        second = call(answer, style)
        attempt = show("runs")[-1]["attempts"][0]
        if attempt["asked"] != bound["sessionId"]:
            return f"{bound['sessionId']} was not resumed but {attempt['asked']}"
        kind = (attempt["failure"] or {}).get("kind")
        if kind not in expected:
            return f"{kind}, not {expected}: {second.stdout[-600:]!r} {second.stderr[-600:]!r}"
        after = show("show", "s")
        condemned = [entry["sessionId"] for entry in after["condemned"]]
        if (kind in SESSION) != (bound["sessionId"] in condemned):
            return f"{kind}, and condemned are {condemned}"
        if kind not in SESSION and (after["bound"] or {}).get("sessionId") is None:
            return f"{kind} cost a healthy session"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wakelog", required=True)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--only")
    given = parser.parse_args()
    wakelog = str(pathlib.Path(given.wakelog).resolve())
    port = provider_api.serve()
    jobs = []
    for name, (kind, answers, few) in AGENTS.items():
        if given.only and given.only != name:
            continue
        binary = agents.find(name)
        if binary is None:
            print(f"SKIPPED: {name}; its wheel cannot be had")
            continue
        for answer, (_, expected) in answers.items():
            if few and not given.whole and answer not in few:
                continue
            for style in kind.styles:
                for check in (fresh, resumed):
                    jobs.append((check, name, kind, binary, answer, style, expected))

    def run(job):
        check, name, kind, binary, answer, style, expected = job
        label = f"{name} {answer} {style} {check.__name__}"
        with tempfile.TemporaryDirectory() as folder:
            try:
                wrong = check(wakelog, name, kind(binary, port, folder), answer, style, expected)
            except Exception as error:
                wrong = f"{type(error).__name__}: {error}"
        if wrong:
            print(f"FAIL {label}: {wrong}", flush=True)
        return wrong is None

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, jobs))
    print(f"{sum(done)} passed, {len(done) - sum(done)} failed")
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
