import CLMDB
import Glibc

/// The LMDB environment of one log, and the rules about when it may be used.
///
/// Transactions enter and leave; growing, adopting another's map size and reopening need that no
/// transaction of this process is live. A child of fork is turned away.
final class Environment: Sendable {
  let path: String
  let options: LogOptions
  let lockless: Bool
  private let processID = getpid()
  private let state: Lock<State>

  /// The raw environment. LMDB's own locks make its calls safe from any thread, and `State` keeps
  /// it from being closed or remapped while a transaction is live.
  @safe struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }
  }

  struct State: Sendable {
    var handle: Handle?
    var isClosed = false
    var live = 0
    var isExclusive = false
    var needsReopen = false
    var needsGrowth = false
    /// Whether a commit failed and none has followed: LMDB may have left its header half undone.
    var isCommitUndone = false
    var writer: pthread_t?
    var writes = 0
  }

  init(path: String, options: LogOptions, lockless: Bool) throws(StoreError) {
    self.path = path
    self.options = options
    self.lockless = lockless
    let handle = try Self.openHandle(path, options, lockless)
    state = Lock(State(handle: handle))
  }

  deinit { close() }

  private static func openHandle(_ path: String, _ options: LogOptions, _ lockless: Bool)
    throws(StoreError) -> Handle
  {
    try options.attempt(.openEnvironment)
    // LMDB maps the lock file and writes to the map: where the disk has no room for its pages, that
    // is a signal and not an error.
    if !lockless { try FileSystem.reserve(LogFiles.lock(path), bytes: LMDB.lockFileBytes) }
    let pointer = unsafe try LMDB.createEnvironment(mapSize: options.mapSizeBytes)
    // Full fsync, and no WRITEMAP, so that a stray pointer cannot reach the file. Read-ahead stays
    // on (no MDB_NORDAHEAD): a replay walks the file in order, and a cold one lives on it.
    var flags = MDB_NOTLS
    if options.readOnly { flags |= MDB_RDONLY }
    if lockless { flags |= MDB_NOLOCK }
    do {
      unsafe try LMDB.open(pointer, path, flags)
    } catch {
      unsafe LMDB.close(pointer)
      throw error
    }
    _ = unsafe LMDB.clearStaleReaders(pointer)
    return unsafe Handle(pointer)
  }

  /// Counts a transaction in and lends it the environment.
  func enter() throws(StoreError) -> Handle {
    var waits = Waits(seconds: 10)
    while true {
      let entered = try state.withLock { (state) throws(StoreError) -> Handle? in
        try refuse(state)
        if state.isExclusive || (state.needsReopen && state.live > 0) { return nil }
        if state.needsReopen { try reopen(&state) }
        state.live += 1
        return state.handle
      }
      if let entered { return entered }
      try waits.pause(
        orThrow: StoreError(
          .busy, "An earlier transaction has to end before the log can go on."))
    }
  }

  func leave() {
    state.withLock { $0.live -= 1 }
  }

  private func refuse(_ state: borrowing State) throws(StoreError) {
    if getpid() != processID {
      throw StoreError(.forked, "Open the log again in the child of a fork.", path: path)
    }
    if state.isClosed { throw StoreError(.closed, "The log was closed.", path: path) }
  }

  private func reopen(_ state: inout State) throws(StoreError) {
    var options = options
    if let handle = state.handle {
      // As large as it has grown: else a commit that was refused for want of room is so for ever.
      options.mapSizeBytes = unsafe max(
        options.mapSizeBytes, LMDB.info(handle.pointer).me_mapsize)
      unsafe LMDB.close(handle.pointer)
    }
    state.handle = nil
    let handle = try Self.openHandle(path, options, lockless)
    do {
      try openTables(handle)
    } catch {
      unsafe LMDB.close(handle.pointer)
      throw error
    }
    state.handle = handle
    state.needsReopen = false
  }

  /// Opens the handles of all tables, which stay valid as long as the environment.
  private func openTables(_ handle: Handle) throws(StoreError) {
    let (code, started) = unsafe LMDB.begin(handle.pointer, readOnly: true)
    guard let transaction = unsafe started else { throw StoreError(lmdb: code, "mdb_txn_begin") }
    do {
      for table in Table.allCases {
        unsafe try LMDB.openTable(transaction, table, create: false)
      }
    } catch {
      unsafe LMDB.abort(transaction)
      throw error
    }
    try unsafe LMDB.check(LMDB.commit(transaction), "mdb_txn_commit")
  }

  func openTables() throws(StoreError) {
    let handle = try enter()
    defer { leave() }
    try openTables(handle)
  }

  /// Runs `body` while no transaction of this process is live; waits for them up to a limit.
  func exclusively(seconds: Double, _ body: (Handle) throws(StoreError) -> Void)
    throws(StoreError)
  {
    var waits = Waits(seconds: seconds)
    var isHeld = false
    defer { if isHeld { state.withLock { $0.isExclusive = false } } }
    while true {
      let isDone = try state.withLock { (state) throws(StoreError) -> Bool in
        try refuse(state)
        if !isHeld && !state.isExclusive {
          state.isExclusive = true
          isHeld = true
        }
        guard isHeld, state.live == 0, let handle = state.handle else {
          return state.handle == nil
        }
        try body(handle)
        return true
      }
      if isDone { return }
      try waits.pause(
        orThrow: StoreError(
          .busy, "The map can change only when no transaction is live. End long reads."))
    }
  }

  func withState<R: Sendable>(_ body: (inout State) -> R) -> R {
    state.withLock { body(&$0) }
  }

  /// Waits for live transactions, then lets go of the file. Does nothing in a child of fork.
  func close() {
    guard getpid() == processID else { return }
    while true {
      let isDone = state.withLock { state in
        guard state.live == 0 else { return false }
        if let handle = state.handle { unsafe LMDB.close(handle.pointer) }
        state.handle = nil
        state.isClosed = true
        return true
      }
      if isDone { return }
      _ = usleep(1000)
    }
  }
}

/// Short sleeps up to a limit.
package struct Waits {
  private var left: Int

  /// Sleeps that take no longer than some time together.
  package init(seconds: Double) { left = Int(seconds * 1000) }

  /// Sleeps for a millisecond, or throws when the time is up.
  package mutating func pause(orThrow error: @autoclosure () -> StoreError) throws(StoreError) {
    guard left > 0 else { throw error() }
    left -= 1
    _ = usleep(1000)
  }
}
