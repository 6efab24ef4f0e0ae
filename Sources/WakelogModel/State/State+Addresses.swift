extension State {
  /// Where the rows lie that a record's event changes first: those of its session and of the
  /// provider session that it names; nil for what it does not name or what is not there yet.
  ///
  /// To be asked for from memory ahead of `reduce`, and for nothing else: rows move.
  @inline(__always)
  package func addresses(for record: RawSpan) -> (
    session: UnsafeRawPointer?, identity: UnsafeRawPointer?
  ) {
    let named = unsafe record.withUnsafeBytes { unsafe Event.named(in: $0) }
    return unsafe (sessions.address(of: named.session), identities.address(of: named.identity))
  }
}

extension Table {
  /// Where a row lies at this moment.
  @inline(__always)
  fileprivate func address(of number: UInt32) -> UnsafeRawPointer? {
    let index = Int(number)
    return index > 0 && index < length ? unsafe UnsafeRawPointer(rows + index) : nil
  }
}
