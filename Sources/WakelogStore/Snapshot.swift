/// One state of the log, as a transaction sees it. It has no members of its own: use the
/// transaction, and never keep a snapshot beyond it.
@safe public struct Snapshot {
  let transaction: OpaquePointer
  let identity: Identity
  let isReadOnly: Bool

  init(_ transaction: OpaquePointer, _ identity: Identity, isReadOnly: Bool) {
    unsafe self.transaction = unsafe transaction
    self.identity = identity
    self.isReadOnly = isReadOnly
  }

  func get(_ table: Table, _ key: [UInt8]) throws(StoreError) -> Bytes? {
    try unsafe key.withBytes { (key) throws(StoreError) in
      try unsafe LMDB.get(transaction, table, key)
    }
  }

  func get(_ table: Table, _ sequence: UInt64) throws(StoreError) -> Bytes? {
    var key = sequence.bigEndian
    return try unsafe withUnsafeBytes(of: &key) { (key) throws(StoreError) in
      try unsafe LMDB.get(transaction, table, key)
    }
  }

  func cursor(_ table: Table) throws(StoreError) -> Cursor {
    unsafe try Cursor(transaction, table)
  }
}

/// What reading and writing transactions share: everything that reads.
///
/// Spans and buffers given to a closure are valid in that closure only, and, in a write
/// transaction, only until it writes.
public protocol LogTransaction: ~Copyable {
  /// The state that this transaction sees.
  var snapshot: Snapshot { get }
}

/// A stable view of the log. It sees no commit made after it began, and blocks none.
///
/// Keep it short: pages freed by later commits cannot be reused while it lives.
@safe public struct ReadTransaction: ~Copyable, LogTransaction {
  /// The state that this transaction sees.
  public let snapshot: Snapshot
  private let environment: Environment

  init(_ environment: Environment, _ identity: Identity) throws(StoreError) {
    snapshot = unsafe Snapshot(try environment.beginRead(), identity, isReadOnly: true)
    self.environment = environment
  }

  deinit { unsafe environment.endRead(snapshot.transaction) }
}

/// The one writer of the log, across all processes. It sees its own writes.
@safe public struct WriteTransaction: ~Copyable, LogTransaction {
  /// The state that this transaction sees.
  public let snapshot: Snapshot
  let writer: Writer

  init(_ environment: Environment, _ identity: Identity) throws(StoreError) {
    snapshot = unsafe Snapshot(try environment.beginWrite(), identity, isReadOnly: false)
    writer = Writer(snapshot, environment)
  }

  /// Seals and commits. When it throws, nothing was kept.
  consuming func commit() throws(StoreError) {
    try writer.seal()
    try writer.commit()
  }

  deinit { writer.abortUnlessFinished() }
}
