import CWakelogSystem
import Glibc

/// The file `writer.lock` of a log, mapped: a lock that one writer of all processes holds, with a
/// record of who that is, and what is known of `data.mdb` since the machine started.
///
/// LMDB has such a lock, for which one can only wait for ever, in the dark. Writers take this one
/// first, so that nobody waits for LMDB's. Processes that do not know of this file lose nothing:
/// LMDB's lock is the one that keeps writers apart.
///
/// `@unchecked Sendable`: the map is reached by functions that synchronise between processes.
@safe final class WriterLock: @unchecked Sendable {
  /// Held by everybody who has the file open; held alone by whoever makes its records anew.
  private static let presence: off_t = 0
  /// Held by whoever opens the log, so that one at a time does.
  private static let opening: off_t = 1

  private let descriptor: Int32
  let map: UnsafeMutableRawPointer
  private let me = wakelog_holder_self()
  /// Whether nobody else had the file open.
  private(set) var isFirst = false
  private var isOpen = true

  /// Opens the file, making it if need be, and begins to open the log: until `endOpening`, other
  /// processes that want to open it wait.
  init(_ descriptor: Int32, waitingAtMost seconds: Double) throws(StoreError) {
    self.descriptor = descriptor
    let bytes = wakelog_shared_bytes()
    do throws(StoreError) {
      try FileSystem.reserve(descriptor, bytes: bytes)
    } catch {
      FileSystem.close(descriptor)
      throw error
    }
    let mapped = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      let code = errno
      FileSystem.close(descriptor)
      throw StoreError(lmdb: code, "mmap of writer.lock")
    }
    unsafe map = unsafe mapped
    try beginOpening(waitingAtMost: seconds)
    if wakelog_lock_byte(descriptor, Int16(F_WRLCK), Self.presence) == 0 {
      isFirst = true
      let code = unsafe wakelog_shared_prepare(map)
      guard code == 0 else { throw StoreError(lmdb: code, "pthread_mutex_init") }
    }
    let code = wakelog_lock_byte(descriptor, Int16(F_RDLCK), Self.presence)
    guard code == 0 else { throw StoreError(lmdb: code, "fcntl of writer.lock") }
    guard unsafe wakelog_shared_is_ours(map) else {
      throw StoreError(
        .busy, "Another release of wakelog has the log open. End its processes first.")
    }
  }

  /// Opens the file of a log; nil where a log is only read and the file cannot be written.
  static func open(_ path: String, _ options: LogOptions) throws(StoreError) -> WriterLock? {
    while true {
      let file = LogFiles.writerLock(path)
      let descriptor: Int32
      do throws(StoreError) {
        descriptor = try LogFiles.asOwner(of: path) { () throws(StoreError) in
          try LogFiles.openLockFile(file, in: path)
        }
      } catch  where options.readOnly && error.code == .readOnly {
        return nil
      }
      let lock = try WriterLock(descriptor, waitingAtMost: options.writerWaitSeconds)
      // Somebody may have removed the file meanwhile.
      if FileSystem.statusOfLink(file)?.identity == FileSystem.status(descriptor)?.identity {
        return lock
      }
    }
  }

  deinit { close() }

  /// Lets go of the file. Nothing may be asked of it afterwards.
  func close() {
    guard isOpen else { return }
    isOpen = false
    unsafe munmap(map, wakelog_shared_bytes())
    FileSystem.close(descriptor)
  }

  /// Waits until no other process opens the log.
  func beginOpening(waitingAtMost seconds: Double) throws(StoreError) {
    var waits = Waits(seconds: seconds)
    while true {
      let code = wakelog_lock_byte(descriptor, Int16(F_WRLCK), Self.opening)
      if code == 0 { break }
      guard code == EAGAIN else { throw StoreError(lmdb: code, "fcntl of writer.lock") }
      try waits.pause(orThrow: openingElsewhere)
    }
    unsafe withUnsafePointer(to: me) { unsafe wakelog_opener_set(map, $0) }
  }

  func endOpening() {
    _ = wakelog_lock_byte(descriptor, Int16(F_UNLCK), Self.opening)
  }

  private var openingElsewhere: StoreError {
    var record = wakelog_holder()
    let isKnown = unsafe wakelog_opener(map, &record)
    let holder = isKnown ? WriterHolder(record, seenFrom: me.pid_namespace) : nil
    let who = holder.map { "Process \($0.process) (\($0.command))" } ?? "Another process"
    let state = holder?.isStopped == true ? "stopped while opening" : "opening"
    return StoreError(.busy, "\(who) is \(state) the log. Continue it, or end it.", holder: holder)
  }

  /// Takes the writer's lock; false when the time is up.
  func acquire(nanoseconds: Int64) throws(StoreError) -> Bool {
    let code = unsafe withUnsafePointer(to: me) {
      unsafe wakelog_writer_acquire(map, $0, nanoseconds)
    }
    guard code != ETIMEDOUT else { return false }
    guard code == 0 else { throw StoreError(lmdb: code, "pthread_mutex_clocklock") }
    return true
  }

  func release() {
    unsafe wakelog_writer_release(map)
  }

  /// Remembers when a commit was made. With the lock.
  func note(commit: UInt64) {
    unsafe wakelog_commit_note(map, commit)
  }

  /// When the first commit after another was made that is remembered: one of ten seconds is.
  func firstCommit(after commit: UInt64) -> Int64? {
    let time = unsafe wakelog_commit_after(map, commit)
    return time == 0 ? nil : time
  }

  /// Who holds the writer's lock at the moment; nil for nobody.
  var holder: WriterHolder? {
    var record = wakelog_holder()
    guard unsafe wakelog_writer_holder(map, &record) else { return nil }
    return WriterHolder(record, seenFrom: me.pid_namespace)
  }

  /// Refuses to open a log whose files are not those that other processes have open: a file was
  /// replaced or deleted under them, and they have to notice and end first.
  func requireSameFiles(_ path: String) throws(StoreError) {
    var known = wakelog_files()
    unsafe wakelog_files_get(map, &known)
    guard !isFirst, known.data_inode != 0 else { return }
    let data = FileSystem.statusOfLink(LogFiles.data(path))?.identity
    let lock = FileSystem.statusOfLink(LogFiles.lock(path))?.identity
    guard data == FileSystem.Identity(device: known.data_device, inode: known.data_inode),
      lock == FileSystem.Identity(device: known.lock_device, inode: known.lock_inode)
    else {
      throw StoreError(
        .replaced,
        "data.mdb or lock.mdb was replaced or deleted under a process that has the log open. End "
          + "that process, then open the log again.")
    }
  }

  /// Tells those who open the log later which files it is made of.
  func rememberFiles(_ data: FileSystem.Identity, _ lockFile: Int32) {
    let lock = FileSystem.status(lockFile)?.identity ?? FileSystem.Identity()
    var files = wakelog_files(
      data_device: data.device, data_inode: data.inode, lock_device: lock.device,
      lock_inode: lock.inode)
    unsafe wakelog_files_set(map, &files)
  }
}
