import Glibc

/// Opens a host's SQLite database without leaving anything beside it.
enum StoreDatabase {
  /// Opens the database of a name in a folder.
  ///
  /// With a write-ahead log and its index beside it, a program may be writing: SQLite's own locks
  /// keep the two apart. With the log alone the store is a copy; SQLite would make the index beside
  /// it, so both files are copied to a place of ours first, and removed afterwards.
  static func open(_ name: String, in folder: Folder) throws(ImportError) -> SQLite {
    for tail in ["-wal", "-shm"] {
      switch folder.kind(of: name + tail) {
      case .link, .folder, .other:
        throw ImportError("\(folder.path)/\(name)\(tail): is no regular file; remove it")
      case .file, .none: break
      }
    }
    var hasLog = false
    if case .file(let bytes) = folder.kind(of: name + "-wal") { hasLog = bytes > 0 }
    let path = folder.path + "/" + name
    if folder.hasFile(name + "-shm") { return try SQLite.reading(path, isLive: true) }
    guard hasLog else { return try SQLite.reading(path, isLive: false) }
    return try copied(name, in: folder)
  }

  private static func copied(_ name: String, in folder: Folder) throws(ImportError) -> SQLite {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var pattern = Array((parent + "/wakelog-import-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&pattern) != nil else {
      throw ImportError("\(parent): \(systemError()); name another directory in TMPDIR")
    }
    let place = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let copy = place + "/store.db"
    defer {
      // SQLite has them open; they go away with it.
      for tail in ["", "-wal", "-shm"] { unsafe unlink(copy + tail) }
      unsafe rmdir(place)
    }
    for tail in ["", "-wal"] {
      guard let file = folder.file(name + tail) else {
        throw ImportError("\(folder.path)/\(name)\(tail): \(systemError())")
      }
      try file.copy(to: copy + tail)
    }
    let database = try SQLite.reading(copy, isLive: true)
    // The index of the log is made now, while the files have names.
    try database.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
    return database
  }
}

extension Lines {
  /// Writes all that is left to a new file.
  func copy(to path: String) throws(ImportError) {
    let target = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard target >= 0 else { throw ImportError("\(path): \(systemError())") }
    defer { close(target) }
    while let piece = nextPiece() {
      let isWritten = unsafe piece.withUnsafeBytes { bytes in
        unsafe write(target, bytes.baseAddress, bytes.count) == bytes.count
      }
      guard isWritten else { throw ImportError("\(path): \(systemError())") }
    }
    if let fault { throw ImportError("the copy at \(path) is not whole: its source \(fault)") }
  }
}
