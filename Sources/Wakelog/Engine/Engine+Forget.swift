import WakelogModel
import WakelogStore

extension Engine {
  /// Removes a session: its name, all names that only its events use, what its programs printed,
  /// its replies, in the log and in an archive. Its condemned ids stay condemned.
  ///
  /// The log keeps that something was forgotten, and the session's events as numbers. Takes time
  /// in proportion to the log; calls go on meanwhile. Throws `busy` while a run is open, `conflict`
  /// when events are archived and no archive is given or known by the policy. Returns
  /// `{ "forgotten", "events", "symbols" }`. Where a reader still pins the old bytes in the file, a
  /// later call overwrites them.
  public func forget(
    _ request: ForgetRequest, archive: String? = nil
  ) throws(WakelogError) -> PlainResult {
    try request.validate()
    do {
      return PlainResult(json: try forgetting(request, archive))
    } catch {
      throw WakelogError(any: error)
    }
  }

  func forgetting(_ request: ForgetRequest, _ archive: String?) throws -> JSONValue {
    guard !options.readOnly else {
      throw WakelogError(.readOnly, "the log was opened for reading; open it for writing")
    }
    let found = try use(of: request, archive)
    let ready = PreparedForget(
      request, found?.use ?? SymbolUse(.none), scannedThrough: found?.end ?? 0)
    let call = try prepare(ready, as: JSONValue.self)
    let (result, done) = try Aside(log).commit { core in
      ready.found.forgetting = nil
      let result = try call.body(core)
      return (result, ready.found.forgetting)
    } _: { transaction, decided in
      try decided.1?.carryOut(in: transaction)
    }
    guard done != nil else { return result }
    watch.wake()
    // The key is forgotten, whatever comes of this.
    if (try? log.overwriteRemoved()) != true {
      // A reader still sees it, calls are under way, or the disk refused: the queue tries again.
      try? perform(writes: true) { core throws(WakelogError) in core.mayOverwrite = true }
    }
    return result
  }

  /// What the events of a session use; nil when a reply is kept under the call's key.
  private func use(
    of request: ForgetRequest, _ archive: String?
  ) throws -> (use: SymbolUse, end: UInt64)? {
    let (session, known) = try perform(writes: false) { core throws(WakelogError) in
      if let key = request.key, try core.hasReply(under: key) {
        return (SessionSymbol?.none, String?.none)
      }
      let session = try core.session(request.session)
      if let run = core.state.openRun(of: session) { throw WakelogError(Fault.busy(run)) }
      return (session, core.context.policy.retention.archive)
    }
    guard let session else { return nil }
    let start = try log.read { try $0.firstSequence - 1 }
    let directory = archive ?? (start > 0 ? known : nil)
    if start > 0, directory == nil { throw WakelogError.archivedToo(start) }
    var use = SymbolUse(session)
    if let directory { try use.take(archive: Archive(directory), through: start) }
    let end = try log.read { try $0.lastSequence }
    try use.take(log, from: start + 1, through: end)
    if let directory {
      let symbols = use.forgotten.map { ($0.namespace.rawValue, $0.number) }
      try log.withhold(from: Archive(directory), symbols: symbols, evidence: use.sequences)
    }
    return (use, end)
  }
}

extension Core {
  /// Whether a reply is kept under an idempotency key.
  fileprivate func hasReply(under key: String) throws(WakelogError) -> Bool {
    try reply(Digest.short(Array(key.utf8))) != nil
  }
}

extension SymbolUse {
  /// Takes in the events of an archive up to where the log begins.
  fileprivate mutating func take(archive: Archive, through end: UInt64) throws {
    for segment in archive.segments where segment.first <= end {
      let reader = try SegmentReader(segment.path)
      while let item = try reader.next() {
        guard case .event(let archived) = item, archived.sequence <= end else { continue }
        let frame = try ForeignFrame(archived.frame, archived.sequence)
        take(
          unsafe Event(
            record: frame.record.span.bytes, sequence: SequenceNumber(archived.sequence)))
      }
    }
  }

  /// Takes in the events of a log, in slices.
  fileprivate mutating func take(_ log: Log, from first: UInt64, through end: UInt64) throws {
    var next = first
    while next <= end {
      let last = min(end, next + 99_999)
      try log.read { transaction in
        try transaction.forEachRecord(from: next, through: last) { sequence, record in
          take(Event(record: record, sequence: SequenceNumber(sequence)))
          return true
        }
      }
      next = last + 1
    }
  }
}

extension Fault {
  /// The fault of whoever would forget a session whose run is open.
  fileprivate static func busy(_ run: RunRow) -> Fault {
    .busy(
      "run \(run.run.value) of this session is open; finish, abandon or reset it, then forget it")
  }
}
