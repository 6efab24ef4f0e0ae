import CLMDB
import Glibc

/// An append-only log of events in a directory, with what belongs to them.
///
/// Many threads and processes may use one log: any number read, one at a time writes, and every
/// commit is on disk when `write` returns. One process opens a log once.
public final class Log: Sendable {
  /// The directory, as it was given to `open`.
  public let path: String
  /// 16 random bytes made when the log was created. Copies share them.
  public var identifier: [UInt8] { identity.identifier }
  let identity: Identity
  let environment: Environment
  let registration: Registration

  private init(
    _ environment: Environment, _ identity: Identity, _ registration: Registration
  ) {
    self.path = environment.path
    self.identity = identity
    self.environment = environment
    self.registration = registration
  }

  deinit { close() }

  /// Opens the log in a directory; makes both unless `options` say read-only.
  ///
  /// Before LMDB touches the file, every page is checked, so that a damaged file is an error and
  /// not a crash. Throws `notALog` and touches nothing if the directory holds something else,
  /// `newerFormat` if a later release wrote it, `alreadyOpen`, `corrupt`, `readOnly`, `notFound`.
  public static func open(_ path: String, options: LogOptions = LogOptions()) throws(StoreError)
    -> Log
  {
    do throws(StoreError) {
      Hashing.prepare()
      let registration = try prepare(path, options)
      do throws(StoreError) {
        var (environment, identity) = try openEnvironment(path, options)
        if identity.format == .first, !options.readOnly {
          environment.close()
          try Conversion.run(path, options)
          (environment, identity) = try openEnvironment(path, options)
        }
        if !options.readOnly { Conversion.removeLeftovers(path) }
        let log = Log(environment, identity, registration)
        try log.checkTail()
        return log
      } catch {
        registration.end()
        throw error
      }
    } catch {
      throw error.at(path)
    }
  }

  private static func openEnvironment(
    _ path: String, _ options: LogOptions
  ) throws(StoreError) -> (Environment, Identity) {
    while true {
      let file = FileSystem.status(LogFiles.data(path))?.identity
      let lockless = try LogFiles.mustGoWithoutLock(path, options)
      let environment = try Environment(path: path, options: options, lockless: lockless)
      // Another process may have put the converted log in the place of this one while LMDB waited
      // for its lock.
      guard FileSystem.status(LogFiles.data(path))?.identity == file else {
        environment.close()
        continue
      }
      if options.checksPages { try environment.checkPages() }
      try environment.openTables()
      return (environment, try environment.identify())
    }
  }

  /// Finds or makes the files and claims them for this process.
  private static func prepare(_ path: String, _ options: LogOptions) throws(StoreError)
    -> Registration
  {
    let isThere = try LogFiles.exists(path, options)
    if !isThere { try LogFiles.create(path, options) }
    guard let status = FileSystem.status(path) else {
      throw StoreError(.notFound, "The directory went away. Open the log again.")
    }
    guard let registration = Registration(status.identity) else {
      throw StoreError(.alreadyOpen, "Use the log that this process has open, or close it first.")
    }
    do throws(StoreError) {
      try LogFiles.checkHeader(path, options)
    } catch {
      registration.end()
      throw error
    }
    return registration
  }

  /// Runs `body` in a write transaction: commits when it returns, rolls back when it throws.
  ///
  /// Waits for the writer's lock, which is one for all processes. The commit is durable when this
  /// returns; when it throws, nothing was kept. A write inside a write is a programmer error.
  public func write<R>(_ body: (borrowing WriteTransaction) throws -> R) throws -> R {
    try naming(path) {
      let transaction = try WriteTransaction(environment, identity)
      let result = try body(transaction)
      try transaction.commit()
      return result
    }
  }

  /// Runs `body` on a stable view of the log.
  public func read<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
    try naming(path) {
      let transaction = try ReadTransaction(environment, identity)
      return try body(transaction)
    }
  }

  /// Waits for the transactions of other threads, then lets go of the files.
  ///
  /// Closing inside a transaction never ends. A closed log throws `closed`; closing twice is fine.
  public func close() {
    environment.close()
    registration.end()
  }

  /// The number of the last commit, of any process; 0 once closed.
  ///
  /// Cheap enough to poll. It grows with every commit, and starts anew in a compact copy.
  public func lastCommit() -> UInt64 {
    guard let handle = try? environment.enter() else { return 0 }
    defer { environment.leave() }
    return UInt64(unsafe LMDB.info(handle.pointer).me_last_txnid)
  }
}
