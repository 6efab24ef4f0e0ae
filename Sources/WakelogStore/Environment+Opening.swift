import CLMDB
import Glibc

extension Environment {
  /// Taken by whoever opens an environment, and by a fork: a child made meanwhile would inherit
  /// the descriptor that LMDB opens without close-on-exec.
  ///
  /// A child made without `fork`, as by `posix_spawn`, does not wait. It can inherit that
  /// descriptor when another thread is opening the log in the same few microseconds.
  private static let opening = Lock(acrossForks: ())

  /// Opens LMDB's environment, for this process alone to use, and no child of it.
  static func openHandle(
    _ path: String, _ options: LogOptions, lockless: Bool, shared: WriterLock?
  ) throws(StoreError) -> Handle {
    try options.attempt(.openEnvironment)
    return try LogFiles.asOwner(of: path) { () throws(StoreError) in
      var lockFile: Int32 = -1
      if !lockless { lockFile = try openLockFile(path) }
      do throws(StoreError) {
        try shared?.requireSameFiles(path)
        let handle = try open(path, options, lockless: lockless, lockFile: lockFile)
        do throws(StoreError) {
          try requireSameFile(handle, path)
          shared?.rememberFiles(handle.file, lockFile)
          return handle
        } catch {
          unsafe LMDB.close(handle.pointer)
          throw error
        }
      } catch {
        if lockFile >= 0 { FileSystem.close(lockFile) }
        throw error
      }
    }
  }

  /// LMDB maps the lock file and writes to the map: where the disk has no room for its pages, that
  /// is a signal and not an error. So there is room before.
  ///
  /// It stays open as long as LMDB's own: to close it earlier would take away LMDB's locks.
  private static func openLockFile(_ path: String) throws(StoreError) -> Int32 {
    let descriptor = try LogFiles.openLockFile(LogFiles.lock(path), in: path)
    do throws(StoreError) {
      try FileSystem.reserve(descriptor, bytes: LMDB.lockFileBytes)
    } catch {
      FileSystem.close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func open(
    _ path: String, _ options: LogOptions, lockless: Bool, lockFile: Int32
  ) throws(StoreError) -> Handle {
    let pointer = unsafe try LMDB.createEnvironment(mapSize: options.mapSizeBytes)
    // Full fsync, and no WRITEMAP, so that a stray pointer cannot reach the file. Read-ahead stays
    // on (no MDB_NORDAHEAD): a replay walks the file in order, and a cold one lives on it.
    var flags = MDB_NOTLS
    if options.readOnly { flags |= MDB_RDONLY }
    if lockless { flags |= MDB_NOLOCK }
    let environment = unsafe Handle(pointer, file: FileSystem.Identity(), lockFile: lockFile)
    do throws(StoreError) {
      try opening.withLock { (_) throws(StoreError) in
        unsafe try LMDB.open(environment.pointer, path, flags)
        _ = fcntl(unsafe LMDB.descriptor(environment.pointer), F_SETFD, FD_CLOEXEC)
      }
    } catch {
      unsafe LMDB.close(pointer)
      throw error
    }
    if !lockless { _ = unsafe LMDB.clearStaleReaders(pointer) }
    let file = FileSystem.status(unsafe LMDB.descriptor(pointer))?.identity
    return unsafe Handle(pointer, file: file ?? FileSystem.Identity(), lockFile: lockFile)
  }

  /// What LMDB opened by name has to be what stands there, itself and through no link.
  private static func requireSameFile(_ handle: Handle, _ path: String) throws(StoreError) {
    let isSame =
      FileSystem.statusOfLink(LogFiles.data(path))?.identity == handle.file
      && (handle.lockFile < 0
        || FileSystem.statusOfLink(LogFiles.lock(path))?.identity
          == FileSystem.status(handle.lockFile)?.identity)
    guard isSame else {
      throw StoreError(.replaced, "A file of the log was replaced while it was opened. Try again.")
    }
  }
}

extension Environment {
  /// Refuses to go on when the path leads to another file than this process has open, or to none:
  /// others would not see what is written, and what is read is no longer the log.
  @discardableResult
  func requireSameFile(_ handle: Handle) throws(StoreError) -> FileSystem.Status? {
    // LMDB's locks are in a file too. Whoever opens the log without it knows nothing of us.
    let isLocked = handle.lockFile < 0 || (FileSystem.status(handle.lockFile)?.links ?? 1) > 0
    if isLocked {
      let found = FileSystem.status(dataPath)
      if let found, found.identity == handle.file { return found }
      // The path may not be looked at any more, as when the process has given up its rights.
      if found == nil, errno != ENOENT, errno != ENOTDIR,
        let open = FileSystem.status(unsafe LMDB.descriptor(handle.pointer)), open.links > 0
      {
        return open
      }
    }
    withState { $0.isReplaced = true }
    throw Self.replaced
  }

  static let replaced = StoreError(
    .replaced,
    "data.mdb was replaced or deleted under this process, or lock.mdb was; what was answered before "
      + "is in the old file. Restart.")
}
