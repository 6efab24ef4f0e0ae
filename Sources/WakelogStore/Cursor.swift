import CLMDB

/// A position in one table, closed when it goes out of scope.
@safe struct Cursor: ~Copyable {
  private let pointer: OpaquePointer
  private let table: Table
  private var keyValue = unsafe MDB_val()
  private var dataValue = unsafe MDB_val()

  /// Key and value of the current row; valid until the transaction ends or writes.
  var key: Bytes { unsafe keyValue.bytes }
  var value: Bytes { unsafe dataValue.bytes }

  init(_ transaction: OpaquePointer, _ table: Table) throws(StoreError) {
    var opened: OpaquePointer?
    let code = unsafe mdb_cursor_open(transaction, table.rawValue, &opened)
    guard code == 0, let cursor = unsafe opened else {
      throw StoreError(lmdb: code, "mdb_cursor_open", table: table)
    }
    unsafe pointer = unsafe cursor
    self.table = table
  }

  deinit { unsafe mdb_cursor_close(pointer) }

  mutating func first() throws(StoreError) -> Bool { try move(MDB_FIRST) }
  mutating func last() throws(StoreError) -> Bool { try move(MDB_LAST) }
  mutating func next() throws(StoreError) -> Bool { try move(MDB_NEXT) }
  mutating func previous() throws(StoreError) -> Bool { try move(MDB_PREV) }

  /// Moves to the first row whose key is not below `key`.
  mutating func seek(_ key: Bytes) throws(StoreError) -> Bool {
    unsafe keyValue = unsafe MDB_val(key)
    return try move(MDB_SET_RANGE)
  }

  /// Moves to the first row whose key is not below `key`.
  mutating func seek(_ key: [UInt8]) throws(StoreError) -> Bool {
    try unsafe key.withBytes { (key) throws(StoreError) in try unsafe seek(key) }
  }

  mutating func delete() throws(StoreError) {
    try unsafe LMDB.check(mdb_cursor_del(pointer, 0), "mdb_cursor_del", table)
  }

  @inline(__always)
  private mutating func move(_ operation: MDB_cursor_op) throws(StoreError) -> Bool {
    let code = unsafe mdb_cursor_get(pointer, &keyValue, &dataValue, operation)
    if code == 0 { return true }
    if code == MDB_NOTFOUND { return false }
    throw StoreError(lmdb: code, "mdb_cursor_get", table: table)
  }
}
