/// What the log holds beside an event.
public enum Evidence: Sendable, Equatable {
  /// The event came without evidence, or there is no such event.
  case none
  /// There was evidence; somebody had it removed.
  case redacted
  /// There was evidence; it was removed when it was old enough.
  case expired
  /// There was evidence; it was removed with all that told of its session.
  case forgotten
  /// The evidence, as it was appended.
  case bytes([UInt8])
}

extension LogTransaction where Self: ~Copyable {
  /// The evidence of an event. Throws `corrupt` if it does not match the digest in the event.
  public func evidence(_ sequence: UInt64) throws -> Evidence {
    guard let value = unsafe try snapshot.event(sequence) else { return .none }
    let frame = unsafe try Frame(value, sequence: sequence)
    return try snapshot.evidence(frame, sequence)
  }
}

extension WriteTransaction {
  /// Removes the evidence of an event for good; the chain still verifies.
  ///
  /// Returns `false` if the event has none, or it was removed before. The bytes linger in the file
  /// until `overwriteRemoved` has run after the commit.
  @discardableResult
  public func redact(_ sequence: UInt64) throws -> Bool {
    try removeEvidence(sequence, .redacted)
  }

  /// Removes the evidence of an event and says why it is gone; otherwise as `redact`.
  @discardableResult
  func removeEvidence(_ sequence: UInt64, _ removal: Removal) throws -> Bool {
    guard case .bytes(let bytes) = try evidence(sequence) else { return false }
    let key = bigEndianBytes(sequence)
    // In place, so that nothing of it stays in what a page has free.
    try writer.put(.evidence, key, [UInt8](repeating: 0, count: bytes.count + 1))
    try writer.put(.evidence, key, removal.row(sequence))
    try writer.requestOverwriting()
    return true
  }
}

extension Snapshot {
  func evidence(_ frame: Frame, _ sequence: UInt64) throws(StoreError) -> Evidence {
    guard let digest = unsafe frame.digest else { return .none }
    guard let row = unsafe try get(.evidence, sequence), row.count > 0 else {
      throw .corrupt("The event's evidence is missing. Run verify.", .evidence, sequence)
    }
    switch unsafe identity.format.removal(row, sequence) {
    case .redacted: return .redacted
    case .expired: return .expired
    case .forgotten: return .forgotten
    case nil: break
    }
    let bytes = unsafe row.from(1)
    guard unsafe row[0] == Removal.none,
      unsafe digest.equals(
        identity.format.digest(ofEvidence: bytes, sequence, identity.secret))
    else {
      throw .corrupt("The evidence does not match its digest. Run verify.", .evidence, sequence)
    }
    return unsafe .bytes(Array(bytes))
  }
}
