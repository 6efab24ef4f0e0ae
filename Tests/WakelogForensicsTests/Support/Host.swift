import WakelogModel
import WakelogTesting

@testable import Wakelog

/// A host that wakes a few keys and lets their attempts end in every way, drawn from a seed.
struct Host {
  var random: SeededGenerator
  var milliseconds: Int64 = 1_768_000_000_000
  let keys: Int
  private var minted = 0
  private var open: [String: (attempt: JSONValue, fence: JSONValue, asked: JSONValue)] = [:]

  init(seed: UInt64, keys: Int = 4) {
    random = SeededGenerator(seed: seed)
    self.keys = keys
  }

  /// Makes so many calls.
  mutating func work(_ engine: Engine, calls: Int) throws {
    for _ in 0..<calls { try step(engine) }
  }

  private mutating func chance(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func step(_ engine: Engine) throws {
    milliseconds += Int64(chance(60_000)) - 5_000
    let key = "key \(chance(keys))"
    let at = JSONValue.integer(milliseconds)
    if let run = open[key], chance(5) > 0 {
      let end = finish(run.asked)
      let result = try engine.ask(
        "finish", end.with(["attempt": run.attempt, "fence": run.fence, "at": at]))
      open[key] = nil
      if result["settled"] == false, let next = result["next"] {
        open[key] = (next["attempt"]!, run.fence, next["plan"]?["sessionId"] ?? .null)
      }
    } else if open[key] == nil, chance(12) == 0 {
      _ = try? engine.ask("reset", ["session": .string(key), "because": "asked", "at": at])
    } else {
      try wake(key, engine, at)
    }
  }

  private mutating func wake(_ key: String, _ engine: Engine, _ at: JSONValue) throws {
    let result = try engine.ask(
      "wake",
      [
        "session": .string(key), "agent": .string("agent of \(key)"), "provider": "claude",
        "source": chance(2) == 0 ? "message" : "timer", "at": at,
        "workspace": ["path": "/srv/app", "kind": "project"],
      ])
    if result["disposition"] == "started" {
      open[key] = (result["attempt"]!, result["fence"]!, result["plan"]?["sessionId"] ?? .null)
    }
  }

  private mutating func finish(_ asked: JSONValue) -> JSONValue {
    minted += 1
    let id = asked.isNull ? JSONValue.string("id-\(minted)") : asked
    return switch chance(6) {
    case 0:
      ["exitCode": 1, "turns": 0, "stderr": "No conversation found with session ID: x"]
    case 1: ["outcome": "timedOut", "turns": 0]
    case 2: ["exitCode": 1, "stderr": "429 Too Many Requests", "turns": 0]
    default: ["exitCode": 0, "turns": 2, "sessionId": id]
    }
  }
}
