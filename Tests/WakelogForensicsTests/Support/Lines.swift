import WakelogModel

/// The lines of a log that a host would have left, marked as imported: events that no engine of
/// ours decides.
struct Lines {
  private(set) var all: [JSONValue] = []
  private var generations: [String: Int64] = [:]
  var milliseconds: Int64 = 1_768_000_000_000
  let agent: String
  let provider: String

  init(agent: String = "ada", provider: String = "gemini") {
    self.agent = agent
    self.provider = provider
  }

  var last: Int64 { Int64(all.count) }

  /// Appends an event a minute after the one before; gives its number.
  @discardableResult
  mutating func add(
    _ kind: String, _ session: String?, run: Int64? = nil, _ fields: JSONValue = [:]
  ) -> Int64 {
    milliseconds += 60_000
    var line = JSONObject()
    line["seq"] = .integer(last + 1)
    line["at"] = .string(Instant(milliseconds: milliseconds)!.description)
    line["kind"] = .string(kind)
    line["imported"] = true
    if let session {
      line["session"] = .string(session)
      line["generation"] = .integer(generations[session] ?? 1)
    }
    if let run { line["run"] = .integer(run) }
    for member in fields.object?.members ?? [] { line[member.name] = member.value }
    all.append(.object(line))
    return last
  }

  func id(_ text: String) -> JSONValue {
    ["sessionId": .string(text), "provider": .string(provider)]
  }

  /// A key seen for the first time.
  mutating func open(_ session: String) {
    add("session.opened", session, ["agent": .string(agent), "provider": .string(provider)])
  }

  mutating func reset(_ session: String) {
    generations[session] = (generations[session] ?? 1) + 1
    add("session.reset", session, ["cause": "asked"])
  }

  /// A wake and its run, up to its first attempt; gives the run's number.
  mutating func start(_ session: String, resuming id: String? = nil) -> Int64 {
    let run = add(
      "wake.requested", session, run: last + 1,
      ["agent": .string(agent), "provider": .string(provider), "source": "message"])
    add("run.started", session, run: run, ["wake": .integer(run)])
    attempt(session, run, resuming: id)
    return run
  }

  mutating func attempt(_ session: String, _ run: Int64, _ ordinal: Int64 = 1, resuming id: String?)
  {
    var fields: JSONValue = ["ordinal": .integer(ordinal), "mode": "fresh"]
    if let id {
      fields = fields.with(["mode": "resume", "from": "bound", "identity": self.id(id)])
    }
    add("attempt.started", session, run: run, fields)
  }

  /// The end of the run's latest attempt.
  mutating func end(
    _ session: String, _ run: Int64, _ outcome: String, _ fields: JSONValue = [:]
  ) {
    let attempt = all.last { $0["kind"] == "attempt.started" && $0["run"] == .integer(run) }
    add(
      "attempt.finished", session, run: run,
      (["attempt": attempt?["seq"] ?? 0, "outcome": .string(outcome)] as JSONValue).with(fields))
  }

  mutating func finish(
    _ session: String, _ run: Int64, _ outcome: String, _ fields: JSONValue = [:]
  ) {
    add(
      "run.finished", session, run: run,
      (["outcome": .string(outcome), "attempts": 1] as JSONValue).with(fields))
  }

  /// A whole run that works, and binds its session.
  mutating func works(_ session: String, _ id: String, resuming: Bool = true) {
    let run = start(session, resuming: resuming ? id : nil)
    end(session, run, "succeeded", ["entered": true, "turns": 3, "reported": self.id(id)])
    if !resuming { bind(session, run, id) }
    finish(session, run, "succeeded", ["via": resuming ? "resume" : "fresh"])
  }

  mutating func bind(_ session: String, _ run: Int64, _ id: String) {
    add(
      "session.bound", session, run: run,
      ["identity": self.id(id), "provider": .string(provider), "provenBy": "success"])
  }

  /// Paperclip #6608: the dead id is resumed, the fallback works, the dead id stays and the run
  /// counts as the agent's failure.
  mutating func fallsBackAndForgets(_ session: String, dead: String, new: String) {
    let run = start(session, resuming: dead)
    end(session, run, "failed", ["turns": 0, "failure": "unknownSession"])
    attempt(session, run, 2, resuming: nil)
    add("fallback.taken", session, run: run, ["cause": "failure", "failure": "unknownSession"])
    end(session, run, "succeeded", ["entered": true, "turns": 3, "reported": id(new)])
    finish(session, run, "failed", ["via": "fallback", "failure": "agentError", "attempts": 2])
  }
}
