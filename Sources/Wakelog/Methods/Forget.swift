import WakelogModel
import WakelogStore

extension ForgetRequest: Executable {
  var writes: Bool { true }

  /// Carries out nothing: `Engine` takes this request out of the queue's way, see `Engine.forget`.
  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    throw WakelogError(.busy, "a session is forgotten beside other calls; call it by itself")
  }
}

/// A forgetting whose walk over the log is done up to a position.
struct PreparedForget: Executable {
  static let method = ForgetRequest.method
  var request: ForgetRequest
  var use: SymbolUse
  var end: UInt64
  /// What is to be taken away in the same commit, once that was decided.
  let found = Found()

  /// Hands over what was decided.
  final class Found: Sendable {
    private let lock = Lock<Forgetting?>(nil)

    var forgetting: Forgetting? {
      get { lock.withLock { $0 } }
      set { lock.withLock { $0 = newValue } }
    }
  }

  init(_ request: ForgetRequest, _ use: SymbolUse, scannedThrough end: UInt64) {
    self.request = request
    self.use = use
    self.end = end
  }

  var at: Instant? {
    get { request.at }
    set { request.at = newValue }
  }
  var onceKey: String? { request.key }
  var writes: Bool { true }
  var json: JSONObject { request.json }

  init() { self.init(ForgetRequest(), SymbolUse(.none), scannedThrough: 0) }

  init(json: JSONObject) throws(WakelogError) {
    self.init(try ForgetRequest(json: json), SymbolUse(.none), scannedThrough: 0)
  }

  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) { try request.visit(&visitor) }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    guard try core.session(request.session) == use.session else {
      throw WakelogError(.conflict, "the session was forgotten meanwhile, and woken again")
    }
    let (result, forgetting) = try core.forget(
      request, use.session, use, scannedThrough: end, at: call.at)
    found.forgetting = forgetting
    return result
  }
}

extension WakelogError {
  /// The error of whoever would forget a session in a log whose archive is not known.
  static func archivedToo(_ last: UInt64) -> WakelogError {
    WakelogError(
      .conflict,
      "events up to \(last) are archived, and may tell of this session too: give the archive, or "
        + "name it in the policy (retention.archive)", field: "session")
  }
}

extension Core {
  /// Forgets a session whose use of symbols is known up to a position.
  func forget(
    _ request: ForgetRequest, _ session: SessionSymbol, _ found: SymbolUse,
    scannedThrough end: UInt64, at: Instant
  ) throws(WakelogError) -> (JSONObject, Forgetting) {
    var use = found
    do {
      try view.forEachRecord(from: end + 1) { sequence, record in
        use.take(Event(record: record, sequence: SequenceNumber(sequence)))
        return true
      }
    } catch {
      throw WakelogError(any: error)
    }
    let condemned = state.identities
    let done = try execute(
      .forget(
        session: session, by: names.symbol(request.by, Space.Actor.self),
        why: names.symbol(request.why, Space.Text.self)), at: at)
    for event in done.events {
      event.forEachSymbol { if $0 != .session { use.keep($0, $1) } }
    }
    // An id that others know keeps the place where it lives.
    for number in use.shared {
      let row = state.identities[number]
      use.keep(.workspace, row.workspace.number)
      use.keep(.fingerprint, row.fingerprint.number)
      use.keep(.display, row.display.number)
      use.keep(.params, row.params.number)
    }
    var forgetting = Forgetting()
    forgetting.evidence = use.sequences
    for (namespace, number) in use.forgotten {
      // A paused agent is named by an operator, and stays.
      if namespace == .agent, state.agents[number].sessions > 0 || state.agents[number].isPaused {
        continue
      }
      if let text = text(namespace, number) { forgetting.texts.insert(text) }
      let isKnownAgain = namespace == .identity && condemned[number].condemned != nil
      forgetting.symbols.append((namespace, number, isKnownAgain))
    }
    var result = JSONObject()
    result.add("forgotten", true)
    result.add("events", .count(use.events))
    result.add("symbols", .integer(Int64(forgetting.symbols.count)))
    return (result, forgetting)
  }

  private func text(_ namespace: Namespace, _ number: UInt32) -> String? {
    guard let bytes = names.bytes(namespace, number) else { return nil }
    let session = namespace == .identity ? ProviderSession(bytes: bytes) : nil
    return session?.id ?? String(decoding: bytes, as: UTF8.self)
  }
}
