public import WakelogModel

/// What a state says, as a page of named facts, for a test to write down what it expects.
///
/// A fact is named by its row and its field: `session s` and `bound`, `identity claude/x` and
/// `condemned`, `agent ada` and `openRuns`, `run of s` and `mode`. What is zero is not a fact.
public struct Facts: Equatable {
  var lines: [String: String] = [:]

  /// A fact; nil for none.
  public subscript(row: String, field: String) -> String? {
    get { lines[row + "." + field] }
    set { lines[row + "." + field] = newValue }
  }

  /// Expects several facts of a row; nil for what is gone.
  public mutating func expect(_ row: String, _ facts: KeyValuePairs<String, String?>) {
    for (field, value) in facts { self[row, field] = value }
  }

  /// Expects a row to be gone.
  public mutating func gone(_ row: String) {
    lines = lines.filter { !$0.key.hasPrefix(row + ".") }
  }
}

/// The state is not what a test said that it would be.
public struct Unexpected: Error, CustomStringConvertible {
  /// The facts that differ, a line each: `-` as expected, `+` as found.
  public var description: String
}

extension World {
  /// Says that what was given up to here is the ground that `then` starts from.
  public func given() { before = state }

  /// Compares everything that changed since `given` with what the closure writes down.
  ///
  /// Exhaustive: a change that the closure does not mention is an error, with the lines that
  /// differ, as is a mentioned one that did not come. Positions, times, and the chains between
  /// rows are left to the comparison with a replay.
  public func then(_ expect: (inout Facts) -> Void) throws(Unexpected) {
    var expected = facts(of: before)
    expect(&expected)
    let found = facts(of: state)
    before = state
    guard expected != found else { return }
    var lines: [String] = []
    for key in Set(expected.lines.keys).union(found.lines.keys).sorted() {
      let wanted = expected.lines[key]
      let seen = found.lines[key]
      if wanted == seen { continue }
      if let wanted { lines.append("- \(key) = \(wanted)") }
      if let seen { lines.append("+ \(key) = \(seen)") }
    }
    throw Unexpected(description: "\n" + lines.joined(separator: "\n"))
  }

  /// The facts of a state.
  public func facts(of state: State) -> Facts {
    var facts = Facts()
    state.sessions.forEach { number, row in
      let name = text(of: number, in: .session) ?? "\(number)"
      note("session \(name)", row, &facts)
      note("run of \(name)", state.runs[row.openRun], &facts)
      note("pending of \(name)", state.pendings[row.pending], &facts)
    }
    state.identities.forEach { number, row in
      note("identity \(text(of: number, in: .identity) ?? "\(number)")", row, &facts)
    }
    state.agents.forEach { number, row in
      note("agent \(text(of: number, in: .agent) ?? "\(number)")", row, &facts)
    }
    state.hosts.forEach { number, row in
      note("host \(text(of: number, in: .host) ?? "\(number)")", row, &facts)
    }
    facts["log", "policy"] = text(of: state.totals.policy.number, in: .policy)
    return facts
  }

  private func note(_ row: String, _ value: some StateRow, _ facts: inout Facts) {
    for (label, field) in Mirror(reflecting: value).children {
      guard let label, !Self.unmentioned.contains(label), !label.hasPrefix("unused") else {
        continue
      }
      facts[row, label] = words(of: field)
    }
  }

  /// Fields that say where rows stand and when they changed.
  private static let unmentioned: Set<String> = [
    "head", "latestTime", "latestOffset", "wall", "generationBegan", "lastInteraction", "boundAt",
    "boundOffset", "boundGeneration", "provenAt", "lastRun", "lastErrorAt", "lastErrorOffset",
    "lastFinish", "lastFinishAttempt", "lastFinishRequest", "openRun", "pending", "arriving",
    "condemnations", "alarm", "nextInLane", "previousInLane", "nextSharing", "lane", "lanes",
    "firstSeen", "lastBound", "minted", "mintedBy", "condemnedAt", "condemnedOffset",
    "mintingRunAt", "lastRunAt", "mintings", "boundBy", "misses", "run", "attempt", "startedAt",
    "heardAt", "fence", "session", "offset", "last", "since", "reasons", "versions",
    "notBeforeOffset", "lastRunBecause", "lastErrorBecause",
  ]

  private func words(of field: Any) -> String? {
    let mirror = Mirror(reflecting: field)
    if mirror.displayStyle == .optional {
      return mirror.children.first.flatMap { words(of: $0.value) }
    }
    switch field {
    case let symbol as any NamedSymbol:
      return symbol.number == 0
        ? nil : text(of: symbol.number, in: symbol.namespace) ?? "\(symbol.number)"
    case let generation as Generation: return generation.value == 0 ? nil : "\(generation.value)"
    case let code as any FieldCode: return code.name
    case let flags as any FieldFlags: return flags.words
    case let truth as Bool: return truth ? "true" : nil
    default:
      let text = "\(field)"
      return text == "0" ? nil : text
    }
  }
}

/// A symbol of whatever namespace.
private protocol NamedSymbol {
  var number: UInt32 { get }
  var namespace: Namespace { get }
}

extension Symbol: NamedSymbol {
  fileprivate var namespace: Namespace { Space.namespace }
}

extension FieldFlags {
  fileprivate var words: String? {
    let found = Self.names.filter { (self.rawValue & $0.flag.rawValue) != 0 }
    return found.isEmpty ? nil : found.map { "\($0.name)" }.joined(separator: " ")
  }
}
