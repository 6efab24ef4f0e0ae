import CLMDB
import Glibc

extension Environment {
  /// Starts a read transaction; the caller ends it with `endRead`.
  func beginRead() throws(StoreError) -> OpaquePointer {
    unsafe try begin(.beginRead, readOnly: true)
  }

  func endRead(_ transaction: OpaquePointer) {
    unsafe LMDB.abort(transaction)
    leave()
  }

  /// Takes the writer's lock, of all processes, and starts a write transaction.
  func beginWrite() throws(StoreError) -> OpaquePointer {
    guard !options.readOnly else {
      throw StoreError(.readOnly, "The log was opened with readOnly. Open it for writing.")
    }
    let thread = pthread_self()
    precondition(
      withState { $0.writer } != thread, "a write inside a write on one thread never ends")
    try growIfNeeded()
    let transaction = unsafe try begin(.beginWrite, readOnly: false)
    withState { $0.writer = thread }
    return unsafe transaction
  }

  func abortWrite(_ transaction: OpaquePointer, mapWasFull: Bool) {
    withState { state in
      state.writer = nil
      if mapWasFull { state.needsGrowth = true }
    }
    unsafe LMDB.abort(transaction)
    leave()
  }

  /// Commits durably. If that fails nothing was kept, and the next use reopens the environment.
  func commitWrite(_ transaction: OpaquePointer) throws(StoreError) {
    let injected = options.fault?(.commit) ?? 0
    withState { $0.writer = nil }
    let code: Int32
    if injected == 0 {
      code = unsafe LMDB.commit(transaction)
    } else {
      unsafe LMDB.abort(transaction)
      code = injected
    }
    withState { state in
      state.needsReopen = state.needsReopen || code != 0
      state.isCommitUndone = code != 0
      state.needsGrowth = state.needsGrowth || code == MDB_MAP_FULL
      state.writes += 1
      if state.writes % 1024 == 0, let handle = state.handle {
        _ = unsafe LMDB.clearStaleReaders(handle.pointer)
      }
    }
    leave()
    // LMDB says EIO when a write was cut short, which is what a full disk does first.
    let isFull = code == EIO && FileSystem.isFull(LogFiles.data(path))
    try LMDB.check(isFull ? ENOSPC : code, "mdb_txn_commit")
  }

  private func begin(_ call: SystemCall, readOnly: Bool) throws(StoreError) -> OpaquePointer {
    var attempt = 0
    while true {
      let handle = try enter()
      var code = options.fault?(call) ?? 0
      if code == 0 {
        let started = unsafe LMDB.begin(handle.pointer, readOnly: readOnly)
        if let transaction = unsafe started.1 { return unsafe transaction }
        code = unsafe started.0
      }
      if code == MDB_READERS_FULL { _ = unsafe LMDB.clearStaleReaders(handle.pointer) }
      leave()
      attempt += 1
      switch code {
      case MDB_MAP_RESIZED where attempt < 10: try adoptMapSize()
      case MDB_READERS_FULL where attempt < 3: break
      case MDB_PANIC where attempt < 3: withState { $0.needsReopen = true }
      default: throw StoreError(lmdb: code, "mdb_txn_begin")
      }
    }
  }

  /// Takes over the map size that another process has chosen.
  private func adoptMapSize() throws(StoreError) {
    try exclusively(seconds: 10) { (handle) throws(StoreError) in
      try options.attempt(.setMapSize)
      unsafe try LMDB.setMapSize(handle.pointer, 0)
    }
  }

  /// Doubles the map when room gets short. With readers live it waits for them only if it must.
  private func growIfNeeded() throws(StoreError) {
    let (isForced, isShort) = withState { state in
      guard let handle = state.handle else { return (false, false) }
      let isShort = unsafe mapSizeNeeded(handle.pointer, urgent: state.live > 0) != nil
      return (state.needsGrowth, isShort)
    }
    guard isForced || isShort else { return }
    do {
      try exclusively(seconds: isForced ? 10 : 0.05) { (handle) throws(StoreError) in
        let doubled = isForced ? unsafe LMDB.info(handle.pointer).me_mapsize * 2 : 0
        let needed = unsafe mapSizeNeeded(handle.pointer, urgent: false)
        guard needed != nil || isForced else { return }
        try options.attempt(.setMapSize)
        unsafe try LMDB.setMapSize(handle.pointer, max(needed ?? 0, doubled))
      }
    } catch  where error.code == .busy && !isForced {
      return
    }
    withState { $0.needsGrowth = false }
  }

  /// The size that leaves an eighth of the map and 64 MiB free, or `nil` if the present one does.
  /// While readers are live only the urgent half of that counts, since growing waits for them.
  private func mapSizeNeeded(_ pointer: OpaquePointer, urgent: Bool) -> Int? {
    let info = unsafe LMDB.info(pointer)
    let used = unsafe (info.me_last_pgno + 1) * Int(sysconf(Int32(_SC_PAGESIZE)))
    let divisor = urgent ? 2 : 1
    var size = unsafe info.me_mapsize
    while size - used < max(64 << 20, size / 8) / divisor { size *= 2 }
    return unsafe size == info.me_mapsize ? nil : size
  }
}
