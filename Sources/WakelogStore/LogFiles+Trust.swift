import CWakelogSystem
import Glibc

/// Whose a log is, and whether its files can be taken for what they seem.
extension LogFiles {
  static func writerLock(_ path: String) -> String { path + "/writer.lock" }

  /// Refuses a directory that others can write to, or that is another user's, and files that are
  /// no plain files of its own. Looks only, so nothing is touched.
  ///
  /// Root may look into the log of any user whose directory is that user's alone.
  static func requireTrust(_ path: String, _ options: LogOptions) throws(StoreError) {
    guard let folder = FileSystem.status(path), folder.isDirectory else { return }
    if !options.trustsFolder { try requireTrust(folder) }
    for file in [data(path), lock(path), writerLock(path)] {
      guard let status = FileSystem.statusOfLink(file) else { continue }
      try requirePlain(status, file, in: folder, options)
    }
  }

  private static func requireTrust(_ folder: FileSystem.Status) throws(StoreError) {
    let me = geteuid()
    guard folder.user == me || folder.user == 0 || me == 0 else {
      throw StoreError(
        .untrusted,
        "The directory belongs to user \(folder.user), this process to \(me). Run as that user, "
          + "or say that the directory is trusted.")
    }
    guard folder.mode & (S_IWGRP | S_IWOTH) == 0 else {
      throw StoreError(
        .untrusted,
        "Others can write to the directory. Take that away with `chmod go-w`, or say that it is "
          + "trusted.")
    }
  }

  /// Refuses links, pipes and devices in place of a log's file, and files of strangers.
  private static func requirePlain(
    _ file: FileSystem.Status, _ path: String, in folder: FileSystem.Status, _ options: LogOptions
  ) throws(StoreError) {
    let name = path.split(separator: "/").last ?? ""
    guard file.isRegular else {
      let kind = file.isLink ? "a symbolic link" : "no plain file"
      throw StoreError(
        .untrusted, "\(name) is \(kind). Put the log's own file there, or another directory.")
    }
    guard !options.trustsFolder else { return }
    let isOurs = file.user == folder.user || file.user == geteuid() || file.user == 0
    guard isOurs else {
      throw StoreError(
        .untrusted,
        "\(name) belongs to user \(file.user), who does not own the directory. "
          + "Restore a copy of your own.")
    }
    guard file.links <= 1 || file.user == folder.user else {
      throw StoreError(
        .untrusted, "\(name) has a second name elsewhere. Put a copy of it in its place.")
    }
    guard file.mode & S_IWOTH == 0 else {
      throw StoreError(
        .untrusted, "Everybody can write to \(name). Take that away with `chmod o-w`.")
    }
  }

  /// Opens a lock file of the log, making it if need be, with the owner and mode of the data file:
  /// whoever may use the log has to be able to use it too.
  static func openLockFile(_ file: String, in path: String) throws(StoreError) -> Int32 {
    let owner = FileSystem.statusOfLink(data(path)) ?? FileSystem.status(path)
    let mode = owner.map { $0.isRegular ? $0.mode & 0o666 : 0o600 } ?? 0o600
    let isNew = FileSystem.statusOfLink(file) == nil
    let descriptor = try FileSystem.openForWriting(file, mode: mode)
    do throws(StoreError) {
      guard let status = FileSystem.status(descriptor), status.isRegular else {
        throw StoreError(.untrusted, "\(file) is no plain file. Remove it.")
      }
      if isNew { _ = fchmod(descriptor, mode) }
      if isNew, let owner, status.user != owner.user {
        _ = fchown(descriptor, owner.user, owner.group)
      }
    } catch {
      FileSystem.close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Gives lock files to the log's owner that root left behind, as earlier releases did. No other
  /// file is handed to a user, whatever its name.
  static func giveBackLocks(_ path: String) {
    guard geteuid() == 0, let owner = FileSystem.status(data(path)), owner.user != 0 else { return }
    for file in [lock(path), writerLock(path)] {
      guard let descriptor = try? FileSystem.open(file) else { continue }
      defer { FileSystem.close(descriptor) }
      guard let status = FileSystem.status(descriptor), status.isRegular, status.user == 0,
        status.links == 1, isLockFile(descriptor, status)
      else { continue }
      _ = fchown(descriptor, owner.user, owner.group)
      _ = fchmod(descriptor, owner.mode & 0o666)
    }
  }

  private static func isLockFile(_ descriptor: Int32, _ status: FileSystem.Status) -> Bool {
    let start = (try? FileSystem.read(descriptor, count: 8, at: 0)) ?? []
    return status.size == 0 || start.starts(with: [0xDE, 0xC0, 0xEF, 0xBE])
      || start == Array("wkwriter".utf8)
  }

  /// Runs `body` with the rights of the user whose directory it is: root opens nothing there that
  /// this user could not, wherever a name is made to lead meanwhile, and makes nothing of its own.
  static func asOwner<R>(
    of path: String, _ body: () throws(StoreError) -> R
  ) throws(StoreError) -> R {
    guard geteuid() == 0, let folder = FileSystem.status(path), folder.user != 0 else {
      return try body()
    }
    let before = wakelog_user_now()
    let owner = wakelog_user(user: folder.user, group: folder.group)
    defer { _ = wakelog_user_become(before) }
    guard wakelog_user_become(owner) else {
      throw StoreError(
        .untrusted,
        "The directory belongs to user \(folder.user), as whom this process cannot "
          + "open files. Run as that user.")
    }
    return try body()
  }
}
