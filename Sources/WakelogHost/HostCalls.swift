internal import Glibc
package import Wakelog
internal import WakelogModel
internal import WakelogProviders

/// The methods of `AgentHost`, by name and in JSON: what the bindings are made of.
///
/// | method | parameters | result |
/// |---|---|---|
/// | `turn` | those of `wake`, with `text` for its payload, `provider` a name or a document, and `timeout`, `wait`, `orphans` | `{ "turn", "disposition", "because", "run", "next" }`, `next` as of `turn.next` |
/// | `turn.next` | `turn`, `milliseconds` | `{ "event" }`: `attempt`, `pieces`, `end`, `nothing`; a turn that has ended is let go |
/// | `turn.start` | `turn`, `command`, `environment`?, `input`?, `directory`? | `{}` |
/// | `turn.report` | `turn`, `sessionId`?, `entered`? | `{}` |
/// | `turn.finish` | `turn` and the facts of `finish` | as `turn.next` |
/// | `turn.check` | `turn` | `{}` |
/// | `turn.stop` | `turn`, `outcome`? | `{}` |
/// | `turn.close` | `turn`, `outcome`? | `{}` |
/// | `host.open` | `endsRuns`? | `{}`; before any other, where runs are to be left |
/// | `host.stop` | `session` | `{ "stopped" }` |
/// | `host.reset` | `session`, `because`? | as `reset` |
/// | `host.interrupted` | | `{ "items" }` |
/// | `host.endOrphan` | `run` | `{ "ended" }` |
/// | `host.isAlive` | `run` | `{ "alive" }` |
/// | `host.close` | | `{}` |
/// | `transcript` | `provider`, `sessionId`, `workspace`?, `home`? | `{ "exists", "because" }` |
package final class HostCalls: Sendable {
  private let engine: Engine
  private let state = Monitor(State())
  private let threads = Threads()

  private struct State {
    var host: AgentHost?
    var turns: [Int64: Turn] = [:]
    var last: Int64 = 0
    var isClosed = false
  }

  /// The methods of a host over a log.
  package init(_ engine: Engine) { self.engine = engine }

  /// Whether a method is one of these.
  package static func has(_ method: String) -> Bool {
    method == "turn" || method.hasPrefix("turn.") || method.hasPrefix("host.")
      || method == "transcript"
  }

  /// Carries out a method, and waits for it.
  package func text(_ method: String, _ params: JSONObject) throws(WakelogError) -> JSONText {
    JSONText(try call(method, Parameters(params)))
  }

  /// Carries out a method on a thread of its own; the closure is called once.
  package func submitText(
    _ method: String, _ params: JSONObject,
    completion: @escaping @Sendable (Result<JSONText, WakelogError>) -> Void
  ) {
    let isStarted = threads.run {
      completion(Result { () throws(WakelogError) in try self.text(method, params) })
    }
    if !isStarted {
      completion(
        .failure(WakelogError(.busy, "the system has no room for a thread; try again")))
    }
  }

  /// Ends all turns.
  package func close() {
    let host = state.change { state in
      defer { (state.host, state.turns, state.isClosed) = (nil, [:], true) }
      return state.host
    }
    host?.close()
  }

  private func host(_ options: AgentHost.Options = AgentHost.Options()) throws(WakelogError)
    -> AgentHost
  {
    let host = state.change { state -> AgentHost? in
      if state.host == nil, !state.isClosed { state.host = AgentHost(engine, options: options) }
      return state.host
    }
    guard let host else { throw WakelogError(.busy, "the host was closed; open the log again") }
    return host
  }

  private func call(
    _ method: String, _ given: Parameters
  ) throws(WakelogError) -> JSONValue {
    var given = given
    switch method {
    case "turn": return try turn(&given)
    case "turn.next":
      let turn = try self.turn(of: &given)
      let milliseconds = try given.integer("milliseconds", 0...86_400_000) ?? 1_000
      try given.end()
      return try event(of: turn, given.number, milliseconds: Int(milliseconds))
    case "turn.start":
      let turn = try self.turn(of: &given)
      let call = try given.agentCall()
      try given.end()
      try turn.start(call)
    case "turn.report":
      let turn = try self.turn(of: &given)
      let (id, entered) = (try given.text("sessionId"), try given.truth("entered") ?? false)
      try given.end()
      try turn.report(sessionId: id, entered: entered)
    case "turn.finish":
      let turn = try self.turn(of: &given)
      var facts = given.rest
      facts["attempt"] = 1
      facts["fence"] = "-"
      try turn.finish(try FinishRequest(json: facts))
      return try event(of: turn, given.number, milliseconds: 0)
    case "turn.check":
      let turn = try self.turn(of: &given)
      try given.end()
      try turn.check()
    case "turn.close" where try isOver(&given): break
    case "turn.stop", "turn.close":
      let turn = try self.turn(of: &given)
      let number = given.number
      let outcome = try given.outcome()
      try given.end()
      if method == "turn.stop" {
        turn.stop(as: outcome ?? .cancelled)
      } else {
        turn.close(as: outcome ?? .interrupted)
        state.change { $0.turns[number] = nil }
      }
    case "host.open":
      var options = AgentHost.Options()
      options.endsRuns = try given.truth("endsRuns") ?? true
      try given.end()
      _ = try host(options)
    case "host.stop":
      let session = try given.required("session")
      try given.end()
      return ["stopped": .bool(try host().stop(session))]
    case "host.reset":
      let (session, because) = (try given.required("session"), try given.text("because"))
      try given.end()
      return try host().reset(session, because: because).json
    case "host.interrupted":
      try given.end()
      return ["items": .array(try host().interrupted.map(\.json))]
    case "host.endOrphan", "host.isAlive":
      let number = try given.integer("run", 1...Int64.max) ?? 0
      try given.end()
      let run = try host().interrupted.first { Int64(clamping: $0.run) == number }
      guard let run else {
        throw WakelogError(
          .notFound, "run \(number) is none that the opening of the log has ended", field: "run")
      }
      return method == "host.isAlive"
        ? ["alive": .bool(run.isAlive)] : ["ended": .bool(run.endOrphan())]
    case "transcript":
      let (name, row) = try given.provider()
      let (id, workspace) = (try given.required("sessionId"), try given.text("workspace"))
      let home = try given.text("home")
      try given.end()
      let provider = if let row { row } else { try Provider.known(name) }
      let finding = provider.transcript(of: id, workspace: workspace, home: home)
      return [
        "exists": finding.exists.map(JSONValue.bool) ?? .null, "because": .string(finding.because),
      ]
    case "host.close":
      try given.end()
      close()
    default:
      throw WakelogError(.unknownMethod, "there is no method \(method)")
    }
    return [:]
  }

  private func turn(_ given: inout Parameters) throws(WakelogError) -> JSONValue {
    let host = try host()
    let provider = try given.provider()
    let timeout = try given.seconds("timeout")
    let patience = try given.seconds("wait")
    let orphans = try given.orphans()
    let text = try given.text("text")
    var wake = given.rest
    if text != nil, let payload = wake["payload"], !payload.isNull {
      throw WakelogError(
        .invalidParameter, "`payload` and `text` are the same; give one", field: "payload")
    }
    wake["provider"] = .string(provider.name)
    if let text { wake["payload"] = .string(text) }
    let wakeRequest: WakeRequest
    do throws(WakelogError) {
      wakeRequest = try WakeRequest(json: wake)
    } catch {
      guard error.field == "payload" else { throw error }
      throw WakelogError(
        error.code, error.message.replacing("`payload`", with: "`text`"), field: "text")
    }
    var request = TurnRequest(wakeRequest)
    request.provider = provider.row
    request.timeoutSeconds = timeout
    request.waitSeconds = patience
    request.orphans = orphans ?? .refuse
    let turn = try host.turn(request)
    let number = state.change { state -> Int64 in
      state.last += 1
      if !state.isClosed { state.turns[state.last] = turn }
      return state.last
    }
    // What is there already saves a call: of a turn that waits it is nothing.
    let next = try event(of: turn, number, milliseconds: 0)
    return [
      "next": next, "turn": .integer(number), "disposition": .string(turn.disposition),
      "because": turn.because.map(JSONValue.string) ?? .null,
      "run": turn.run.map { .integer(Int64(clamping: $0)) } ?? .null,
    ]
  }

  /// What comes next in a turn; one that has ended is let go.
  private func event(
    of turn: Turn, _ number: Int64, milliseconds: Int
  ) throws(WakelogError) -> JSONValue {
    let event = try turn.next(milliseconds: milliseconds)
    if case .end = event {
      turn.letGo()
      state.change { $0.turns[number] = nil }
    }
    return event.json(of: turn)
  }

  /// Whether a turn has ended, and was let go.
  private func isOver(_ given: inout Parameters) throws(WakelogError) -> Bool {
    let number = try given.integer("turn", 1...Int64.max) ?? 0
    return state.look { $0.turns[number] == nil && number <= $0.last }
  }

  private func turn(of given: inout Parameters) throws(WakelogError) -> Turn {
    let number = try given.integer("turn", 1...Int64.max) ?? 0
    given.number = number
    guard let turn = state.look({ $0.turns[number] }) else {
      throw WakelogError(
        .notFound, "turn \(number) was closed, or never given", field: "turn")
    }
    return turn
  }
}

extension TurnEvent {
  /// As `turn.next` gives it.
  func json(of turn: Turn) -> JSONValue {
    switch self {
    case .nothing: ["event": "nothing"]
    case .pieces(let pieces): ["event": "pieces", "pieces": .array(pieces.map(\.json))]
    case .end(let result):
      [
        "event": "end", "result": result?.json ?? .null, "disposition": .string(turn.disposition),
        "because": turn.because.map(JSONValue.string) ?? .null,
        "said": turn.said.map(JSONValue.string) ?? .null,
      ]
    case .attempt(let attempt):
      [
        "event": "attempt", "session": .string(attempt.session), "text": .string(attempt.text),
        "payloads": .array(attempt.payloads.map(JSONValue.string)),
        "run": .integer(Int64(clamping: attempt.run)),
        "attempt": .integer(Int64(clamping: attempt.attempt)), "fence": .string(attempt.fence),
        "plan": attempt.plan.json,
        "failure": attempt.failure.map { .string($0.name) } ?? .null,
      ]
    }
  }
}
