import CLMDB

/// The mutable side of a write transaction: what has been appended, and the hash over it.
///
/// Belongs to one transaction, on one thread.
@safe final class Writer {
  let snapshot: Snapshot
  let environment: Environment
  var identity: Identity { snapshot.identity }
  private(set) var isFinished = false
  private(set) var mapWasFull = false

  /// The last sequence in the table, this transaction's events included.
  var last: UInt64 = 0
  /// How many events this transaction has appended since its last seal.
  var appended: UInt64 = 0
  var hasher: SealHasher?
  /// The seal that this transaction's follows.
  var previousSeal: [UInt8] = []
  /// Sequence, length and frame of the event being appended: what is hashed, in one piece.
  var scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 8)
  /// How many symbols each namespace has, where asked so far.
  var symbolCounts: [UInt8: UInt32] = [:]
  /// The first number that was assigned since the last seal, by namespace.
  var firstNewSymbols: [UInt8: UInt32] = [:]

  init(_ snapshot: Snapshot, _ environment: Environment) {
    self.snapshot = snapshot
    self.environment = environment
  }

  deinit { unsafe scratch.deallocate() }

  func abortUnlessFinished() {
    guard !isFinished else { return }
    isFinished = true
    unsafe environment.abortWrite(snapshot.transaction, mapWasFull: mapWasFull)
  }

  func commit() throws(StoreError) {
    isFinished = true
    unsafe try environment.commitWrite(snapshot.transaction)
  }

  @discardableResult
  func put(_ table: Table, _ key: Bytes, _ value: Bytes, _ flags: Int32 = 0)
    throws(StoreError) -> Bool
  {
    precondition(!isFinished, "the transaction has ended")
    do {
      return unsafe try LMDB.put(snapshot.transaction, table, key, value, flags)
    } catch {
      mapWasFull = mapWasFull || error.code == .mapFull
      throw error
    }
  }

  @discardableResult
  func put(_ table: Table, _ key: [UInt8], _ value: [UInt8], _ flags: Int32 = 0)
    throws(StoreError) -> Bool
  {
    try unsafe key.withBytes { (key) throws(StoreError) in
      try unsafe value.withBytes { (value) throws(StoreError) in
        try unsafe put(table, key, value, flags)
      }
    }
  }

  @discardableResult
  func delete(_ table: Table, _ key: [UInt8]) throws(StoreError) -> Bool {
    try unsafe key.withBytes { (key) throws(StoreError) in
      try unsafe LMDB.delete(snapshot.transaction, table, key)
    }
  }

  func reserve(_ count: Int) {
    guard unsafe count > scratch.count else { return }
    unsafe scratch.deallocate()
    unsafe scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 8)
  }
}
