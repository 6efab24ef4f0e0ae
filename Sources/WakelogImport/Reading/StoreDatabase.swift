import Glibc

/// Opens a host's SQLite database without leaving anything beside it, or keeping its host waiting.
///
/// With the index of a write-ahead log beside it, a program may be writing: SQLite's own locks keep
/// the two apart, and neither waits. With a log or a rollback journal alone the store is a copy, or
/// its host died: SQLite would make an index beside it or roll it back, so that both files are
/// copied to a place of ours first. Else the file is read as it is, without locks: with a rollback
/// journal they would keep the host from writing. Whether somebody wrote meanwhile, its stamp tells.
struct StoreDatabase {
  /// The connection.
  let database: SQLite
  private let path: String
  private let folder: Folder
  /// The files that must stay as they were; none where locks keep readers and writers apart.
  private var files: [Stamped]

  private struct Stamped {
    var name: String
    var stamp: Folder.Stamp?
  }

  private static let tails = ["", "-wal", "-journal", "-shm"]
  /// How often a store is copied anew that was written to meanwhile.
  private static let mostCopies = 5

  /// Opens the database of a name in a folder.
  static func open(_ name: String, in folder: Folder) throws(ImportError) -> StoreDatabase {
    for tail in tails.dropFirst() {
      switch folder.kind(of: name + tail) {
      case .link, .folder, .other:
        throw ImportError("\(folder.path)/\(name)\(tail): is no regular file; remove it")
      case .file, .none: break
      }
    }
    let path = folder.path + "/" + name
    if folder.hasFile(name + "-shm") {
      return StoreDatabase(
        database: try SQLite.reading(path, .live), path: path, folder: folder, files: [])
    }
    for attempt in 1...mostCopies {
      if attempt > 1 { usleep(100_000) }
      let rest = ["-wal", "-journal"].filter { tail in
        folder.stamp(of: name + tail).map { $0.bytes > 0 } ?? false
      }
      let stamps = ([""] + rest).map {
        Stamped(name: name + $0, stamp: folder.stamp(of: name + $0))
      }
      let database =
        rest.isEmpty
        ? try SQLite.reading(path, .still) : try copied(name, with: rest, in: folder)
      var opened = StoreDatabase(database: database, path: path, folder: folder, files: stamps)
      guard opened.isUnchanged else { continue }
      // A copy is ours, whatever becomes of the store.
      if !rest.isEmpty { opened.files = [] }
      return opened
    }
    throw written(path)
  }

  /// Whether nobody has written to the files since.
  private var isUnchanged: Bool {
    files.allSatisfy { folder.stamp(of: $0.name) == $0.stamp }
  }

  /// Throws when somebody has written to the store since: what was read may be half old, half new.
  func checkUnchanged() throws(ImportError) {
    if !isUnchanged { throw Self.written(path) }
  }

  private static func written(_ path: String) -> ImportError {
    ImportError(
      "\(path): was written to while it was read, and nothing was taken; import it again, or a "
        + "copy that 'sqlite3 \(path) \".backup COPY\"' makes")
  }

  private static func copied(
    _ name: String, with tails: [String], in folder: Folder
  ) throws(ImportError) -> SQLite {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var pattern = Array((parent + "/wakelog-import-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&pattern) != nil else {
      throw ImportError("\(parent): \(systemError()); name another directory in TMPDIR")
    }
    let place = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let copy = place + "/store.db"
    defer {
      // SQLite has them open; they go away with it.
      for tail in Self.tails { unsafe unlink(copy + tail) }
      unsafe rmdir(place)
    }
    for tail in [""] + tails {
      guard let file = folder.file(name + tail) else {
        throw ImportError("\(folder.path)/\(name)\(tail): \(systemError())")
      }
      try file.copy(to: copy + tail)
    }
    return try SQLite.reading(copy, .own)
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
