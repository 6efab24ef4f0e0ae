public import WakelogModel
import WakelogStore

extension Engine {
  /// Checks every seal, record and digest of the log; `progress` is told how far it has come.
  ///
  /// Gives `{ "ok", "events", "firstBad": null | { "seq", "because" }, "seals", "redacted", "seal" }`,
  /// `seal` being the last good one. Calls go on meanwhile.
  public func verify(
    progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
  ) throws(WakelogError) -> JSONValue {
    let found: Verification
    do { found = try log.verify(progress: progress) } catch { throw WakelogError(any: error) }
    let bad: JSONValue =
      found.firstBad.map { bad in
        [
          "seq": bad.sequence.map { .count($0) } ?? .null, "table": .text(bad.table),
          "because": .string(bad.because),
        ]
      } ?? .null
    return [
      "ok": .bool(found.ok), "events": .count(found.events), "firstBad": bad,
      "seals": .count(found.seals), "redacted": .count(found.redacted),
      "seal": .string(hexadecimal(found.seal)),
    ]
  }

  /// Copies the log, as it is at one moment, into a directory that does not exist or is empty;
  /// calls go on meanwhile. A compact copy leaves out pages that nothing uses.
  ///
  /// Throws `conflict` when something lies there, `diskFull` when there is no room; then nothing is
  /// left behind.
  public func copy(to directory: String, compact: Bool = false) throws(WakelogError) {
    do {
      try log.copy(to: directory, compact: compact)
    } catch let error as StoreError where error.code == .notALog {
      throw WakelogError(.conflict, String(describing: error))
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// Hands over events in order until a closure gives false; what is appended meanwhile is left out.
  ///
  /// A slow closure does not keep the log's pages from being used again: it runs in no transaction.
  public func forEachEvent(
    from first: SequenceNumber = SequenceNumber(1), _ body: (Event) -> Bool
  ) throws(WakelogError) {
    do {
      let last = try log.read { try $0.lastSequence }
      try log.forEachEvent(from: first, through: SequenceNumber(last), body)
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// How large the log is, table by table, with the hash of its state.
  public func stats() throws(WakelogError) -> JSONValue {
    let found: LogStatistics
    do { found = try log.statistics() } catch { throw WakelogError(any: error) }
    let hash = try stateHash()
    let oldest: OldestReader?
    do { oldest = try log.oldestReader() } catch { throw WakelogError(any: error) }
    let oldestReader: JSONValue =
      oldest.map { reader in
        [
          "pid": .integer(Int64(reader.process)), "stopped": .bool(reader.isStopped),
          "since": reader.since.map { .time($0, 0) } ?? .null,
          "commitsBehind": .count(reader.commitsBehind),
          "pagesHeld": .integer(Int64(reader.pagesHeld)),
          "bytesHeld": .integer(Int64(reader.bytesHeld)),
        ]
      } ?? .null
    let tables = found.tables.map { table -> JSONValue in
      [
        "name": .string(table.name), "entries": .integer(Int64(table.entries)),
        "pages": .integer(Int64(table.pages)), "bytes": .integer(Int64(table.bytes)),
      ]
    }
    let bytes = found.tables.reduce(0) { $0 + $1.bytes }
    return [
      "tables": .array(tables), "events": .count(found.lastSequence),
      "bytesPerEvent": found.lastSequence == 0
        ? .null : .integer(Int64(bytes) / Int64(found.lastSequence)),
      "fileBytes": .integer(Int64(found.fileBytes)), "mapBytes": .integer(Int64(found.mapBytes)),
      "readers": .integer(Int64(found.readers)), "oldestReader": oldestReader,
      "formatVersion": .integer(Int64(found.formatVersion)), "stateHash": .string(hash),
    ]
  }

  /// Overwrites in the file what was removed for good, as `redact` does by itself once its commit is
  /// durable. False while a reader that began before still sees it: call again later.
  public func overwriteRemoved() throws(WakelogError) -> Bool {
    do { return try log.overwriteRemoved() } catch { throw WakelogError(any: error) }
  }

  /// The texts that an attempt left, as `{ "message", "stderr", "stdout" }`; null when there are
  /// none, `"redacted"`, `"expired"` or `"forgotten"` when they were removed.
  public func evidence(of event: UInt64) throws(WakelogError) -> JSONValue {
    let found: Evidence
    do { found = try log.read { try $0.evidence(event) } } catch { throw WakelogError(any: error) }
    switch found {
    case .none: return .null
    case .redacted: return "redacted"
    case .expired: return "expired"
    case .forgotten: return "forgotten"
    case .bytes(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      return (try? JSONParser.parse(text)) ?? .string(text)
    }
  }
}
