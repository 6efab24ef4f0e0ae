import CLMDB

/// How large a log is, by table and as a whole.
public struct LogStatistics: Sendable, Equatable {
  /// One table.
  public struct TableSize: Sendable, Equatable {
    /// The table's name in the file.
    public var name: String
    /// How many rows it has.
    public var entries: Int
    /// How many pages it takes, overflow pages included.
    public var pages: Int
    /// The size of those pages, in bytes.
    public var bytes: Int
  }

  /// All tables, in the order of the format.
  public var tables: [TableSize]
  /// The size of `data.mdb`, in bytes.
  public var fileBytes: Int
  /// The address space reserved for the map, in bytes.
  public var mapBytes: Int
  /// How many reader slots are in use, of all processes.
  public var readers: Int
  /// The last event's sequence, 0 when empty.
  public var lastSequence: UInt64
  /// The storage format's version.
  public var formatVersion: UInt32
}

extension Log {
  /// Counts rows and pages. Reads no data, so it is cheap.
  public func statistics() throws -> LogStatistics {
    try read { transaction in
      let tables = try Table.allCases.filter { identity.format.has($0) }.map { table in
        let raw = unsafe try LMDB.statistics(transaction.snapshot.transaction, table)
        let pages = raw.ms_branch_pages + raw.ms_leaf_pages + raw.ms_overflow_pages
        return LogStatistics.TableSize(
          name: table.name, entries: raw.ms_entries, pages: pages,
          bytes: pages * Int(raw.ms_psize))
      }
      let handle = try environment.enter()
      defer { environment.leave() }
      let info = unsafe LMDB.info(handle.pointer)
      return LogStatistics(
        tables: tables, fileBytes: FileSystem.status(LogFiles.data(path))?.size ?? 0,
        mapBytes: unsafe info.me_mapsize, readers: Int(unsafe info.me_numreaders),
        lastSequence: try transaction.lastSequence, formatVersion: identity.format.rawValue)
    }
  }

  /// Clears the reader slots of processes that died, and returns how many there were.
  ///
  /// Opening the log does this too.
  @discardableResult
  public func clearStaleReaders() throws -> Int {
    let handle = try environment.enter()
    defer { environment.leave() }
    return unsafe LMDB.clearStaleReaders(handle.pointer)
  }

  /// Writes a consistent copy into a new or empty directory, while the log is in use.
  ///
  /// A compact copy leaves out free pages, and with them what lingers of redacted evidence; it
  /// takes longer. The copy is on disk when this returns. Throws `notALog` if the directory has
  /// content, `diskFull` or `inputOutput`; a partial copy is removed.
  public func copy(to path: String, compact: Bool) throws {
    try naming(path) {
      try FileSystem.createDirectory(path)
      guard try FileSystem.entries(path).isEmpty else {
        throw StoreError(.notALog, "The directory has content. Copy into an empty one.")
      }
      let handle = try environment.enter()
      defer { environment.leave() }
      do {
        try environment.options.attempt(.copy)
        try LMDB.check(
          unsafe LMDB.copy(handle.pointer, path, compact: compact), "mdb_env_copy2")
        try FileSystem.sync(LogFiles.data(path))
        try FileSystem.sync(path)
      } catch {
        FileSystem.remove(LogFiles.data(path))
        throw error
      }
    }
  }
}
