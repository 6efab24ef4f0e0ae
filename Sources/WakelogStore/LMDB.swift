import CLMDB
import Glibc

/// Mapped or borrowed bytes. Inside the store only; callers see `RawSpan`.
@usableFromInline typealias Bytes = UnsafeRawBufferPointer

/// The calls that a test can make fail, each with its own name.
enum SystemCall: String, Sendable, CaseIterable {
  case createDirectory, listDirectory, openFile, readFile, linkFile, syncFile
  case openEnvironment, setMapSize, beginRead, beginWrite, commit, copy
  case convertBegin, convertCommit, convertSync, convertRename, convertEnd
}

/// Every call into LMDB, one line each, behind one check.
enum LMDB {
  /// Turns a result of LMDB or of the system into an error, unless it is success.
  static func check(_ code: Int32, _ operation: StaticString, _ table: Table? = nil)
    throws(StoreError)
  {
    guard code != 0 else { return }
    throw StoreError(lmdb: code, "\(operation)", table: table)
  }

  private static let readers: UInt32 = 512

  /// The lock file but for its last slots: 64 bytes for each reader, as a head stands before them.
  /// No more than LMDB makes it itself, which takes a longer file for one with more readers.
  static let lockFileBytes = Int(readers) * 64

  static func createEnvironment(mapSize: Int) throws(StoreError) -> OpaquePointer {
    var pointer: OpaquePointer?
    try unsafe check(mdb_env_create(&pointer), "mdb_env_create")
    guard let environment = unsafe pointer else {
      preconditionFailure("LMDB reported success and gave no environment")
    }
    try unsafe check(mdb_env_set_maxdbs(environment, 16), "mdb_env_set_maxdbs")
    try unsafe check(mdb_env_set_maxreaders(environment, readers), "mdb_env_set_maxreaders")
    try unsafe check(mdb_env_set_mapsize(environment, mapSize), "mdb_env_set_mapsize")
    return unsafe environment
  }

  static func open(_ environment: OpaquePointer, _ path: String, _ flags: Int32)
    throws(StoreError)
  {
    try unsafe check(mdb_env_open(environment, path, UInt32(flags), 0o600), "mdb_env_open")
  }

  static func close(_ environment: OpaquePointer) {
    unsafe mdb_env_close(environment)
  }

  static func setMapSize(_ environment: OpaquePointer, _ bytes: Int) throws(StoreError) {
    try unsafe check(mdb_env_set_mapsize(environment, bytes), "mdb_env_set_mapsize")
  }

  static func info(_ environment: OpaquePointer) -> MDB_envinfo {
    var info = unsafe MDB_envinfo()
    _ = unsafe mdb_env_info(environment, &info)
    return unsafe info
  }

  static func clearStaleReaders(_ environment: OpaquePointer) -> Int {
    var dead: Int32 = 0
    _ = unsafe mdb_reader_check(environment, &dead)
    return Int(dead)
  }

  static func begin(_ environment: OpaquePointer, readOnly: Bool) -> (Int32, OpaquePointer?) {
    var pointer: OpaquePointer?
    let flags = readOnly ? UInt32(MDB_RDONLY) : 0
    let code = unsafe mdb_txn_begin(environment, nil, flags, &pointer)
    return unsafe (code, pointer)
  }

  static func commit(_ transaction: OpaquePointer) -> Int32 {
    unsafe mdb_txn_commit(transaction)
  }

  static func abort(_ transaction: OpaquePointer) {
    unsafe mdb_txn_abort(transaction)
  }

  static func identifier(_ transaction: OpaquePointer) -> UInt64 {
    UInt64(unsafe mdb_txn_id(transaction))
  }

  static func openTable(_ transaction: OpaquePointer, _ table: Table, create: Bool)
    throws(StoreError)
  {
    var handle: MDB_dbi = 0
    let flags = create ? UInt32(MDB_CREATE) : 0
    try unsafe check(mdb_dbi_open(transaction, table.name, flags, &handle), "mdb_dbi_open", table)
    precondition(handle == table.rawValue, "LMDB numbers handles in the order of opening")
  }

  static func statistics(_ transaction: OpaquePointer, _ table: Table) throws(StoreError)
    -> MDB_stat
  {
    var result = MDB_stat()
    try unsafe check(mdb_stat(transaction, table.rawValue, &result), "mdb_stat", table)
    return result
  }

  static func get(_ transaction: OpaquePointer, _ table: Table, _ key: Bytes)
    throws(StoreError) -> Bytes?
  {
    var key = unsafe MDB_val(key)
    var value = unsafe MDB_val()
    let code = unsafe mdb_get(transaction, table.rawValue, &key, &value)
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_get", table)
    return unsafe value.bytes
  }

  /// Stores a row; `false` if it was there already and `flags` forbid to replace it.
  @discardableResult
  static func put(
    _ transaction: OpaquePointer, _ table: Table, _ key: Bytes, _ value: Bytes, _ flags: Int32 = 0
  ) throws(StoreError) -> Bool {
    var key = unsafe MDB_val(key)
    var value = unsafe MDB_val(value)
    let code = unsafe mdb_put(transaction, table.rawValue, &key, &value, UInt32(flags))
    if code == MDB_KEYEXIST { return false }
    try check(code, "mdb_put", table)
    return true
  }

  @discardableResult
  static func delete(_ transaction: OpaquePointer, _ table: Table, _ key: Bytes)
    throws(StoreError) -> Bool
  {
    var key = unsafe MDB_val(key)
    let code = unsafe mdb_del(transaction, table.rawValue, &key, nil)
    if code == MDB_NOTFOUND { return false }
    try check(code, "mdb_del", table)
    return true
  }

  static func empty(_ transaction: OpaquePointer, _ table: Table) throws(StoreError) {
    try unsafe check(mdb_drop(transaction, table.rawValue, 0), "mdb_drop", table)
  }

  static func copy(_ environment: OpaquePointer, _ path: String, compact: Bool) -> Int32 {
    unsafe mdb_env_copy2(environment, path, compact ? UInt32(MDB_CP_COMPACT) : 0)
  }
}

extension MDB_val {
  init(_ bytes: Bytes) {
    unsafe self.init(
      mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  var bytes: Bytes { unsafe Bytes(start: mv_data, count: mv_size) }
}
