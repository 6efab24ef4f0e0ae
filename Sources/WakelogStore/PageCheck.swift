/// Checks every page of one snapshot of `data.mdb`, without LMDB and without mapping it.
///
/// LMDB 0.9 has no page checksums and trusts what it reads, so a damaged page may make it read or
/// jump anywhere. This walks the list of free pages, the main tree and every table: page numbers,
/// kinds, bounds, nodes, key order, depth, counts, overflow runs; each page has one owner. Damage
/// inside values is not seen here: checksums and seals tell that.
///
/// The caller holds a read transaction of that snapshot, so that no writer reuses its pages.
final class PageCheck {
  let reader: PageReader
  let header: PageHeader
  var owned: PageSet
  /// Takes the parts of pages that hold nothing.
  var onUnused: ((UInt64, Range<Int>) throws(StoreError) -> Void)?

  private init(_ descriptor: Int32, _ header: PageHeader, pages: UInt64) {
    reader = PageReader(descriptor, pageSize: header.pageSize)
    self.header = header
    owned = PageSet(last: pages)
  }

  /// Checks the snapshot of the commit `transaction`, which the caller has pinned.
  static func run(_ descriptor: Int32, transaction: UInt64) throws(StoreError) {
    let headers = try PageHeaders(descriptor)
    var header = headers.newest
    if header.transaction != transaction { header = headers.older }
    guard header.transaction == transaction else { return try rerun(transaction) }
    let check = PageCheck(descriptor, header, pages: header.lastPage)
    try check.checkFreePages()
    try check.checkTables()
    try checkOlder(descriptor, headers)
  }

  /// Checks the snapshot of a commit that the caller has pinned, and gives the parts of its pages
  /// that hold nothing: between the offsets of nodes and the nodes, and behind what overflows.
  static func forEachUnusedPart(
    _ descriptor: Int32, transaction: UInt64,
    _ body: @escaping (UInt64, Range<Int>) throws(StoreError) -> Void
  ) throws(StoreError) {
    let headers = try PageHeaders(descriptor)
    let header =
      headers.newest.transaction == transaction ? headers.newest : headers.older
    guard header.transaction == transaction else { return try rerun(transaction) }
    let check = PageCheck(descriptor, header, pages: header.lastPage)
    check.onUnused = body
    try check.checkFreePages()
    try check.checkTables()
  }

  /// Two commits passed between pinning the snapshot and reading the headers.
  private static func rerun(_ transaction: UInt64) throws(StoreError) {
    throw StoreError(.busy, "Commit \(transaction) is past. Open the log again.")
  }

  /// A commit's number is also the last key of its list of free pages. If the older header has a
  /// list from after its own number, that number is damaged, and a commit would go missing.
  private static func checkOlder(_ descriptor: Int32, _ headers: PageHeaders) throws(StoreError) {
    let older = headers.older
    // Its last page was not checked, so nothing is sized by it.
    let check = PageCheck(descriptor, older, pages: 0)
    guard older.free.root != PageTree.noRoot, let last = try? check.lastFreeKey() else { return }
    guard try PageHeaders(descriptor) == headers, last > older.transaction else { return }
    throw .page(older.page, "its commit number is older than its content")
  }

  private func checkTables() throws(StoreError) {
    var tables: [(String, PageTree)] = []
    try walk(header.main, "main", integers: false) { (nodes, index) throws(StoreError) in
      let data = unsafe nodes.data(index)
      guard nodes.flags(index) == PageNodes.subTree, data.count == PageTree.size else {
        throw .page(self.header.main.root, "an entry of the main tree is not a table")
      }
      let name = unsafe String(decoding: nodes.key(index), as: UTF8.self)
      tables.append((name, unsafe PageTree(data, at: 0)))
    }
    for (name, tree) in tables {
      guard tree.flags == 0 else { throw .page(tree.root, "table \(name) has odd flags") }
      try walk(tree, name, integers: false, visit: nil)
    }
  }

  private func checkFreePages() throws(StoreError) {
    var last: UInt64 = 0
    var lists: [(first: UInt64, size: Int)] = []
    try walk(header.free, "free pages", integers: true) { (nodes, index) throws(StoreError) in
      let key = unsafe nodes.key(index)
      guard key.count == 8 else { throw .page(self.header.free.root, "a free list has no number") }
      last = unsafe key.littleEndian(UInt64.self, at: 0)
      let data = unsafe nodes.data(index)
      if nodes.flags(index) == PageNodes.bigData {
        lists.append((unsafe data.littleEndian(UInt64.self, at: 0), nodes.dataSize(index)))
      } else {
        unsafe try self.own(freePages: data)
      }
    }
    guard header.transaction <= 1 || last == header.transaction else {
      throw .page(header.page, "its commit number is not that of its list of free pages")
    }
    for list in lists { try ownLongList(list.first, list.size) }
  }

  /// The last key of the list of free pages: follows the last child down.
  private func lastFreeKey() throws(StoreError) -> UInt64? {
    var number = header.free.root
    for level in 1...max(1, Int(min(header.free.depth, 32))) {
      let isLeaf = level == header.free.depth
      let page = unsafe try reader.page(number, ahead: number)
      let nodes = unsafe try PageNodes(page, number: number, isLeaf: isLeaf)
      guard nodes.count > 0 else { return nil }
      if isLeaf {
        let key = unsafe nodes.key(nodes.count - 1)
        return key.count == 8 ? unsafe key.littleEndian(UInt64.self, at: 0) : nil
      }
      number = nodes.child(nodes.count - 1)
    }
    return nil
  }
}
