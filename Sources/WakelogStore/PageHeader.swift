/// A B+tree as LMDB describes it in 48 bytes.
struct PageTree: Sendable, Equatable {
  static let size = 48
  static let noRoot = UInt64.max

  var flags: UInt16
  var depth: UInt16
  var branchPages: UInt64
  var leafPages: UInt64
  var overflowPages: UInt64
  var entries: UInt64
  var root: UInt64

  /// Reads a description; the caller has checked that it lies inside.
  init(_ bytes: Bytes, at offset: Int) {
    flags = unsafe bytes.littleEndian(UInt16.self, at: offset + 4)
    depth = unsafe bytes.littleEndian(UInt16.self, at: offset + 6)
    branchPages = unsafe bytes.littleEndian(UInt64.self, at: offset + 8)
    leafPages = unsafe bytes.littleEndian(UInt64.self, at: offset + 16)
    overflowPages = unsafe bytes.littleEndian(UInt64.self, at: offset + 24)
    entries = unsafe bytes.littleEndian(UInt64.self, at: offset + 32)
    root = unsafe bytes.littleEndian(UInt64.self, at: offset + 40)
  }
}

/// One of the two header pages of `data.mdb`: LMDB's `MDB_meta`.
///
/// A commit with an even number is in page 0, one with an odd number in page 1, so the two differ
/// by one; only a file without commits has 0 in both.
struct PageHeader: Sendable, Equatable {
  static let size = 152
  static let magic: UInt32 = 0xBEEF_C0DE
  static let version: UInt32 = 1
  static let metaFlag: UInt16 = 0x08
  static let integerKeys: UInt16 = 0x08

  var page: UInt64
  var pageSize: Int
  var lastPage: UInt64
  var transaction: UInt64
  var free: PageTree
  var main: PageTree

  /// Reads and checks header page `index`; throws `notALog` if it does not look like LMDB at all.
  init(_ bytes: Bytes, index: UInt64) throws(StoreError) {
    func load<Number: FixedWidthInteger>(_ type: Number.Type, _ offset: Int) -> Number {
      unsafe bytes.littleEndian(type, at: offset)
    }
    guard bytes.count >= Self.size, load(UInt32.self, 16) == Self.magic else {
      throw StoreError(.notALog, "data.mdb does not start like a log. Check the path.")
    }
    guard load(UInt32.self, 20) == Self.version, load(UInt16.self, 10) == Self.metaFlag,
      load(UInt64.self, 0) == index
    else { throw .page(index, "it is not the header that belongs here") }
    page = index
    free = unsafe PageTree(bytes, at: 40)
    main = unsafe PageTree(bytes, at: 88)
    lastPage = load(UInt64.self, 136)
    transaction = load(UInt64.self, 144)
    let declared = load(UInt32.self, 40)
    guard declared.nonzeroBitCount == 1, declared >= 512, declared <= 32768 else {
      throw .page(index, "the page size is impossible")
    }
    pageSize = Int(declared)
    guard free.flags == Self.integerKeys, main.flags == 0 else {
      throw .page(index, "it has flags that no log has")
    }
    guard transaction == 0 || transaction & 1 == index else {
      throw .page(index, "its commit number belongs in the other header")
    }
  }
}

/// Both header pages, read in one go.
struct PageHeaders: Sendable, Equatable {
  var newest: PageHeader
  var older: PageHeader

  /// Reads and checks them. A writer may be replacing one, so a bad pair is read again.
  init(_ descriptor: Int32) throws(StoreError) {
    var waits = Waits(seconds: 0.02)
    while true {
      do {
        self = try Self(once: descriptor)
        return
      } catch {
        try waits.pause(orThrow: error)
      }
    }
  }

  private init(once descriptor: Int32) throws(StoreError) {
    let size = try FileSystem.size(descriptor)
    guard size > 0 else { throw .page(0, "the file is empty") }
    let first = try Self.header(descriptor, 0, at: 0)
    let second: PageHeader
    do {
      second = try Self.header(descriptor, 1, at: first.pageSize)
    } catch {
      throw error.code == .notALog ? .page(1, "the second header is gone") : error
    }
    guard first.pageSize == second.pageSize else { throw .page(1, "the page sizes differ") }
    let isFirstNewer = first.transaction > second.transaction
    newest = isFirstNewer ? first : second
    older = isFirstNewer ? second : first
    let isNew = newest.transaction == 0 && older.transaction == 0
    guard isNew || newest.transaction - older.transaction == 1 else {
      throw .page(newest.page, "the two headers do not follow each other")
    }
    // Pages freed in the commit that made them are never written, so the file may be shorter
    // than the last page says, but not by more than one commit can make.
    guard newest.lastPage >= 1, newest.lastPage < UInt64(size / newest.pageSize) + 1 << 17 else {
      throw .page(newest.page, "the file is shorter than it says")
    }
  }

  private static func header(_ descriptor: Int32, _ index: UInt64, at offset: Int)
    throws(StoreError) -> PageHeader
  {
    let bytes = try FileSystem.read(descriptor, count: PageHeader.size, at: offset)
    let isCut = try unsafe bytes.withBytes { (bytes) throws(StoreError) in
      bytes.count >= 24 && bytes.count < PageHeader.size
        && (unsafe bytes.littleEndian(UInt32.self, at: 16)) == PageHeader.magic
    }
    if isCut { throw .page(index, "the file is cut short") }
    return try unsafe bytes.withBytes { (bytes) throws(StoreError) in
      unsafe try PageHeader(bytes, index: index)
    }
  }
}

extension StoreError {
  /// The error about a damaged page of `data.mdb`.
  static func page(_ number: UInt64, _ what: String) -> StoreError {
    StoreError(
      .corrupt, "Page \(number) of data.mdb: \(what). Restore a copy; this file was not changed.")
  }
}
