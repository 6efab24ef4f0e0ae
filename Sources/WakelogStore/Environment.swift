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
  /// The directory and `data.mdb` from the root, so that they are found again wherever this process
  /// goes.
  let directory: String
  let dataPath: String
  /// What writers of all processes share; nil where that file cannot be written, and for drafts.
  let shared: WriterLock?
  let processID = getpid()
  private let state: Lock<State>

  /// The raw environment. LMDB's own locks make its calls safe from any thread, and `State` keeps
  /// it from being closed or remapped while a transaction is live.
  @safe struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// The data file that is open.
    let file: FileSystem.Identity
    /// LMDB's lock file, opened beside LMDB; -1 without one.
    let lockFile: Int32

    init(_ pointer: OpaquePointer, file: FileSystem.Identity, lockFile: Int32) {
      unsafe self.pointer = unsafe pointer
      self.file = file
      self.lockFile = lockFile
    }
  }

  /// A read transaction that has ended and keeps its place in the table of readers.
  @safe struct Spare: @unchecked Sendable {
    let transaction: OpaquePointer
    init(_ transaction: OpaquePointer) { unsafe self.transaction = unsafe transaction }
  }

  struct State: Sendable {
    var handle: Handle?
    var isClosed = false
    var isClosing = false
    var live = 0
    /// The threads that hold the writer's lock or wait for it.
    var writers = 0
    var isExclusive = false
    var needsReopen = false
    var needsGrowth = false
    /// Whether a commit failed and none has followed: LMDB may have left its header half undone.
    var isCommitUndone = false
    var isReplaced = false
    var writer: pthread_t?
    var writes = 0
    var spares: [Spare] = []
    /// Whether all pages were known to be sound when the write began.
    var wasSound = false
    /// What lets the writer's thread be stopped again.
    var stops: UInt32 = 0
    /// The last holder of the writer's lock that was warned of.
    var warnedOf: WriterHolder?
  }

  init(path: String, options: LogOptions, lockless: Bool) throws(StoreError) {
    self.path = path
    self.options = options
    self.lockless = lockless
    let directory = FileSystem.realPath(path)
    self.directory = directory
    dataPath = LogFiles.data(directory)
    if !lockless { LogFiles.giveBackLocks(directory) }
    let shared = lockless ? nil : try WriterLock.open(directory, options)
    defer { shared?.endOpening() }
    self.shared = shared
    let handle = try Self.openHandle(directory, options, lockless: lockless, shared: shared)
    state = Lock(State(handle: handle))
  }

  deinit { close() }

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

  var forked: StoreError {
    StoreError(.forked, "Open the log again in the child of a fork.", path: path)
  }

  var closed: StoreError { StoreError(.closed, "The log was closed.", path: path) }

  private func refuse(_ state: borrowing State) throws(StoreError) {
    if getpid() != processID { throw forked }
    if state.isClosed { throw closed }
    if state.isReplaced { throw Self.replaced }
  }

  private func reopen(_ state: inout State) throws(StoreError) {
    var options = options
    if let handle = state.handle {
      // As large as it has grown: else a commit that was refused for want of room is so for ever.
      options.mapSizeBytes = unsafe max(
        options.mapSizeBytes, LMDB.info(handle.pointer).me_mapsize)
    }
    let before = state.handle?.file
    letGo(&state)
    try shared?.beginOpening(waitingAtMost: options.writerWaitSeconds)
    defer { shared?.endOpening() }
    let handle = try Self.openHandle(directory, options, lockless: lockless, shared: shared)
    do throws(StoreError) {
      guard before == nil || before == handle.file else {
        state.isReplaced = true
        throw Self.replaced
      }
      try openTables(handle)
    } catch {
      close(handle)
      throw error
    }
    state.handle = handle
    state.needsReopen = false
  }

  /// Closes what is open. No transaction may be live.
  private func letGo(_ state: inout State) {
    for spare in state.spares { unsafe LMDB.abort(spare.transaction) }
    state.spares = []
    if let handle = state.handle { close(handle) }
    state.handle = nil
  }

  private func close(_ handle: Handle) {
    unsafe LMDB.close(handle.pointer)
    if handle.lockFile >= 0 { FileSystem.close(handle.lockFile) }
  }

  /// Opens the handles of all tables, which stay valid as long as the environment.
  private func openTables(_ handle: Handle) throws(StoreError) {
    let (code, started) = unsafe LMDB.begin(handle.pointer, readOnly: true)
    guard let transaction = unsafe started else { throw Self.cannotRead(code) }
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

  /// Waits for live transactions, then lets go of the file; who waits to write gives up. Does nothing in a child of fork.
  func close() {
    guard getpid() == processID else { return }
    while true {
      let isDone = state.withLock { state in
        state.isClosing = true
        guard state.live == 0, state.writers == 0 else { return false }
        guard !state.isClosed else { return true }
        if let handle = state.handle, !state.isReplaced { settle(handle) }
        letGo(&state)
        shared?.close()
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
