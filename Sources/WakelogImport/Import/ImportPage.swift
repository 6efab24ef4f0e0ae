import Wakelog
import WakelogModel

/// The events of one batch of facts.
struct ImportPage {
  let bulk: Bulk
  let store: String
  var report: ImportReport
  /// Rows taken in this batch.
  private var taken: [String: SequenceNumber] = [:]

  init(_ bulk: Bulk, store: String, report: ImportReport) {
    self.bulk = bulk
    self.store = store
    self.report = report
  }

  /// Appends the events of a fact, unless it is known or cannot be one.
  mutating func take(_ fact: Fact) throws(WakelogError) {
    guard try position(of: fact.name) == nil else {
      report.known += 1
      return
    }
    if let fault = fact.fault {
      return report.add(.init(.skipped, row: fact.row, because: fault))
    }
    let before = bulk.position
    if let session = try open(fact) {
      try append(fact, session)
      remember(fact.name)
    }
    report.events += bulk.position.value - before.value
  }

  /// The event that a row became.
  func position(of row: String) throws(WakelogError) -> SequenceNumber? {
    let name = "\(store)\u{0}\(row)"
    if let found = taken[name] { return found }
    return try bulk.position(ofRow: name)
  }

  /// Remembers the last event, or another one, as what a row became.
  mutating func remember(_ row: String, as event: SequenceNumber? = nil) {
    let name = "\(store)\u{0}\(row)"
    let event = event ?? bulk.position
    taken[name] = event
    bulk.remember(row: name, as: event)
  }

  /// The fact's session, opened if it is new; nil where the key is somebody else's.
  private mutating func open(_ fact: Fact) throws(WakelogError) -> SessionSymbol? {
    let key = Self.key(fact.session, store: store)
    if let known = bulk.session(key) {
      let agent = bulk.text(known.row.agent) ?? ""
      guard agent == fact.agent else {
        report.add(
          .init(
            .skipped, row: fact.row, field: "agent", store: fact.agent, log: agent,
            because: "in the log the key \(key) belongs to another agent; import with --store NAME")
        )
        return nil
      }
      return known.symbol
    }
    let session = bulk.symbol(key, Space.Session.self)
    var opened = SessionOpened()
    opened.agent = bulk.symbol(fact.agent, Space.Agent.self)
    opened.provider = bulk.symbol(fact.provider, Space.Provider.self)
    append(.sessionOpened(opened), fact, session, run: .none)
    return session
  }

  /// A session key as the log has it: with the store's name, where it was given one.
  static func key(_ key: String, store: String) -> String {
    let parts = store.split(separator: "/", maxSplits: 1)
    return parts.count == 2 ? "\(parts[1])/\(key)" : key
  }

  /// Appends an event; gives its number.
  @discardableResult
  func append(
    _ body: EventBody, _ fact: Fact, _ session: SessionSymbol, run: SequenceNumber,
    generation: Generation? = nil, evidence: [UInt8]? = nil
  ) -> SequenceNumber {
    let row = row(session)
    let sequence = bulk.position.next
    let event = Event(
      sequence: sequence, at: fact.at, session: session, run: run,
      generation: generation ?? max(row.generation, Generation(1)), previous: row.head,
      flags: .imported, body: body)
    bulk.append(event, evidence: evidence)
    return sequence
  }

  /// The state of a session, all zeros while it is new.
  func row(_ session: SessionSymbol) -> SessionRow { bulk.row(session) }

  /// The number of a provider's id; none for none.
  func identity(_ id: String?, _ fact: Fact) -> IdentitySymbol {
    id.map { bulk.identity($0, fact.provider) } ?? .none
  }
}

extension Fact {
  /// Why it cannot be in the log; nil when it can.
  var fault: String? {
    let names: [(String, String?)] = [
      ("session key", session), ("agent", agent), ("provider", provider), ("id", asked),
      ("id", identity), ("id", stores), ("host", host), ("reason", reason), ("scope", scope),
      ("workspace", workspace), ("display id", display), ("error code", errorCode),
    ]
    for (name, text) in names {
      guard let text, !(name == "id" && text.isEmpty) else { continue }
      if text.isEmpty { return "its \(name) is empty" }
      if text.utf8.count > 1_024 { return "its \(name) is longer than 1,024 bytes" }
      if text.utf8.contains(0) { return "its \(name) has a zero byte" }
    }
    for id in [asked, identity, stores] {
      guard let id, !id.isEmpty, !id.isSafeID else { continue }
      return "its id could name a path or a control sequence; it is not taken for an id"
    }
    return nil
  }
}

extension String {
  /// Whether a text can be the id of a provider session, and used in the name of a file.
  var isSafeID: Bool {
    self != "." && self != ".." && !isEmpty
      && !unicodeScalars.contains {
        $0 == "/" || $0 == "\\" || $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
      }
  }

  /// The text, cut to a number of bytes and not within a character.
  func cut(to count: Int) -> String {
    guard utf8.count > count else { return self }
    var bytes = Array(utf8.prefix(count))
    while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
    if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
