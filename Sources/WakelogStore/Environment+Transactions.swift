import CLMDB
import Glibc

extension Environment {
  /// How many ended read transactions keep their places: a steady reader takes the lock of LMDB's
  /// table of readers once, and a process that is stopped holding it stops few others.
  private static let spares = 4

  /// Starts a read transaction; the caller ends it with `endRead`.
  func beginRead() throws(StoreError) -> OpaquePointer {
    var attempt = 0
    while true {
      let (code, started) = unsafe try start(.beginRead)
      if let transaction = unsafe started { return unsafe transaction }
      attempt += 1
      try mend(code, .beginRead, attempt)
    }
  }

  func endRead(_ transaction: OpaquePointer) {
    unsafe LMDB.reset(transaction)
    let spare = unsafe Spare(transaction)
    let isKept = withState { state in
      state.live -= 1
      guard state.spares.count < Self.spares else { return false }
      state.spares.append(spare)
      return true
    }
    if !isKept { unsafe LMDB.abort(transaction) }
  }

  /// Takes the writer's lock, of all processes, and starts a write transaction.
  func beginWrite(waitingAtMost seconds: Double) throws(StoreError) -> OpaquePointer {
    guard !options.readOnly else {
      throw StoreError(.readOnly, "The log was opened with readOnly. Open it for writing.")
    }
    let thread = pthread_self()
    precondition(
      withState { $0.writer } != thread, "a write inside a write on one thread never ends")
    let end = Deadline(seconds: seconds)
    var attempt = 0
    while true {
      try growIfNeeded()
      try lockWriter(until: end)
      let (code, started): (Int32, OpaquePointer?)
      do throws(StoreError) {
        unsafe (code, started) = unsafe try start(.beginWrite)
      } catch {
        unlockWriter()
        throw error
      }
      if let transaction = unsafe started {
        withState { $0.writer = thread }
        return unsafe transaction
      }
      unlockWriter()
      attempt += 1
      try mend(code, .beginWrite, attempt)
    }
  }

  func abortWrite(_ transaction: OpaquePointer, mapWasFull: Bool) {
    withState { state in
      state.writer = nil
      if mapWasFull { state.needsGrowth = true }
    }
    unsafe LMDB.abort(transaction)
    unlockWriter()
    leave()
  }

  /// Commits durably. If that fails nothing was kept, and the next use reopens the environment.
  func commitWrite(_ transaction: OpaquePointer) throws(StoreError) {
    let injected = options.fault?(.commit) ?? 0
    withState { $0.writer = nil }
    let commit = unsafe LMDB.identifier(transaction)
    let code: Int32
    if injected == 0 {
      code = unsafe LMDB.commit(transaction)
    } else {
      unsafe LMDB.abort(transaction)
      code = injected
    }
    let handle = withState { state in
      state.needsReopen = state.needsReopen || code != 0
      state.isCommitUndone = code != 0
      state.needsGrowth = state.needsGrowth || code == MDB_MAP_FULL
      state.writes += 1
      if state.writes % 64 == 0, let handle = state.handle {
        _ = unsafe LMDB.clearStaleReaders(handle.pointer)
      }
      return state.handle
    }
    defer {
      unlockWriter()
      leave()
    }
    // LMDB says EIO when a write was cut short, which is what a full disk does first.
    let isFull = code == EIO && FileSystem.isFull(dataPath)
    try LMDB.check(isFull ? ENOSPC : code, "mdb_txn_commit")
    // Nobody else sees a commit into a file that the path no longer leads to.
    guard let handle, let status = try requireSameFile(handle), let shared else { return }
    // Nothing was written where nothing was changed.
    guard lastCommit(handle) == commit else { return }
    shared.note(commit: commit)
    if withState({ $0.wasSound }) {
      shared.remember(sound: status, commit: commit, isSettled: false)
    }
  }

  /// Starts a transaction, once: LMDB's code, and the transaction if that is 0.
  private func start(_ call: SystemCall) throws(StoreError) -> (Int32, OpaquePointer?) {
    let handle = try enter()
    let status: FileSystem.Status?
    do throws(StoreError) {
      status = try requireSameFile(handle)
    } catch {
      leave()
      throw error
    }
    var code = options.fault?(call) ?? 0
    if code == 0 {
      let started = unsafe call == .beginRead ? renew() : nil
      if let transaction = unsafe started { return unsafe (0, transaction) }
      let begun = unsafe LMDB.begin(handle.pointer, readOnly: call == .beginRead)
      if let transaction = unsafe begun.1 {
        if call == .beginWrite { unsafe noteSoundness(status, before: transaction) }
        return unsafe begun
      }
      code = unsafe begun.0
    }
    leave()
    return (code, nil)
  }

  /// Whether what a write begins with is known to be sound, so that what it makes of it is too.
  private func noteSoundness(_ status: FileSystem.Status?, before transaction: OpaquePointer) {
    let commit = unsafe LMDB.identifier(transaction) - 1
    let isSound = shared?.isSound(status, commit: commit, orUnsettled: true) == true
    withState { $0.wasSound = isSound }
  }

  /// Begins one of the ended read transactions again, if there is one that can be.
  private func renew() -> OpaquePointer? {
    while let spare = withState({ $0.spares.popLast() }) {
      if unsafe LMDB.renew(spare.transaction) == 0 { return unsafe spare.transaction }
      unsafe LMDB.abort(spare.transaction)
    }
    return nil
  }

  /// Puts right what kept a transaction from beginning, or throws.
  private func mend(_ code: Int32, _ call: SystemCall, _ attempt: Int) throws(StoreError) {
    switch code {
    case MDB_MAP_RESIZED where attempt < 10: try adoptMapSize()
    case MDB_READERS_FULL where attempt < 3:
      let handle = try enter()
      defer { leave() }
      _ = unsafe LMDB.clearStaleReaders(handle.pointer)
    case MDB_PANIC where attempt < 3: withState { $0.needsReopen = true }
    default:
      throw call == .beginRead ? Self.cannotRead(code) : StoreError(lmdb: code, "mdb_txn_begin")
    }
  }

  /// Why a read could not begin. LMDB tells processes apart by their numbers, and keeps a lock for
  /// each.
  static func cannotRead(_ code: Int32) -> StoreError {
    guard code == EAGAIN || code == EACCES else { return StoreError(lmdb: code, "mdb_txn_begin") }
    return StoreError(
      .sameProcessNumber,
      "A process with the same number (\(getpid())) has the log open in another pid namespace "
        + "(container). Let the containers share one pid namespace, or let one process serve the "
        + "log to the others (`wakelog serve --socket`).")
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
