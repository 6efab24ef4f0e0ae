import CLMDB
import CWakelogSystem
import Glibc

// What was checked once need not be checked again: the file of the writer's lock remembers for
// which commit, inode and boot all pages were found sound, and each commit that follows carries
// that on. What is trusted is that bytes do not change while the file's size and two times stay as
// they are, until the machine starts anew. `verify` trusts nothing, and reads all pages.

extension Environment {
  /// Checks every page, unless that is known to be needless.
  func checkPagesAtOpening() throws(StoreError) {
    let handle = try enter()
    defer { leave() }
    if isKnownSound(handle) { return }
    let before = FileSystem.status(unsafe LMDB.descriptor(handle.pointer))
    let commit = try checkPages()
    guard let shared, let before, (try? shared.acquire(nanoseconds: 0)) == true else { return }
    defer { shared.release() }
    // Whoever changed the file meanwhile may have changed anything.
    guard commit == lastCommit(handle),
      before == FileSystem.status(unsafe LMDB.descriptor(handle.pointer))
    else { return }
    shared.remember(sound: before, commit: commit, isSettled: before.isSettled)
  }

  /// Whether the pages are known to be sound. A commit under way can hide that for a moment.
  private func isKnownSound(_ handle: Handle) -> Bool {
    guard let shared else { return false }
    for _ in 0..<20 {
      let status = FileSystem.status(unsafe LMDB.descriptor(handle.pointer))
      let commit = lastCommit(handle)
      // Nobody is left who could tell of a change that came right after the last commit.
      if shared.isSound(status, commit: commit, orUnsettled: !shared.isFirst) { return true }
      if shared.holder == nil { return false }
      _ = usleep(200)
    }
    return false
  }

  func lastCommit(_ handle: Handle) -> UInt64 {
    UInt64(unsafe LMDB.info(handle.pointer).me_last_txnid)
  }

  /// Makes sure that any change shows from now on, also one within the same tick of the clock by
  /// which the system dates changes: the file gets a time between two ticks.
  func settle(_ handle: Handle) {
    guard let shared, !options.readOnly, (try? shared.acquire(nanoseconds: 0)) == true else {
      return
    }
    defer { shared.release() }
    let descriptor = unsafe LMDB.descriptor(handle.pointer)
    let commit = lastCommit(handle)
    let before = FileSystem.status(descriptor)
    guard shared.isSound(before, commit: commit, orUnsettled: true),
      !shared.isSound(before, commit: commit, orUnsettled: false)
    else { return }
    let time = wakelog_touch(descriptor)
    guard time != 0, let after = FileSystem.status(descriptor) else { return }
    // Some file systems keep no such times.
    let isKept = after.modified == time
    if isKept { shared.remember(sound: after, commit: commit, isSettled: true) }
  }
}

extension FileSystem.Status {
  /// Whether the last change was so long ago that another one would have another time.
  fileprivate var isSettled: Bool {
    max(changed, modified) < wakelog_real_nanoseconds() - 3_000_000_000
  }
}

extension WriterLock {
  /// Whether a commit of a file is known to be sound, and nothing was changed since.
  func isSound(_ file: FileSystem.Status?, commit: UInt64, orUnsettled: Bool) -> Bool {
    var known = wakelog_sound()
    guard let file, unsafe wakelog_sound_get(map, &known) else { return false }
    return known.commit == commit && known.device == file.identity.device
      && known.inode == file.identity.inode && known.size == Int64(file.size)
      && known.changed == file.changed && known.modified == file.modified
      && (orUnsettled || known.settled != 0)
  }

  /// Remembers that a commit is sound. With the writer's lock.
  func remember(sound file: FileSystem.Status, commit: UInt64, isSettled: Bool) {
    var sound = wakelog_sound(
      device: file.identity.device, inode: file.identity.inode, commit: commit,
      size: Int64(file.size), changed: file.changed, modified: file.modified,
      settled: isSettled ? 1 : 0)
    unsafe wakelog_sound_set(map, &sound)
  }
}
