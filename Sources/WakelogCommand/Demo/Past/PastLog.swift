internal import WakelogModel

extension Demo {
  /// The events that a host would have left, had it kept a log: lines of event JSON, marked as
  /// imported.
  struct PastLog {
    private(set) var lines: [JSONValue] = []
    /// The fact that each event answers to.
    private(set) var owners: [Int] = []
    /// The fact that is being dealt with.
    var fact = 0
    private var generations: [String: Int64] = [:]
    private var agents: [String: String] = [:]

    /// The number of the last event.
    var last: UInt64 { UInt64(lines.count) }

    /// Appends an event; gives its number.
    @discardableResult
    mutating func append(
      _ kind: EventKind, at: Instant, session: String? = nil, run: UInt64? = nil,
      _ fields: [(name: String, value: JSONValue?)] = []
    ) -> UInt64 {
      let number = Int64(lines.count) + 1
      var line = JSONObject()
      line["seq"] = .integer(number)
      line["at"] = .string(at.description)
      line["kind"] = .string(kind.name)
      line["imported"] = true
      if let session {
        line["session"] = .string(session)
        line["agent"] = agents[session].map { .string($0) } ?? .null
        line["generation"] = .integer(generations[session] ?? 1)
      }
      if let run { line["run"] = .integer(Int64(run)) }
      for field in fields where field.value != nil && field.value != .null {
        line[field.name] = field.value
      }
      lines.append(.object(line))
      owners.append(fact)
      return UInt64(number)
    }

    /// Appends a fact as it was recorded; `session.opened` before a key's first wake.
    @discardableResult
    mutating func append(_ fact: Fact) -> UInt64 {
      guard let kind = fact.line["kind"]?.string.flatMap(EventKind.init(name:)) else { return last }
      let session = fact.line["session"]?.string
      let header: Set = ["seq", "at", "kind", "session"]
      let fields = fact.line.members.filter { !header.contains($0.name) }
        .map { (name: $0.name, value: Optional($0.value)) }
      guard case .wake(let wake) = fact.deed, let session else {
        return append(kind, at: fact.at, session: session, fields)
      }
      if agents[session] == nil {
        agents[session] = wake.agent
        append(
          .sessionOpened, at: fact.at, session: session,
          [("agent", .string(wake.agent)), ("provider", .string(wake.provider))])
      }
      return append(kind, at: fact.at, session: session, run: last + 1, fields)
    }

    /// Begins a generation of a key.
    mutating func reset(
      _ session: String, _ cause: ResetCause, because: String? = nil, previous: JSONValue?,
      at: Instant
    ) {
      generations[session] = (generations[session] ?? 1) + 1
      append(
        .sessionReset, at: at, session: session,
        [
          ("cause", .string(cause.name)), ("because", because.map { .string($0) }),
          ("previous", previous),
        ])
    }
  }
}
