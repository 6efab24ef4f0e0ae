import Foundation
import Testing

@testable import WakelogStore

/// A directory of another user made root overwrite a file through a link; an operator's look left a
/// lock file that shut the log's own service out; a backup could be read by everybody.
struct OwnershipTests {
  let place = Place()
  static let isRoot = getuid() == 0

  private func code(_ options: LogOptions = LogOptions()) -> StoreError? {
    refusal { try Log.open(place.log, options: options).close() }
  }

  private func mode(_ path: String) -> UInt32 {
    (FileSystem.status(path)?.mode ?? 0) & 0o7777
  }

  @Test(arguments: [0o777, 0o775, 0o757, 0o1777] as [UInt32])
  func aDirectoryThatOthersCanWriteToIsRefused(_ mode: UInt32) throws {
    mkdir(place.log, 0o700)
    chmod(place.log, mode)
    let error = code()
    #expect(error?.code == .untrusted)
    #expect(error?.message.contains("chmod go-w") == true)
    #expect(try FileSystem.entries(place.log) == [])
    var options = LogOptions()
    options.trustsFolder = true
    #expect(code(options) == nil)
    #expect(code()?.code == .untrusted)
    #expect(code(LogOptions(readOnly: true))?.code == .untrusted)
  }

  @Test func aDirectoryThatOthersCanOnlyReadIsFine() throws {
    mkdir(place.log, 0o700)
    chmod(place.log, 0o755)
    #expect(code() == nil)
    #expect(mode(place.log) == 0o755)
    for name in try FileSystem.entries(place.log) {
      #expect(mode("\(place.log)/\(name)") == 0o600, "\(name)")
    }
  }

  @Test(arguments: ["data.mdb", "lock.mdb", "writer.lock"]) func noFileIsFollowedThroughALink(
    _ name: String
  ) throws {
    try Log.open(place.log).append("one")
    let file = "\(place.log)/\(name)"
    let precious = place.path + "/precious"
    rename(file, precious)
    let before = try Data(contentsOf: URL(fileURLWithPath: precious))
    symlink(precious, file)
    for options in [LogOptions(), LogOptions(readOnly: true)] {
      #expect(code(options)?.code == .untrusted)
      #expect(code(options)?.message.contains("symbolic link") == true)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: precious)) == before)
    unlink(file)
    symlink(place.path + "/nowhere", file)
    #expect(code()?.code == .untrusted)
    #expect(FileSystem.status(place.path + "/nowhere") == nil)
  }

  @Test(arguments: ["data.mdb", "lock.mdb", "writer.lock"]) func aPipeOrDirectoryIsRefused(
    _ name: String
  ) throws {
    try Log.open(place.log).append("one")
    let file = "\(place.log)/\(name)"
    unlink(file)
    mkfifo(file, 0o600)
    #expect(code()?.code == .untrusted)
    unlink(file)
    mkdir(file, 0o700)
    #expect(code()?.code == .untrusted)
  }

  @Test func aFileThatEverybodyCanWriteToIsRefused() throws {
    try Log.open(place.log).append("one")
    chmod(LogFiles.data(place.log), 0o666)
    #expect(code()?.code == .untrusted)
  }

  /// The rest of this suite is about several users, as whom only root can act.
  @Test(.enabled(if: isRoot)) func anotherUsersDirectoryIsRefused() async throws {
    try Log.open(place.log).append("one")
    chmod(place.path, 0o755)
    chmod(place.log, 0o755)
    chown(place.log, 1234, 1234)
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      setgid(65534)
      setuid(65534)
      let error = refusal { try Log.open(path, options: LogOptions(readOnly: true)).close() }
      demand(error?.code == .untrusted && error?.message.contains("user 1234") == true)
    }
  }

  @Test(.enabled(if: isRoot)) func rootsLookLeavesTheLogToItsOwner() async throws {
    chmod(place.path, 0o755)
    mkdir(place.log, 0o700)
    chown(place.log, 65534, 65534)
    // Root makes the log in the user's directory, and then looks at it as if restored.
    try Log.open(place.log).append("root")
    unlink(LogFiles.lock(place.log))
    unlink(LogFiles.writerLock(place.log))
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    #expect(try log.verify().ok)
    log.close()
    for name in try FileSystem.entries(place.log) {
      let status = FileSystem.status("\(place.log)/\(name)")
      #expect(status?.user == 65534 && status?.group == 65534, "\(name)")
      #expect(mode("\(place.log)/\(name)") == 0o600, "\(name)")
    }
    // What an earlier release left behind.
    chown(LogFiles.lock(place.log), 0, 0)
    try Log.open(place.log).append("operator")
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      setgid(65534)
      setuid(65534)
      let log = try Log.open(path)
      try log.append("service")
      demand(try log.texts() == ["root", "operator", "service"])
    }
  }

  @Test(.enabled(if: isRoot)) func rootOpensNothingThatTheOwnerCouldNot() throws {
    try Log.open(place.log).append("one")
    chown(place.log, 65534, 65534)
    for name in try FileSystem.entries(place.log) { chown("\(place.log)/\(name)", 65534, 65534) }
    // A second name of a file of root's, as where the system does not protect hard links.
    unlink(LogFiles.lock(place.log))
    let precious = place.path + "/precious"
    try Data(repeating: 9, count: 40_000).write(to: URL(fileURLWithPath: precious))
    link(precious, LogFiles.lock(place.log))
    let error = code()
    #expect(error?.code == .untrusted)
    #expect(error?.message.contains("second name") == true)
    let after = try Data(contentsOf: URL(fileURLWithPath: precious))
    #expect(after == Data(repeating: 9, count: 40_000))
  }

  @Test(arguments: [false, true]) func aCopyIsItsOwnersAloneFromTheFirstByte(_ compact: Bool)
    async throws
  {
    await #expect(processExitsWith: .success) {
      [path = place.path as String, compact = compact as Bool] in
      func mode(_ path: String) -> UInt32 { (FileSystem.status(path)?.mode ?? 0) & 0o777 }
      let log = try Log.open(path + "/log")
      for number in 0..<100 { try log.append("event \(number)") }
      for mask in [0, 0o022, 0o277] as [mode_t] {
        let given = path + "/given\(mask)"
        mkdir(given, 0o755)
        chmod(given, 0o755)
        umask(mask)
        try log.copy(to: given, compact: compact)
        demand(mode(LogFiles.data(given)) == 0o600)
        umask(0)
        if mask != 0o277 {
          umask(mask)
          try log.copy(to: path + "/made\(mask)", compact: compact)
          demand(mode(path + "/made\(mask)") == 0o700)
        }
        umask(0o077)
        let copy = try Log.open(given)
        let texts = try log.texts()
        demand(try copy.texts() == texts)
        demand(try copy.verify().ok)
        copy.close()
      }
    }
  }

  @Test(arguments: [false, true]) func aFailedCopyLeavesNothing(_ compact: Bool) throws {
    let log = try Log.open(place.log)
    for _ in 0..<20 { try log.append(String(repeating: "x", count: 4000)) }
    let given = place.path + "/given"
    mkdir(given, 0o755)
    func expectNothing(_ copied: () throws -> Void) {
      #expect(throws: StoreError.self) { try copied() }
    }
    log.close()
    var options = LogOptions()
    options.fault = { $0 == .copy ? ENOSPC : 0 }
    let failing = try Log.open(place.log, options: options)
    expectNothing { try failing.copy(to: given, compact: compact) }
    expectNothing { try failing.copy(to: place.path + "/made", compact: compact) }
    #expect(try FileSystem.entries(given) == [])
    #expect(FileSystem.status(place.path + "/made") == nil)
  }

  @Test(.enabled(if: isRoot), arguments: [false, true])
  func aCopyToAFullDiskLeavesNothing(_ compact: Bool) throws {
    let disk = place.path + "/disk"
    mkdir(disk, 0o700)
    guard mount("tmpfs", disk, "tmpfs", 0, "size=64k") == 0 else { return }
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let log = try Log.open(place.log)
    for _ in 0..<20 { try log.append(String(repeating: "x", count: 9000)) }
    let error = #expect(throws: StoreError.self) {
      try log.copy(to: disk + "/copy", compact: compact)
    }
    #expect(error?.code == .diskFull)
    #expect(try FileSystem.entries(disk) == [])
  }
}
