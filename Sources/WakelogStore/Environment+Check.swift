extension Environment {
  /// Checks every page of the newest snapshot while a read transaction pins it; its commit.
  @discardableResult
  func checkPages() throws(StoreError) -> UInt64 {
    var attempts = 0
    while true {
      do {
        return try checkPagesOnce()
      } catch  where error.code == .busy && attempts < 20 {
        attempts += 1
      }
    }
  }

  private func checkPagesOnce() throws(StoreError) -> UInt64 {
    let transaction = unsafe try beginRead()
    defer { unsafe endRead(transaction) }
    let descriptor = try FileSystem.open(dataPath)
    defer { FileSystem.close(descriptor) }
    try options.attempt(.readFile)
    let commit = unsafe LMDB.identifier(transaction)
    try PageCheck.run(descriptor, transaction: commit)
    return commit
  }
}

extension LogFiles {
  /// Checks the two header pages, which LMDB reads first.
  static func checkHeader(_ path: String, _ options: LogOptions) throws(StoreError) {
    try options.attempt(.openFile)
    let descriptor = try FileSystem.open(data(path))
    defer { FileSystem.close(descriptor) }
    let headers = try PageHeaders(descriptor)
    guard PageCheck.mayBeLog(descriptor, headers) else {
      throw StoreError(.notALog, "data.mdb is LMDB's, but no log's. Check the path.")
    }
  }
}

extension PageCheck {
  /// Whether the main tree may have our tables: `false` only if its one page shows that it has not.
  static func mayBeLog(_ descriptor: Int32, _ headers: PageHeaders) -> Bool {
    let main = headers.newest.main
    guard main.root != PageTree.noRoot else { return false }
    let reader = PageReader(descriptor, pageSize: headers.newest.pageSize)
    guard main.depth == 1, let page = unsafe try? reader.page(main.root, ahead: main.root),
      let nodes = unsafe try? PageNodes(page, number: main.root, isLeaf: true)
    else { return true }
    let names = Set((0..<nodes.count).map { unsafe String(decoding: nodes.key($0), as: UTF8.self) })
    if Table.allCases.allSatisfy({ names.contains($0.name) }) { return true }
    // A writer may have replaced the page meanwhile; then the headers have changed.
    return (try? PageHeaders(descriptor)) != headers
  }
}
