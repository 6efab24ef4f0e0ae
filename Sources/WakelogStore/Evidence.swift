/// What the log holds beside an event.
public enum Evidence: Sendable, Equatable {
  /// The event came without evidence, or there is no such event.
  case none
  /// There was evidence; it has been removed.
  case redacted
  /// The evidence, as it was appended.
  case bytes([UInt8])
}

extension LogTransaction where Self: ~Copyable {
  /// The evidence of an event. Throws `corrupt` if it does not match the digest in the event.
  public func evidence(_ sequence: UInt64) throws -> Evidence {
    guard let value = unsafe try snapshot.get(.events, sequence) else { return .none }
    let frame = unsafe try Frame(value, sequence: sequence)
    return try snapshot.evidence(frame, sequence)
  }
}

extension WriteTransaction {
  /// Removes the evidence of an event for good; the chain still verifies.
  ///
  /// Returns `false` if the event has none, or it was removed before. The bytes may linger in
  /// free pages of the file; a compact copy is without them.
  @discardableResult
  public func redact(_ sequence: UInt64) throws -> Bool {
    guard case .bytes = try evidence(sequence) else { return false }
    try writer.put(.evidence, bigEndianBytes(sequence), [LogFormat.redactedEvidence])
    return true
  }
}

extension Snapshot {
  func evidence(_ frame: Frame, _ sequence: UInt64) throws(StoreError) -> Evidence {
    guard let digest = unsafe frame.digest else { return .none }
    guard let row = unsafe try get(.evidence, sequence), row.count > 0 else {
      throw .corrupt("The event's evidence is missing. Run verify.", .evidence, sequence)
    }
    if unsafe row[0] == LogFormat.redactedEvidence, row.count == 1 { return .redacted }
    let bytes = unsafe row.from(1)
    guard unsafe row[0] == LogFormat.plainEvidence,
      unsafe digest.equals(Hashing.digest(bytes))
    else {
      throw .corrupt("The evidence does not match its digest. Run verify.", .evidence, sequence)
    }
    return unsafe .bytes(Array(bytes))
  }
}
