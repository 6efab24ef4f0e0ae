import CLMDB
import Glibc

/// LMDB with nothing around it, opened as the engine opens it: what an append and a walk cost
/// where nobody decides, encodes, checks or hashes.
@safe final class Bare {
  private let environment: OpaquePointer
  private var table: MDB_dbi = 0
  private var second: MDB_dbi = 0
  private(set) var last: UInt64 = 0
  private let value: UnsafeMutableRawBufferPointer

  init(_ directory: String) {
    Machine.makeDirectory(directory)
    var created: OpaquePointer?
    unsafe Self.check(mdb_env_create(&created))
    unsafe environment = unsafe created!
    unsafe value = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 8)
    for index in unsafe 0..<value.count { unsafe value[index] = UInt8(truncatingIfNeeded: index) }
    unsafe Self.check(mdb_env_set_maxdbs(environment, 16))
    unsafe Self.check(mdb_env_set_mapsize(environment, 64 << 30))
    unsafe Self.check(mdb_env_open(environment, directory, UInt32(MDB_NOTLS), 0o600))
    let transaction = unsafe begin()
    unsafe Self.check(mdb_dbi_open(transaction, "records", UInt32(MDB_CREATE), &table))
    unsafe Self.check(mdb_dbi_open(transaction, "seals", UInt32(MDB_CREATE), &second))
    unsafe Self.check(mdb_txn_commit(transaction))
  }

  deinit {
    unsafe mdb_env_close(environment)
    unsafe value.deallocate()
  }

  static func check(_ code: Int32) {
    precondition(code == 0, "LMDB refused with \(code)")
  }

  private func begin(_ flags: UInt32 = 0) -> OpaquePointer {
    var transaction: OpaquePointer?
    unsafe Self.check(mdb_txn_begin(environment, nil, flags, &transaction))
    return unsafe transaction!
  }

  private func put(
    _ transaction: OpaquePointer, _ table: MDB_dbi, _ number: UInt64, _ size: Int
  ) {
    var bytes = number.bigEndian
    unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      var key = unsafe MDB_val(mv_size: 8, mv_data: bytes.baseAddress)
      var data = unsafe MDB_val(mv_size: size, mv_data: value.baseAddress)
      unsafe Self.check(mdb_put(transaction, table, &key, &data, UInt32(MDB_APPEND)))
    }
  }

  /// Appends records in one durable commit; with a seal's row in a second table if asked.
  func append(_ count: Int, size: Int, sealSize: Int? = nil) {
    let transaction = unsafe begin()
    for _ in 0..<count {
      last += 1
      unsafe put(transaction, table, last, size)
    }
    if let sealSize { unsafe put(transaction, second, last, sealSize) }
    unsafe Self.check(mdb_txn_commit(transaction))
  }
}

/// The events of a log, read by LMDB with nothing around it.
///
/// The engine may have the log open: without a lock file of its own this environment takes no
/// locks that it could lose for the engine.
@safe final class BareWalk {
  private let environment: OpaquePointer
  private var table: MDB_dbi = 0

  init(_ directory: String) {
    var created: OpaquePointer?
    unsafe Bare.check(mdb_env_create(&created))
    unsafe environment = unsafe created!
    unsafe Bare.check(mdb_env_set_maxdbs(environment, 16))
    unsafe Bare.check(mdb_env_set_mapsize(environment, 64 << 30))
    let flags = UInt32(MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK)
    unsafe Bare.check(mdb_env_open(environment, directory, flags, 0o600))
    var transaction: OpaquePointer?
    unsafe Bare.check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
    unsafe Bare.check(mdb_dbi_open(transaction, "events", 0, &table))
    unsafe Bare.check(mdb_txn_commit(transaction))
  }

  deinit { unsafe mdb_env_close(environment) }

  /// Steps over every event, touching the first byte of each; gives how many there are.
  func walk() -> Int {
    var transaction: OpaquePointer?
    unsafe Bare.check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
    var cursor: OpaquePointer?
    unsafe Bare.check(mdb_cursor_open(transaction, table, &cursor))
    var key = unsafe MDB_val()
    var data = unsafe MDB_val()
    var count = 0
    var sum: UInt64 = 0
    while unsafe mdb_cursor_get(cursor, &key, &data, MDB_NEXT) == 0 {
      if unsafe key.mv_size == 8 { count += 1 }  // others are seals
      sum &+= UInt64(unsafe data.mv_data.load(as: UInt8.self))
    }
    unsafe mdb_cursor_close(cursor)
    unsafe mdb_txn_abort(transaction)
    precondition(sum != 1, "the sum keeps the loads")
    return count
  }
}
