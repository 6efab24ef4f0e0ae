"""Plays calls to the engine and to the model, and says where their answers differ."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from engine import Engine, EngineEnded
from model import Model
from values import Json, Params, Ref, Refusal, Unmodelled

Step = Dict[str, Json]
MakeModel = Callable[[], Model]


class Difference(NamedTuple):
    step: int
    where: str
    model: Json
    engine: Json

    def text(self) -> str:
        return (f"step {self.step + 1}, {self.where}:\n"
                f"  the model says  {self.model!r}\n  the engine says {self.engine!r}")


class Names:
    """Which number or fence of the engine each reference of the model stands for."""

    def __init__(self) -> None:
        self.values: Dict[Ref, Json] = {}
        self.references: Dict[Json, Ref] = {}

    def same(self, reference: Ref, value: Json) -> bool:
        if reference in self.values or value in self.references:
            return bool(self.values.get(reference) == value)
        if value is None:
            return False
        self.values[reference] = value
        self.references[value] = reference
        return True

    def differs(self, want: Json, got: Json, path: str) -> Optional[Tuple[str, Json, Json]]:
        """The first place where the engine's answer is not what the model says."""
        if isinstance(want, Unmodelled):
            return None
        if isinstance(want, Ref):
            return None if self.same(want, got) else (path, self.values.get(want, want), got)
        if isinstance(want, dict):
            if path.endswith("bindings") and isinstance(got, list):
                got = {each["provider"]: each for each in got}
                if set(got) != set(want):
                    return path, sorted(want), sorted(got)
            if not isinstance(got, dict):
                return path, want, got
            for name, value in want.items():
                found = self.differs(value, got.get(name), f"{path}.{name}")
                if found:
                    return found
            return None
        if isinstance(want, list):
            if not isinstance(got, list) or len(want) != len(got):
                return path, want, got
            if path.endswith("condemned") or path.endswith("result.items"):
                want, got = _in_order(want), _in_order(got)
            for number, (each, other) in enumerate(zip(want, got)):
                found = self.differs(each, other, f"{path}[{number}]")
                if found:
                    return found
            return None
        return None if want == got and type(want) is type(got) else (path, want, got)


def _in_order(items: List[Json]) -> List[Json]:
    """The protocol does not say in which order condemned ids are listed."""
    return sorted(items, key=lambda item: (str(item.get("session")), str(item.get("sessionId"))))


class World:
    """One log, played by both. `names` has what steps call `$f3`: the fence of step 3."""

    def __init__(self, engine: Engine, model: Model) -> None:
        self.engine = engine
        self.model = model
        self.names = Names()
        self.saved: Dict[str, Tuple[Json, Json]] = {}
        self.labels: Dict[Ref, str] = {}
        self.calls = 0
        self.answer: Json = None

    def play(self, number: int, step: Step) -> Optional[Difference]:
        """Plays one step. A step that speaks of something that never came to be is skipped."""
        if "restart" in step:
            self.engine.restart(step["restart"])
            return None
        try:
            for_model = self.fill(step["params"], 0)
            for_engine = self.fill(step["params"], 1)
        except KeyError:
            return None
        method = step["method"]
        try:
            want: Json = {"result": self.model.call(method, for_model)}
        except Refusal as refusal:
            want = {"error": refusal.code}
        try:
            reads = self.reads(step["params"])
            lines = [(method, for_engine)]
            replies = self.engine.calls(lines)
            found = self.reply_differs(want, replies[0])
            if found is None:
                self.save(step.get("label", number), replies[0].get("result"), want.get("result"))
                found = self.state_differs(reads)
        except EngineEnded as ended:
            found = method, "an answer", str(ended)
        self.calls += 1
        self.answer = want
        return Difference(number, *found) if found else None

    def reply_differs(self, want: Json, reply: Json) -> Optional[Tuple[str, Json, Json]]:
        if "error" in want:
            error = reply.get("error")
            if error is None:
                return "error", want["error"], {"result": reply.get("result")}
            codes = error.get("code"), (error.get("data") or {}).get("code")
            return None if want["error"] in codes else ("error", want["error"], error)
        if "error" in reply:
            return "result", want["result"], {"error": reply["error"]}
        return self.names.differs(want["result"], reply["result"], "result")

    def fill(self, value: Json, side: int) -> Json:
        if isinstance(value, str) and value.startswith("$"):
            return self.saved[value[1:]][side]
        if isinstance(value, dict):
            return {name: self.fill(each, side) for name, each in value.items()}
        return value

    def save(self, label: Json, got: Json, want: Json) -> None:
        if not isinstance(want, dict):
            return
        places = {"f": "fence", "a": "attempt", "r": "run"}
        following = want.get("next")
        if isinstance(following, dict):
            want, got, places = following, got["next"], {"a": "attempt"}
        for letter, name in places.items():
            reference = want.get(name)
            if isinstance(reference, Ref) and reference not in self.labels:
                self.saved[f"{letter}{label}"] = (reference, got[name])
                self.labels[reference] = f"${letter}{label}"

    # State

    def reads(self, params: Params) -> List[Tuple[str, Json]]:
        """What may have changed: every key and agent, and the runs that were open."""
        log = self.model.log
        keys: List[Tuple[str, Json]] = [("session", key) for key in log.sessions]
        keys += [("agent", name) for name in log.agents]
        runs = [session.last_run for session in log.sessions.values()]
        runs += [session.open_run for session in log.sessions.values()]
        keys += [("run", run.ref) for run in runs if run]
        return keys

    def state_differs(self, reads: List[Tuple[str, Json]]) -> Optional[Tuple[str, Json, Json]]:
        asked = [(method, self.names.values.get(name, 0) if isinstance(name, Ref) else name)
                 for method, name in reads]
        replies = self.engine.calls([(method, {method: name}) for method, name in asked])
        for (method, name), (_, shown), reply in zip(reads, asked, replies):
            where = f"{method} {shown}"
            if "error" in reply:
                return where, "an answer", reply["error"]
            want = self.model.read(method, name)
            found = self.names.differs(want, reply["result"], where)
            if found:
                return found
        return None

    def end(self, number: int) -> Optional[Difference]:
        """Compares everything once more, every run too, and has the log verified."""
        log = self.model.log
        reads: List[Tuple[str, Json]] = [("session", key) for key in log.sessions]
        reads += [("agent", name) for name in log.agents]
        reads += [("run", run) for run in log.runs]
        found = self.state_differs(reads)
        if found is None:
            self.engine.end()
            told = self.engine.verify()
            if not told.get("ok"):
                found = "verify", {"ok": True}, told
        return Difference(number, *found) if found else None


def play(wakelog: str, steps: List[Step], make: MakeModel = Model) -> Optional[Difference]:
    """Plays a whole sequence on an empty log."""
    with Engine(wakelog) as engine:
        world = World(engine, make())
        for number, step in enumerate(steps):
            found = world.play(number, step)
            if found:
                return found
        return world.end(len(steps) - 1)
