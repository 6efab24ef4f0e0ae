"""Seeded call sequences, biased toward collisions: few keys, few ids, few hosts, small steps."""

from __future__ import annotations

import random
from typing import Callable, Dict, List, Optional, Tuple

from compare import Step, World
from facts import FAILURES
from limits import SOURCES
from model import CHANGING
from state import Run, Session
from values import Json, Moment, Params, Ref, moment

AGENT_OF = {"a/1": "ada", "a/2": "ada", "b/1": "bob", "b/2": "ada"}
IDS = ["x", "y", "z"]
PLACES: List[Json] = [
    {"path": "/srv/app", "kind": "project"}, {"path": "/srv/lib", "kind": "project"},
    {"path": "/home/ada", "kind": "home"}, {"path": "/home/bob", "kind": "home"},
    {"path": "/srv/app", "kind": "worktree"}, {"path": "/tmp/o", "kind": "other"},
]
STEPS = [0, 0, 1, 1, 2, 5, 30, 31, 60, 119, 300, 301, 600, 1800, 3600, 3601, 7200, 40_000, 86_401]
OFFSETS = [0, 0, 0, 60, -300, 330]
EXOTIC = ["/new", "/reset", "issue_assigned", "r1", "plan-to-execute"]
START = 1_773_136_800_000


class Generator:
    """Makes the next call from what the model knows, so that most calls mean something."""

    def __init__(self, seed: int, world: World, policy: Json) -> None:
        self.random = random.Random(seed)
        self.first_policy = policy
        self.world = world
        self.now = self.latest = START
        # The clock of some steps back, by an hour at most: what the protocol says of more is
        # left out.
        self.goes_back = self.random.random() < 0.2
        self.offset = self.random.choice(OFFSETS)
        self.count = 0
        pick = self.random.sample
        self.keys = pick(sorted(AGENT_OF), self.random.choice([1, 2, 2, 3, 4]))
        self.providers = pick(["claude", "codex", "gemini"], self.random.choice([1, 1, 1, 2]))
        self.weights = self.shares()

    def shares(self) -> List[Tuple[Callable[[], Step], float]]:
        """Each sequence has habits of its own: some calls are rare in it, or never made."""
        rare = self.random.choice
        return [
            (self.wake, 10), (self.finish, 12), (self.progress, rare([0, 1, 3])),
            (self.next, rare([1, 4])), (self.cancel, rare([0, 0.5])),
            (self.reset, rare([0, 0.5, 1.5])), (self.abandon, rare([0, 0.5, 1])),
            (self.probe, rare([0, 0.5, 1])), (self.check, rare([0, 0.3])),
            (self.flush, rare([0, 0.6])), (self.host, rare([0, 0.3, 1])),
            (self.pause, rare([0, 0, 0.6])), (self.repair, rare([0, 0, 0.7])),
            (self.adopt, rare([0, 0, 0.7])), (self.revive, rare([0, 0, 0.5])),
            (self.policy, rare([0, 0, 0.1])), (self.nonsense, 0.2), (self.again, rare([0, 0.5])), (self.restart, rare([0, 0.05])),
        ]

    def step(self) -> Step:
        self.count += 1
        if self.count == 1:
            return {"method": "policy", "params": {
                "adopt": self.first_policy, "at": Moment(START, 0).text()}}
        if self.goes_back and self.chance(0.15):
            self.now = max(self.now - self.random.choice(STEPS) * 1000, self.latest - 3_600_000)
        elif self.chance(0.8):
            self.now += self.random.choice(STEPS) * 1000
        self.latest = max(self.latest, self.now)
        if self.chance(0.05):
            self.offset = self.random.choice(OFFSETS)
        makers = [maker for maker, _ in self.weights]
        shares = [share for _, share in self.weights]
        step = self.random.choices(makers, shares)[0]()
        if "params" in step and "at" not in step["params"]:
            step["params"]["at"] = Moment(self.now, self.offset).text()
            if self.chance(0.06) and step["method"] in CHANGING:
                step["params"]["key"] = f"k{self.count}"
        return step

    # Choices

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, values: List[Json]) -> Json:
        return self.random.choice(values)

    def key(self) -> str:
        return self.random.choice(self.keys)

    def id(self) -> str:
        return self.one(IDS) if self.chance(0.85) else f"n{self.count}"

    def label(self, reference: Ref) -> Optional[str]:
        return self.world.labels.get(reference)

    def open_runs(self) -> List[Run]:
        sessions = self.world.model.log.sessions.values()
        return [session.open_run for session in sessions if session.open_run]

    def some_run(self) -> Optional[Run]:
        """Mostly an open run; now and then one that has ended."""
        runs = self.open_runs()
        if self.chance(0.05) or not runs:
            runs = list(self.world.model.log.runs.values())[-4:]
        return self.random.choice(runs) if runs else None

    # Calls

    def wake(self) -> Step:
        key = self.key()
        params: Params = {
            "session": key, "agent": AGENT_OF[key], "provider": self.one(self.providers),
            "source": "message" if self.chance(0.5) else self.one(SOURCES),
        }
        if self.chance(0.01):
            params["agent"] = "eve"
        optional: List[Tuple[str, float, Callable[[], Json]]] = [
            ("reason", 0.15, lambda: self.one(EXOTIC)),
            ("scope", 0.3, lambda: self.one(["T", "U"])),
            ("workspace", 0.3, lambda: self.one(PLACES)),
            ("forceFresh", 0.08, lambda: self.chance(0.8)),
            ("keep", 0.06, lambda: self.chance(0.8)),
            ("resume", 0.2, self.id),
            ("fingerprint", 0.25, self.fingerprint),
            ("transcript", 0.06, lambda: self.chance(0.5)),
            ("transcripts", 0.08, lambda: {self.id(): self.chance(0.4)}),
            ("resumable", 0.06, lambda: self.chance(0.3)),
            ("lease", 0.15, lambda: self.one([1, 30, 60, 600])),
            ("host", 0.25, lambda: self.one(["h1", "h2"])),
            ("payload", 0.15, lambda: f"p{self.count}"),
            ("trace", 0.03, lambda: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ]
        for name, share, make in optional:
            if self.chance(share):
                params[name] = make()
        self.add_epoch(params)
        return {"method": "wake", "params": params}

    def nonsense(self) -> Step:
        """A wake that is wrong in one place, and must change nothing."""
        step = self.wake()
        wrong: Params = self.one([
            {"forcefresh": True}, {"session": ""}, {"source": "sometimes"}, {"agent": None},
            {"resume": "x" * 1025}, {"session": "\u00e9" * 513}, {"at": 1_773_136_800},
            {"forceFresh": "yes"}, {"host": ""}])
        step["params"].update(wrong)
        return step

    def add_epoch(self, params: Params) -> None:
        current = self.world.model.log.epochs.get(params.get("host", ""), 0)
        if "host" in params and self.chance(0.3):
            params["epoch"] = max(0, current - 1) if self.chance(0.2) else current

    def fingerprint(self) -> Json:
        names = ["mcp", "model", "cwd", "systemPrompt"]
        print_: Dict[str, str] = {}
        for name in self.random.sample(names, self.random.choice([1, 2, 2])):
            print_[name] = self.one(["1", "1", "1", "2"])
        if self.chance(0.1):
            print_["version"] = self.one(["1", "2"])
        return print_

    def finish(self) -> Step:
        run = self.some_run()
        fence = self.label(run.fence) if run else None
        attempt = self.label(run.current.ref) if run else None
        if run is None or not fence or not attempt:
            return self.wake()
        if self.chance(0.02):
            attempt = self.label(run.attempts[0].ref) or attempt
        params: Params = {"attempt": attempt, "fence": fence}
        params.update(self.success(run) if self.chance(0.45) else self.failure(run))
        if self.chance(0.15):
            params["usage"] = {
                "inputTokens": self.one([5, 60, 100, 101]), "cachedTokens": self.one([0, 1, 5]),
                "outputTokens": self.one([3, 30])}
            if self.chance(0.4):
                params["usage"]["total"] = self.one([True, ["outputTokens"]])
        return {"method": "finish", "params": params}

    def reported(self, run: Run) -> str:
        asked = run.current.plan.name
        return asked.text if asked and self.chance(0.6) else self.id()

    def success(self, run: Run) -> Params:
        params: Params = {"exitCode": 0}
        if self.chance(0.1):
            params = {"outcome": "succeeded"}
        if self.chance(0.85):
            params["turns"] = 0 if self.chance(0.12) else 2
        if self.chance(0.85):
            params["sessionId"] = self.reported(run)
        if self.chance(0.2):
            params["stdout"] = "done"
        if self.chance(0.1):
            params["resumed"] = self.chance(0.3)
        if self.chance(0.1):
            params["params"] = {"n": self.one([1, 2])}
        if self.chance(0.1):
            params["displayId"] = self.one(["d", "e"])
        return params

    def failure(self, run: Run) -> Params:
        facts, _ = self.random.choice(FAILURES)
        params: Params = dict(facts)
        if self.chance(0.8):
            params["turns"] = 0 if self.chance(0.8) else 2
        if self.chance(0.3):
            params["sessionId"] = self.reported(run)
        if self.chance(0.12):
            params["retryAfterSeconds"] = self.one([30, 60, 600])
        return params

    def progress(self) -> Step:
        run = self.some_run()
        fence = self.label(run.fence) if run else None
        attempt = self.label(run.current.ref) if run else None
        if run is None or not fence or not attempt:
            return self.wake()
        params: Params = {"attempt": attempt, "fence": fence}
        if self.chance(0.7):
            params["sessionId"] = self.reported(run)
        if self.chance(0.6):
            params["entered"] = self.chance(0.8)
        return {"method": "progress", "params": params}

    def next(self) -> Step:
        params: Params = {"session": self.key()}
        if self.chance(0.15):
            params["host"] = self.one(["h1", "h2"])
        if self.chance(0.1):
            params["lease"] = self.one([30, 600])
        self.add_epoch(params)
        return {"method": "next", "params": params}

    def cancel(self) -> Step:
        return {"method": "cancel", "params": {"session": self.key()}}

    def reset(self) -> Step:
        params: Params = {"session": self.key()}
        if self.chance(0.2):
            params["ifGeneration"] = self.one([1, 2])
        return {"method": "reset", "params": params}

    def abandon(self) -> Step:
        run = self.some_run()
        label = self.label(run.ref) if run else None
        pending = [session.pending for session in self.world.model.log.sessions.values()
                   if session.pending]
        if pending and self.chance(0.1):
            label = self.label(pending[0].wakes[0])
        if not label:
            return self.wake()
        return {"method": "abandon", "params": {"run": label, "by": "op", "why": "w"}}

    def probe(self) -> Step:
        params = {"session": self.key(), "sessionId": self.id(), "exists": self.chance(0.3)}
        return {"method": "probe", "params": params}

    def fence(self) -> Tuple[str, Json]:
        run = self.some_run()
        fence = self.label(run.fence) if run else None
        if run is None or not fence or self.chance(0.05):
            return self.key(), "no such fence"
        return run.session, fence

    def check(self) -> Step:
        session, fence = self.fence()
        return {"method": "check", "params": {"session": session, "fence": fence}}

    def flush(self) -> Step:
        session, fence = self.fence()
        known = self.world.model.log.sessions.get(session)
        start = known.cursor if known and self.chance(0.8) else self.one([0, 1, 2])
        return {"method": "flush", "params": {
            "session": session, "fence": fence, "from": start, "to": start + self.one([1, 2])}}

    def host(self) -> Step:
        return {"method": "host", "params": {"host": self.one(["h1", "h2"])}}

    def pause(self) -> Step:
        agents = self.world.model.log.agents.values()
        paused = [agent.name for agent in agents if agent.is_paused]
        if paused and self.chance(0.8):
            return {"method": "unpause", "params": {"agent": self.one(paused)}}
        return {"method": "pause", "params": {"agent": AGENT_OF[self.key()]}}

    def repair(self) -> Step:
        expect: Params = {}
        if self.chance(0.3):
            expect["lastRun"] = self.one(["succeeded", "failed"])
        if self.chance(0.3):
            expect["sessionId"] = self.id()
        text = self.id()
        change = self.one([{"sessionId": text}, {"sessionId": None}, {"revive": text},
                           {"sessionId": text, "revive": text}])
        return {"method": "repair", "params": {
            "session": self.key(), "expect": expect, "set": change, "by": "op", "why": "w"}}

    def adopt(self) -> Step:
        key = self.key()
        params: Params = {"session": key, "agent": AGENT_OF[key], "sessionId": self.id(),
                          "provider": self.one(self.providers), "by": "op"}
        if self.chance(0.3):
            params["workspace"] = self.one(PLACES)
        if self.chance(0.3):
            params["fingerprint"] = self.fingerprint()
        if self.chance(0.3):
            params["displayId"] = "d"
        return {"method": "adopt", "params": params}

    def revive(self) -> Step:
        back = self.one([0, 60, 3600, 86_400])
        params: Params = {"since": Moment(self.now - back * 1000, 0).text(),
                          "by": "op", "why": "w"}
        if self.chance(0.3):
            params["because"] = self.one(["suspect", "unknownSession", "missingTranscript"])
        if self.chance(0.2):
            params["dryRun"] = True
        return {"method": "revive", "params": params}

    def again(self) -> Step:
        """An earlier call with an idempotency key is made once more, or another under its key."""
        day_before = self.now - 86_400_000  # Keys are kept for 24 hours at least.
        first: Dict[str, Step] = {}
        for step in self.made:
            if "key" in step.get("params", {}):
                first.setdefault(step["params"]["key"], step)
        earlier = [step for step in first.values()
                   if moment(step["params"]["at"]).milliseconds >= day_before]
        if not earlier:
            return self.wake()
        step = self.random.choice(earlier)
        params = dict(step["params"], at=Moment(self.now, self.offset).text())
        if self.chance(0.1):
            return {"method": "cancel", "params": {
                "session": self.key(), "at": params["at"], "key": params["key"]}}
        return {"method": step["method"], "params": params}

    def policy(self) -> Step:
        return {"method": "policy", "params": {"adopt": document(self.random)}}

    def restart(self) -> Step:
        return {"restart": self.one(["kill", "eof"])}

    made: List[Step] = []


def document(random_: random.Random) -> Json:
    """A valid policy document."""
    chance = random_.random
    reset: Params = {"reasons": random_.sample(EXOTIC, random_.choice([0, 1, 2]))}
    if chance() < 0.3:
        reset["unscopedTimer"] = True
    if chance() < 0.4:
        reset["idleSeconds"] = random_.choice([1, 60, 300, 3600])
    if chance() < 0.3:
        reset["dailyAtHour"] = random_.choice([0, 4, 11, 23])
    if chance() < 0.4:
        reset["exemptSources"] = random_.sample(SOURCES, random_.choice([0, 1, 4]))
    if chance() < 0.4:
        limits: Params = {"runs": random_.choice([1, 2, 3]),
                          "inputTokens": random_.choice([60, 100]),
                          "ageSeconds": random_.choice([1, 300, 3600])}
        reset["rotate"] = {name: limits[name] for name in random_.sample(
            sorted(limits), random_.choice([1, 2]))}
    if chance() < 0.3:
        reset["invalidateOn"] = random_.sample(["mcp", "model", "cwd"], random_.choice([0, 1, 2]))
    if chance() < 0.3:
        reset["explicitResumeWins"] = True
    made: Params = {"name": "random", "version": 1, "reset": reset}
    made["resume"] = {"unscopedFallsBackToAgent": chance() < 0.4, "boundToHost": chance() < 0.25}
    if chance() < 0.6:
        made["fallback"] = {"maxAttempts": random_.choice([1, 2, 3]),
                            "suspectLimit": random_.choice([1, 2, 3]),
                            "inUse": random_.choice(["beside", "fail"])}
    if chance() < 0.2:
        made["lease"] = {"seconds": random_.choice([60, 600])}
    if chance() < 0.25:
        match = random_.choice([{"provider": "codex"}, {"sessionPrefix": "a/"}, {"agent": "bob"}])
        made["overrides"] = [{"match": match, "reset": {"idleSeconds": 30, "rotate": None}}]
    return made
