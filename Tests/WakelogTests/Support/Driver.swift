import Testing
import WakelogModel
import WakelogTesting

@testable import Wakelog

/// Hosts that call an engine as hosts do, and now and then as none should: the same calls for the
/// same seed, as long as the engine gives the same answers.
struct Driver {
  /// A run that was started, whether it still is open or not.
  struct Held {
    var session: String
    var run: UInt64
    var attempt: UInt64
    var fence: String
    var cursor: UInt64 = 0
  }

  var random: SeededGenerator
  var milliseconds: Int64 = 1_768_000_000_000
  var held: [Held] = []
  var lost: [Held] = []
  /// Ids that were condemned, and attempts that ended, as far as answers said so.
  var condemned = ["id 0"]
  var ended: [Int64] = [1]
  var keys = 0
  var calls = 0
  private var latest: (method: String, params: JSONValue)?
  /// How many answers there were of each kind: dispositions, outcomes and errors.
  var tally: [String: Int] = [:]
  /// Which sessions there are; hosts that share a log may share them or not.
  var sessions = (0..<6).map { "key \($0)" }

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Makes one call, and gives what it was and what came of it.
  @discardableResult
  mutating func step(_ engine: Engine) -> Result<JSONValue, WakelogError> {
    passTime()
    let (method, params) = again() ?? plausible()
    let result: Result<JSONValue, WakelogError>
    do throws(WakelogError) {
      result = .success(try engine.ask(method, params))
    } catch {
      result = .failure(error)
    }
    latest = (method, params)
    take(method, params, result)
    return result
  }

  private mutating func plausible() -> (method: String, params: JSONValue) {
    let (method, params) = call()
    return (method, finished(params, method))
  }

  /// The latest call once more, as if its reply were lost.
  private mutating func again() -> (method: String, params: JSONValue)? {
    chance(25) == 0 ? latest : nil
  }

  /// Ends what is open, as an operator would.
  mutating func abandonAll(_ engine: Engine) throws {
    let running = try engine.ask("sessions", ["status": "running"])["items"]?.array ?? []
    for session in running {
      try engine.ask(
        "abandon",
        ["run": session["openRun"]!, "by": "eve", "why": "the end", "at": .integer(milliseconds)])
    }
    held = []
  }

  private mutating func passTime() {
    switch chance(20) {
    case 0: milliseconds += Int64(chance(3 * 86_400_000))
    case 1: milliseconds -= Int64(chance(3_600_000))
    default: milliseconds += Int64(chance(300_000))
    }
  }

  mutating func chance(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  mutating func one<Value>(of values: [Value]) -> Value {
    values[chance(values.count)]
  }

  mutating func one(_ names: String...) -> JSONValue { .string(one(of: names)) }

  /// The time, and a key, for those that take one.
  private mutating func finished(_ params: JSONValue, _ method: String) -> JSONValue {
    var params = params.with(["at": .integer(milliseconds)])
    if chance(3) == 0 {
      let offset = Int16(one(of: [60, -330, 0, 840]))
      let instant = Instant(nanoseconds: milliseconds * 1_000_000, offsetMinutes: offset)
      params = params.with(["at": .string(instant.description)])
    }
    guard params.object?["key"] == nil, chance(4) == 0, isWriting(method, params) else {
      return params
    }
    keys += 1
    let number = chance(8) == 0 ? max(keys - 3, 0) : keys
    return params.with(["key": .string("call \(number)")])
  }

  private func isWriting(_ method: String, _ params: JSONValue) -> Bool {
    let type = Requests.types.first { $0.method == method }
    return type is any WritingRequest.Type && (method != "policy" || params["adopt"] != nil)
  }

  private mutating func take(
    _ method: String, _ params: JSONValue, _ result: Result<JSONValue, WakelogError>
  ) {
    switch result {
    case .failure(let error):
      tally["error \(error.code.rawValue)", default: 0] += 1
      #expect(
        error.code != .corrupt && !error.message.isEmpty,
        "\(method) \(params.text) (seed \(random.seed)): \(error)")
    case .success(let value):
      if let word = value["disposition"]?.string { tally[word, default: 0] += 1 }
      if let word = value["plan"]?["mode"]?.string { tally[word, default: 0] += 1 }
      if let word = value["outcome"]?.string { tally[word, default: 0] += 1 }
      if value["duplicate"] == true { tally["duplicate", default: 0] += 1 }
      follow(method, params, value)
    }
  }

  private mutating func follow(_ method: String, _ params: JSONValue, _ value: JSONValue) {
    if value["disposition"] == "started", let fence = value["fence"]?.string,
      let session = params["session"]?.string
    {
      held.removeAll { $0.session == session }
      held.append(
        Held(
          session: session, run: value["run"].count, attempt: value["attempt"].count,
          fence: fence))
    }
    let session = value["session"] ?? value
    for id in session["condemned"]?.array ?? [] { condemned.append(id["sessionId"]?.string ?? "") }
    condemned = condemned.suffix(20)
    if let head = session["head"]?.integer { ended.append(head) }
    guard method == "finish", let index = held.firstIndex(where: { $0.run == value["run"].count })
    else { return }
    if value["settled"] == true {
      lost.append(held.remove(at: index))
      if lost.count > 20 { lost.removeFirst() }
    } else {
      held[index].attempt = value["next"]?["attempt"].count ?? 0
    }
  }
}
