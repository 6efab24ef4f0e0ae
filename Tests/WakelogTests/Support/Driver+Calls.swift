import WakelogModel

@testable import Wakelog

extension Driver {
  /// What to call next, without the time.
  mutating func call() -> (method: String, params: JSONValue) {
    calls += 1
    return switch chance(100) {
    case ..<34: ("wake", wake())
    case ..<58: ("finish", finish())
    case ..<65: ("progress", progress())
    case ..<72: ("next", ["session": session()])
    case ..<74: ("cancel", ["session": session(), "by": one("ada", "eve")])
    case ..<78: ("reset", reset())
    case ..<80: ("abandon", abandon())
    case ..<83: ("probe", probe())
    case ..<85: ("check", ["session": session(), "fence": .string(holding().fence)])
    case ..<88: ("flush", flush())
    case ..<90: ("host", ["host": one("h1", "h2"), "version": one("1", "2", "3")])
    case ..<92: ("upgrade", upgrade())
    case ..<93: (one(of: ["pause", "unpause", "unpause"]), ["agent": agent(), "by": "eve"])
    case ..<95: ("repair", repair())
    case ..<98: ("redact", redact())
    case ..<99: ("policy", ["adopt": policy()])
    default: ("session", ["session": session()])
    }
  }

  private mutating func session() -> JSONValue {
    chance(40) == 0 ? "nobody's" : .string(one(of: sessions))
  }

  private mutating func agent() -> JSONValue { one("ada", "bob") }

  /// One of a few ids, which others replace in time: too many are condemned.
  private mutating func identity() -> JSONValue { .string("id \(calls / 20 + chance(12))") }

  private mutating func wake() -> JSONValue {
    let name = one(of: sessions)
    let isAdas = name.utf8.reduce(0) { $0 + Int($1) } % 2 == 0 || chance(50) == 0
    var wake: JSONValue = [
      "session": .string(name), "agent": isAdas ? "ada" : "bob",
      "provider": one("claude", "claude", "codex"),
      "source": one("timer", "message", "message", "assignment", "cron", "manual", "event"),
    ]
    if chance(3) == 0 { wake = wake.with(["reason": one("/new", "issue_assigned", "tick")]) }
    if chance(3) == 0 { wake = wake.with(["scope": one("T1", "T2")]) }
    if chance(2) == 0 {
      let workspace: JSONValue = ["path": one("/srv/a", "/srv/b"), "kind": one("project", "home")]
      wake = wake.with(["workspace": workspace])
    }
    if chance(10) == 0 { wake = wake.with(["forceFresh": true]) }
    if chance(10) == 0 { wake = wake.with(["keep": true]) }
    if chance(5) == 0 { wake = wake.with(["resume": identity()]) }
    if chance(3) == 0 {
      wake = wake.with(["fingerprint": ["model": one("m1", "m2"), "cwd": one("/a", "/a", "/b")]])
    }
    if chance(8) == 0 { wake = wake.with(["transcript": .bool(chance(2) == 0)]) }
    if chance(8) == 0 { wake = wake.with(["transcripts": ["id 1": false, "id 2": true]]) }
    if chance(12) == 0 { wake = wake.with(["resumable": false]) }
    if chance(6) == 0 { wake = wake.with(["lease": .integer(Int64(chance(600)))]) }
    if chance(5) == 0 { wake = wake.with(["host": one("h1", "h2")]) }
    if chance(30) == 0 { wake = wake.with(["host": "h1", "epoch": .integer(Int64(chance(40)))]) }
    return wake
  }

  /// A run that is open, sometimes one that is not, sometimes none.
  private mutating func holding() -> Held {
    if chance(20) == 0 { return Held(session: "key 0", run: 1, attempt: 3, fence: "no fence") }
    if held.isEmpty || chance(8) == 0, !lost.isEmpty { return one(of: lost) }
    return held.isEmpty
      ? Held(session: "key 1", run: 1, attempt: 1, fence: "1-00") : one(of: held)
  }

  private mutating func finish() -> JSONValue {
    let run = holding()
    let finish: JSONValue = [
      "attempt": .integer(Int64(clamping: run.attempt) - (chance(30) == 0 ? 1 : 0)),
      "fence": .string(run.fence),
    ]
    let usage: JSONValue = ["inputTokens": .integer(Int64(chance(900_000)))]
    return switch chance(12) {
    case ..<5: finish.with(["turns": 2, "exitCode": 0, "sessionId": identity(), "usage": usage])
    case 5: finish.with(["exitCode": 0, "stdout": "done"])
    case 6:
      finish.with([
        "exitCode": 1, "stderr": "No conversation found with session ID: x", "turns": 0,
      ])
    case 7: finish.with(["outcome": "timedOut", "turns": 0])
    case 8:
      finish.with(["exitCode": 1, "stderr": "429 Too Many Requests", "retryAfterSeconds": 60])
    case 9: finish.with(["exitCode": 1, "turns": 3, "stderr": "it broke", "sessionId": identity()])
    case 10: finish.with(["turns": 1, "resumed": false, "exitCode": 0, "params": ["a": 1]])
    default: finish.with(["outcome": "cancelled"])
    }
  }

  private mutating func progress() -> JSONValue {
    let run = holding()
    let progress: JSONValue = [
      "attempt": .integer(Int64(clamping: run.attempt)), "fence": .string(run.fence),
      "entered": .bool(chance(2) == 0),
    ]
    return chance(2) == 0 ? progress.with(["sessionId": identity(), "pid": 42]) : progress
  }

  private mutating func flush() -> JSONValue {
    let run = holding()
    return [
      "session": .string(run.session), "fence": .string(run.fence),
      "from": .integer(Int64(chance(2) * 3)), "to": .integer(3),
    ]
  }

  private mutating func reset() -> JSONValue {
    let reset: JSONValue = ["session": session(), "because": one("asked", "stuck")]
    return chance(4) == 0 ? reset.with(["ifGeneration": .integer(Int64(chance(4)) + 1)]) : reset
  }

  private mutating func abandon() -> JSONValue {
    ["run": .integer(Int64(clamping: holding().run)), "by": "eve", "why": "stuck"]
  }

  private mutating func probe() -> JSONValue {
    ["session": session(), "sessionId": identity(), "exists": .bool(chance(3) > 0)]
  }

  private mutating func upgrade() -> JSONValue {
    ["host": one("h1", "h2"), "to": one("2", "3"), "step": one("staged", "verified", "swapped")]
  }

  private mutating func repair() -> JSONValue {
    let set: JSONValue =
      switch chance(4) {
      case 0: ["sessionId": nil]
      case 1: ["revive": .string(one(of: condemned))]
      default: ["sessionId": identity()]
      }
    return ["session": session(), "expect": [:], "set": set, "by": "eve", "why": "it lives"]
  }

  /// Of the end of an attempt, mostly.
  private mutating func redact() -> JSONValue {
    let seq = max(one(of: ended) - Int64(chance(3)), 1)
    return ["seq": .integer(seq), "by": "eve", "why": "secrets"]
  }

  private mutating func policy() -> JSONValue {
    let name = one(of: ["standard", "paperclip", "openclaw-2026.4", "archon", "hermes-2026.6"])
    return Policy.builtIn(named: name)!.json
  }
}
