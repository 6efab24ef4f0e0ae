import Foundation
import Testing

@testable import WakelogStore

/// A program that a host starts inherited `data.mdb` open for writing: an agent's CLI read every
/// id of the log and overwrote its pages, also as another user.
struct DescriptorTests {
  let place = Place()

  /// What the descriptors of a child lead to that is started with all that may be inherited.
  private func inherited() throws -> [String] {
    let list = place.path + "/list"
    let script = "for f in /proc/self/fd/*; do readlink $f; done > \(list)"
    let texts: [String] = ["/bin/sh", "-c", script]
    var words = texts.map { (text: String) -> UnsafeMutablePointer<CChar>? in strdup(text) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var child: pid_t = 0
    #expect(posix_spawn(&child, "/bin/sh", nil, nil, &words, environ) == 0)
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child && status == 0)
    let text = try String(contentsOfFile: list, encoding: .utf8)
    unlink(list)
    return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(place.log) }
  }

  @Test(arguments: [false, true]) func noChildInheritsTheLog(_ readOnly: Bool) throws {
    try Log.open(place.log).append("one")
    let log = try Log.open(place.log, options: LogOptions(readOnly: readOnly))
    #expect(try inherited() == [])
    let duringRead = try log.read { _ in try inherited() }
    #expect(duringRead == [])
    let duringWrite = readOnly ? [] : try log.write { _ in try inherited() }
    #expect(duringWrite == [])
    log.close()
  }

  @Test func noChildInheritsTheLogThatWasOpenedAgain() throws {
    let isArmed = Flag(false)
    var options = LogOptions()
    options.fault = { $0 == .commit && isArmed.value ? EIO : 0 }
    let log = try Log.open(place.log, options: options)
    isArmed.value = true
    #expect(throws: StoreError.self) { try log.append("one") }
    isArmed.value = false
    try log.append("two")
    #expect(try inherited() == [])
  }

  @Test func aForkWaitsForAnOpening() async throws {
    await #expect(processExitsWith: .success) { [path = place.path as String] in
      let isOver = Flag(false)
      for number in 0..<3 {
        Thread.detachNewThread {
          while !isOver.value { try? Log.open("\(path)/\(number)").close() }
        }
      }
      for _ in 0..<200 {
        let child = try forked {
          let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
          for name in names {
            guard let descriptor = Int32(name), fcntl(descriptor, F_GETFD) == 0 else { continue }
            let target = try? FileManager.default.destinationOfSymbolicLink(
              atPath: "/proc/self/fd/\(name)")
            demand(target?.hasPrefix(path) != true)
          }
        }
        var status: Int32 = 0
        demand(waitpid(child, &status, 0) == child && status == 0)
      }
      isOver.value = true
    }
  }
}

/// The handlers of a fork were Swift closures over an array: in a debug build the child of a
/// process with threads could hang in them.
struct ForkTests {
  let place = Place()

  @Test(.timeLimit(.minutes(10))) func aChildOpensLogsOfItsOwnWhateverThreadsDoMeanwhile()
    async throws
  {
    await #expect(processExitsWith: .success) { [path = place.path as String] in
      let isOver = Flag(false)
      for number in 0..<4 {
        Thread.detachNewThread {
          while !isOver.value { try? Log.open("\(path)/\(number)").close() }
        }
      }
      for number in 0..<100 {
        let child = try forked {
          let log = try Log.open("\(path)/child")
          try log.append("\(number)")
          log.close()
        }
        var status: Int32 = 0
        demand(waitpid(child, &status, 0) == child && status == 0)
      }
      isOver.value = true
      demand(try Log.open("\(path)/child").texts().count == 100)
    }
  }
}

/// The file was replaced or deleted under a server, which went on answering from the old one: what
/// it answered was lost, and a second process had another log at the same path.
struct ReplacedTests {
  let place = Place()

  private func expectReplaced(_ log: Log, line: Int = #line) {
    for _ in 0..<2 {
      let write = #expect(throws: StoreError.self) { try log.append("lost") }
      #expect(write?.code == .replaced, "line \(line)")
      let read = #expect(throws: StoreError.self) { try log.texts() }
      #expect(read?.code == .replaced, "line \(line)")
    }
  }

  private func opened() throws -> Log {
    let log = try Log.open(place.log)
    try log.append("one")
    return log
  }

  @Test func aFilePutInItsPlaceIsNoticed() throws {
    let log = try opened()
    try log.copy(to: place.path + "/copy", compact: true)
    rename(LogFiles.data(place.path + "/copy"), LogFiles.data(place.log))
    expectReplaced(log)
    log.close()
    #expect(try Log.open(place.log).texts() == ["one"])
  }

  @Test(arguments: ["data.mdb", "lock.mdb"]) func aDeletedFileIsNoticed(_ name: String) throws {
    let log = try opened()
    unlink(place.log + "/" + name)
    expectReplaced(log)
    log.close()
  }

  @Test func aDeletedOrMovedDirectoryIsNoticed() throws {
    let log = try opened()
    rename(place.log, place.path + "/elsewhere")
    expectReplaced(log)
    log.close()
    let moved = try Log.open(place.path + "/elsewhere")
    #expect(try moved.texts() == ["one"])
    Place.remove(place.path + "/elsewhere")
    expectReplaced(moved)
  }

  @Test func aCommitIntoADeletedFileIsNotAnswered() throws {
    let log = try opened()
    let error = #expect(throws: StoreError.self) {
      try log.write { transaction in
        try transaction.append(bytes("lost").span.bytes)
        Place.remove(place.log)
      }
    }
    #expect(error?.code == .replaced)
    expectReplaced(log)
  }

  @Test func whatIsOpenedAgainIsTheSameFile() throws {
    let isArmed = Flag(false)
    var options = LogOptions()
    options.fault = { [path = place.path] in
      guard $0 == .commit, isArmed.value else { return 0 }
      rename(LogFiles.data(path + "/copy"), LogFiles.data(path + "/log"))
      return EIO
    }
    let log = try Log.open(place.log, options: options)
    try log.copy(to: place.path + "/copy", compact: true)
    isArmed.value = true
    #expect(throws: StoreError.self) { try log.append("one") }
    isArmed.value = false
    expectReplaced(log)
  }

  @Test func aLogWithoutItsLockFileIsNotOpenedBesideAProcessThatHasIt() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      try Log.open(path).close()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let child = try forked {
        let log = try Log.open(path)
        try log.append("child")
        var byte: UInt8 = 1
        demand(write(ends[1], &byte, 1) == 1)
        while true { pause() }
      }
      var byte: UInt8 = 0
      demand(read(ends[0], &byte, 1) == 1)
      unlink(LogFiles.lock(path))
      let error = refusal { try Log.open(path).close() }
      demand(error?.code == .replaced && error?.message.contains("End that process") == true)
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
      demand(try Log.open(path).texts() == ["child"])
    }
  }

  @Test func whatDoesNotReplaceTheFileIsLetBe() throws {
    let log = try opened()
    utimes(LogFiles.data(place.log), nil)
    chmod(LogFiles.data(place.log), 0o640)
    let copy = try Data(contentsOf: URL(fileURLWithPath: LogFiles.data(place.log)))
    try copy.write(to: URL(fileURLWithPath: place.path + "/copied.mdb"))
    symlink(place.log, place.path + "/link")
    unlink(place.path + "/link")
    try log.append("two")
    #expect(try log.texts() == ["one", "two"])
  }

  @Test func aRelativePathIsGoodWhereverTheProcessGoes() async throws {
    await #expect(processExitsWith: .success) { [path = place.path as String] in
      chdir(path)
      let log = try Log.open("log")
      try log.append("one")
      chdir("/")
      try log.append("two")
      demand(try log.texts() == ["one", "two"])
      try log.copy(to: path + "/copy", compact: false)
      demand(try log.verify().ok)
      log.close()
    }
  }
}
