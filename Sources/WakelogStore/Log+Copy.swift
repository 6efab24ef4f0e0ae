import Glibc

extension Log {
  /// Writes a consistent copy into a new or empty directory, while the log is in use.
  ///
  /// A compact copy leaves out free pages, and with them what lingers of redacted evidence; it
  /// takes longer. The copy is its owner's alone from its first byte, and on disk when this returns.
  /// Throws `notALog` if the directory has content, `diskFull` or `inputOutput`; then nothing is
  /// left, nor the directory if this made it. It is one reading of the log: pages that are freed
  /// meanwhile can be used again only when it has ended.
  public func copy(to path: String, compact: Bool) throws {
    try naming(path) {
      let isNew = FileSystem.statusOfLink(path) == nil
      try FileSystem.createDirectory(path)
      guard try FileSystem.entries(path).isEmpty else {
        throw StoreError(.notALog, "The directory has content. Copy into an empty one.")
      }
      do {
        let descriptor = try FileSystem.create(LogFiles.data(path))
        defer { FileSystem.close(descriptor) }
        try environment.options.attempt(.copy)
        try environment.copy(to: descriptor, compact: compact)
        try FileSystem.sync(descriptor)
        try FileSystem.sync(path)
        // The directory's own name, which a loss of power may take otherwise.
        try FileSystem.sync(path + "/..")
      } catch {
        FileSystem.remove(LogFiles.data(path))
        if isNew { FileSystem.removeDirectory(path) }
        throw error
      }
    }
  }
}

extension Environment {
  /// Writes a copy of the newest snapshot. Takes no lock of writers.
  func copy(to target: Int32, compact: Bool) throws(StoreError) {
    if compact {
      let handle = try enter()
      defer { leave() }
      try requireSameFile(handle)
      return try LMDB.check(
        unsafe LMDB.copyCompact(handle.pointer, to: target), "mdb_env_copyfd2")
    }
    var waits = Waits(seconds: 1)
    while try !copyPages(to: target) {
      try waits.pause(orThrow: StoreError(.busy, "The log is written to all the time. Try again."))
    }
  }

  /// Copies the pages of a snapshot, which stay as they are while a transaction reads them. False
  /// if the headers had gone on before they were read.
  private func copyPages(to target: Int32) throws(StoreError) -> Bool {
    let transaction = unsafe try beginRead()
    defer { unsafe endRead(transaction) }
    let handle = try enter()
    defer { leave() }
    let source = unsafe LMDB.descriptor(handle.pointer)
    let headers = try PageHeaders(source)
    let size = headers.newest.pageSize
    let pair = try FileSystem.read(source, count: 2 * size, at: 0)
    // A commit that came in between shows in one of the two.
    guard unsafe headers.newest.transaction == LMDB.identifier(transaction),
      try PageHeaders(source) == headers,
      try FileSystem.read(source, count: 2 * size, at: 0) == pair
    else { return false }
    try unsafe pair.withBytes { (pair) throws(StoreError) in
      unsafe try FileSystem.write(target, pair)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * size, alignment: 4096)
    defer { unsafe buffer.deallocate() }
    let end = (Int(headers.newest.lastPage) + 1) * size
    var done = pair.count
    while done < end {
      let wanted = min(buffer.count, end - done)
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
      let count = unsafe try FileSystem.read(source, into: part, at: done)
      // Pages that were freed in the commit that made them were never written.
      if count == 0 { break }
      unsafe try FileSystem.write(target, Bytes(rebasing: Bytes(part)[..<count]))
      done += count
    }
    return true
  }
}
