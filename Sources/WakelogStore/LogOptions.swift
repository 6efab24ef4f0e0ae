/// How a log is opened.
public struct LogOptions: Sendable {
  /// Whether this process only reads. It never creates or changes `data.mdb`.
  public var readOnly: Bool
  /// The address space reserved for the map, in bytes. The file is sparse and grows with use; the
  /// map doubles when less than an eighth of it, or than 64 MiB, is left.
  public var mapSizeBytes: Int
  /// Whether every page is checked before LMDB touches it. About a second per gigabyte.
  ///
  /// Without the check a damaged file may stop the process: LMDB 0.9 trusts its pages.
  public var checksPages: Bool

  /// Told how far the conversion of a log of format 1 has come: how many of its events are done, and
  /// how many there are. Every other opening takes no time worth telling.
  public var progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)?

  /// Lets a test make a call fail: returns an errno, or 0 to let it through.
  var fault: (@Sendable (SystemCall) -> Int32)?

  /// Writable, 64 GiB of address space, pages checked, unless said otherwise.
  public init(readOnly: Bool = false, mapSizeBytes: Int = 64 << 30, checksPages: Bool = true) {
    precondition(mapSizeBytes >= 1 << 16, "a map needs at least 64 KiB")
    self.readOnly = readOnly
    self.mapSizeBytes = mapSizeBytes
    self.checksPages = checksPages
  }

  func attempt(_ call: SystemCall) throws(StoreError) {
    guard let code = fault?(call), code != 0 else { return }
    throw StoreError(lmdb: code, call.rawValue)
  }
}
