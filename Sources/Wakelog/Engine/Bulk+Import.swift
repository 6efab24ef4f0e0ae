package import WakelogModel
import WakelogStore

// What an importer of another host's store needs within a commit: to look at the state that its
// events make, and to remember which rows of the store it has taken already.

extension Bulk {
  /// The symbol and state of a session key; nil when the log has never seen it.
  package func session(_ key: String) -> (symbol: SessionSymbol, row: SessionRow)? {
    guard let symbol = core.names.known(key, Space.Session.self) else { return nil }
    let row = core.state.sessions[symbol.number]
    return row.exists ? (symbol, row) : nil
  }

  /// The state of a session; all zeros when the log has never seen it.
  package func row(_ session: SessionSymbol) -> SessionRow { core.state.sessions[session.number] }

  /// The symbol of a text that may be left out.
  package func symbol<Space>(_ text: String?, _ space: Space.Type) -> Symbol<Space> {
    core.names.symbol(text, space)
  }

  /// The state of an agent; all zeros when the log has never seen it.
  package func agent(_ name: String) -> AgentRow {
    guard let symbol = core.names.known(name, Space.Agent.self) else { return AgentRow() }
    return core.state.agents[symbol.number]
  }

  /// The open run of a session.
  package func openRun(of session: SessionSymbol) -> RunRow? { core.state.openRun(of: session) }

  /// The last event that belongs to no session.
  package var systemHead: SequenceNumber { core.state.totals.systemHead }

  /// The text of a symbol; an identity's is its id.
  package func text<Space>(_ symbol: Symbol<Space>) -> String? { core.names.text(symbol) }

  /// The event that a foreign row became, when it was taken in an earlier commit.
  package func position(ofRow name: String) throws(WakelogError) -> SequenceNumber? {
    guard let kept = try core.reply(Self.digest(name)), kept.count == 8 else { return nil }
    return SequenceNumber(kept.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Remembers which event a foreign row became, for as long as the log exists.
  package func remember(row name: String, as event: SequenceNumber) {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: event.value >> (56 - 8 * $0)) }
    // No age is ever so old that it is dropped.
    core.keep(bytes, under: Self.digest(name), age: .max)
  }

  /// The texts of an attempt as evidence, cut to what is kept of them, and as traces to classify.
  package static func evidence(
    message: String?, stderr: String?, stdout: String?
  ) -> (bytes: [UInt8]?, traces: Traces) {
    let kept = EvidenceText(message: message, stderr: stderr, stdout: stdout)
    var traces = kept.traces
    traces.readStructure { try? JSONParser.parse($0) }
    return (kept.bytes, traces)
  }

  /// Rows share a table with idempotency keys; the zero byte keeps them apart.
  private static func digest(_ name: String) -> [UInt8] {
    Digest.short([0] + Array("import".utf8) + [0] + Array(name.utf8))
  }
}

extension Engine {
  /// Carries out a closure that looks at the log as it is, within one snapshot.
  package func look(
    _ body: @escaping (Bulk) throws(WakelogError) -> Void
  ) throws(WakelogError) {
    try perform(writes: false) { core throws(WakelogError) in
      try body(Bulk(core))
    }
  }
}
