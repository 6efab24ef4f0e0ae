import Foundation
import Testing

@testable import WakelogStore

struct OpeningTests {
  let place = Place()

  private func code(_ path: String, _ options: LogOptions = LogOptions()) -> StoreError.Code? {
    do {
      _ = try Log.open(path, options: options)
      return nil
    } catch {
      #expect(error.path == path)
      #expect(!error.message.isEmpty)
      return error.code
    }
  }

  @Test func aLogOpensOnceInAProcessWhateverItsPath() throws {
    let log = try Log.open(place.log)
    #expect(code(place.log) == .alreadyOpen)
    symlink(place.log, place.path + "/other")
    #expect(code(place.path + "/other") == .alreadyOpen)
    log.close()
    #expect(code(place.log) == nil)
  }

  @Test func aClosedLogSaysSo() throws {
    let log = try Log.open(place.log)
    log.close()
    log.close()
    let error = #expect(throws: StoreError.self) { try log.append("one") }
    #expect(error?.code == .closed)
    #expect(log.lastCommit() == 0)
  }

  @Test func aDirectoryWithOtherThingsIsNotTouched() throws {
    try Data("hello".utf8).write(to: URL(fileURLWithPath: place.path + "/notes.txt"))
    #expect(code(place.path) == .notALog)
    #expect(try FileSystem.entries(place.path) == ["notes.txt"])
    #expect(code(place.path + "/notes.txt") == .notALog)
  }

  @Test func aLogThatAnotherProcessMakesMeanwhileIsOpened() throws {
    var options = LogOptions()
    options.fault = { [path = place.path] call in
      // Between the look for the file and the look at what else is there.
      if call == .listDirectory { try? LogFiles.create(path, LogOptions()) }
      return 0
    }
    let log = try Log.open(place.path, options: options)
    try log.append("one")
    log.close()
  }

  @Test func aForeignDataFileIsNotTouched() throws {
    try Data(repeating: 1, count: 20_000).write(
      to: URL(fileURLWithPath: place.path + "/data.mdb"))
    #expect(code(place.path) == .notALog)
    #expect(try FileSystem.entries(place.path) == ["data.mdb"])
  }

  @Test func aForeignLMDBIsNotTouched() throws {
    let environment = unsafe try LMDB.createEnvironment(mapSize: 1 << 20)
    try LMDB.open(environment, place.path, 0)
    let transaction = try #require(LMDB.begin(environment, readOnly: false).1)
    try LMDB.openTable(transaction, .meta, create: true)
    try LMDB.check(LMDB.commit(transaction), "commit")
    LMDB.close(environment)
    FileSystem.remove(place.path + "/lock.mdb")
    #expect(code(place.path) == .notALog)
    #expect(try FileSystem.entries(place.path) == ["data.mdb"])
  }

  @Test func anEmptyDataFileIsAnErrorAndNoNewLog() throws {
    try Data().write(to: URL(fileURLWithPath: place.path + "/data.mdb"))
    #expect(code(place.path) == .corrupt)
  }

  @Test func aNewerFormatIsRefused() throws {
    let log = try Log.open(place.log)
    try log.write { transaction in
      let format = LogFormat.magic + bigEndianBytes(UInt32(3))
      try transaction.writer.put(.meta, LogFormat.formatKey, format)
      try transaction.writer.putMeta(LogFormat.needsKey, bytes("0.9"))
    }
    log.close()
    let error = #expect(throws: StoreError.self) { try Log.open(place.log) }
    #expect(error?.code == .newerFormat)
    #expect(error?.message.contains("needs Wakelog 0.9 or later") == true)
  }

  @Test func readOnlyReadsAndNeverWrites() throws {
    let missing = place.path + "/missing"
    #expect(code(missing, LogOptions(readOnly: true)) == .notFound)
    #expect(FileSystem.status(missing) == nil)
    try Log.open(place.log).append("one")
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    #expect(try log.texts() == ["one"])
    #expect(try log.verify().ok)
    let error = #expect(throws: StoreError.self) { try log.append("two") }
    #expect(error?.code == .readOnly)
  }

  @Test(.enabled(if: getuid() == 0)) func aReadOnlyFileSystemIsReadWithoutALock() throws {
    let disk = place.path + "/disk"
    mkdir(disk, 0o700)
    guard mount("tmpfs", disk, "tmpfs", 0, "size=4m") == 0 else { return }
    defer { umount2(disk, Int32(MNT_DETACH)) }
    try Log.open(disk + "/log").append("one")
    #expect(mount(nil, disk, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
    let log = try Log.open(disk + "/log", options: LogOptions(readOnly: true))
    #expect(log.environment.lockless)
    #expect(try log.texts() == ["one"])
    #expect(try log.verify().ok)
    log.close()
    #expect(code(disk + "/log") == .readOnly)
  }

  @Test func theDirectoryIsPrivateAndHoldsTwoFiles() throws {
    _ = try Log.open(place.log)
    var status = stat()
    #expect(stat(place.log, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb"])
  }

  @Test func anAbandonedDraftIsRemoved() throws {
    mkdir(place.log, 0o700)
    mkdir(place.log + "/.creating-999999999-1", 0o700)
    _ = try Log.open(place.log)
    #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb"])
  }

  @Test(arguments: SystemCall.allCases) func aRefusedCallIsAnErrorAndPasses(_ call: SystemCall)
    throws
  {
    try Log.open(place.log).append("one")
    let isArmed = Flag(true)
    var options = LogOptions()
    options.fault = { $0 == call && isArmed.value ? EIO : 0 }
    var opened: Log?
    do {
      let log = try Log.open(place.log, options: options)
      opened = log
      try log.append("two")
      try log.copy(to: place.path + "/copy", compact: false)
    } catch let error as StoreError {
      #expect(error.code == .inputOutput)
    }
    isArmed.value = false
    opened?.close()
    let log = try Log.open(place.log, options: options)
    try log.append("three")
    #expect(try log.texts().first == "one" && log.texts().last == "three")
    #expect(try log.verify().ok)
  }
}

/// A switch that closures share.
final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: Bool
  init(_ value: Bool) { stored = value }
  var value: Bool {
    get { lock.withLock { stored } }
    set { lock.withLock { stored = newValue } }
  }
}
