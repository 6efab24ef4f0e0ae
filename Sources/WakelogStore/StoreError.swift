/// What went wrong with a log, and what to do next.
///
/// Every operating error of the store is one of these; programmer errors are preconditions.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of failure a caller may want to tell apart.
  public enum Code: String, Sendable, CaseIterable {
    /// The file contradicts itself. Nothing was changed; restore a copy or export what reads.
    case corrupt
    /// The disk, the quota or the file size limit is exhausted. Nothing of the commit was kept.
    case diskFull
    /// The log was opened for reading only, or the file system forbids writing.
    case readOnly
    /// The directory holds something that this store did not write. Nothing was touched.
    case notALog
    /// The log was written by a later release.
    case newerFormat
    /// Other transactions or processes hold what is needed; try again.
    case busy
    /// The commit did not fit the memory map; the next write grows it.
    case mapFull
    /// This process already has the log open.
    case alreadyOpen
    /// The log was opened before this process was forked.
    case forked
    /// The log was closed.
    case closed
    /// The system refused an operation on the file.
    case inputOutput
    /// `data.mdb` was replaced or deleted while this process had it open. What it answered before
    /// is in the old file; nothing is read or written until the log is opened again.
    case replaced
    /// Others can write to the directory, or its files are not the owner's. Nothing was touched.
    case untrusted
    /// A process of another pid namespace that has the same number has the log open. Trying again
    /// does not help.
    case sameProcessNumber
    /// A record, symbol, evidence or row is larger than its limit.
    case tooLarge
    /// The log, or the row asked for, does not exist.
    case notFound
  }

  /// The kind of failure.
  public var code: Code
  /// What happened and what to do next, in a sentence or two.
  public var message: String
  /// The directory of the log, where known.
  public var path: String?
  /// The table concerned, where known.
  public var table: String?
  /// The sequence number concerned, where known.
  public var sequence: UInt64?
  /// The process that holds what is needed, where known.
  public var holder: WriterHolder?

  /// Makes an error; the parts that are not known stay `nil`.
  public init(
    _ code: Code, _ message: String, path: String? = nil, table: String? = nil,
    sequence: UInt64? = nil, holder: WriterHolder? = nil
  ) {
    self.code = code
    self.message = message
    self.path = path
    self.table = table
    self.sequence = sequence
    self.holder = holder
  }

  /// One line: code, place and message.
  public var description: String {
    var place = ""
    if let path { place += " in \(path)" }
    if let table { place += ", table \(table)" }
    if let sequence { place += ", sequence \(sequence)" }
    return "\(code.rawValue)\(place): \(message)"
  }

  /// The same error with the directory filled in, unless it names one already.
  func at(_ path: String) -> StoreError {
    var copy = self
    if copy.path == nil { copy.path = path }
    return copy
  }

  static func corrupt(_ message: String, _ table: Table, _ sequence: UInt64? = nil) -> StoreError {
    StoreError(.corrupt, message, table: table.name, sequence: sequence)
  }
}

/// Runs `body` and fills the directory into any store error that leaves it.
func naming<R: ~Copyable>(_ path: String, _ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch let error as StoreError {
    throw error.at(path)
  }
}
