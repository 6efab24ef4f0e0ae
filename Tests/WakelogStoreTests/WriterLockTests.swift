import Foundation
import Testing

@testable import WakelogStore

/// A process that was stopped while it wrote stopped every other one, without a word: 15 of 150
/// runs of the tool that were stopped at random moments did.
struct WriterLockTests {
  let place = Place()

  @Test func aStoppedWriterIsNamedWithinTheLimit() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      let child = try stoppedWriter(path)
      let log = try Log.open(path)
      for limit in [0, 0.05] {
        do {
          try log.write(waitingAtMost: limit) { _ in }
          demand(false)
        } catch let error as StoreError {
          demand(error.code == .busy && error.holder?.process == child)
          demand(error.holder?.isStopped == true && error.holder?.isElsewhere == false)
          demand(error.message.contains("`kill -CONT \(child)`"))
        }
      }
      demand(log.writerHolder()?.process == child)
      demand(try log.texts() == [])
      kill(child, SIGCONT)
      try log.append("after")
      demand(try log.texts() == ["child", "after"])
      demand(try log.verify().ok)
    }
  }

  @Test func theLockOfADeadWriterIsTakenOver() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      let child = try stoppedWriter(path)
      let log = try Log.open(path)
      kill(child, SIGKILL)
      try log.append("after")
      demand(log.writerHolder() == nil)
      demand(try log.texts() == ["after"])
      demand(try log.verify().ok)
    }
  }

  @Test func whoeverWaitsLongWarnsOnce() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      let child = try stoppedWriter(path)
      let lines = Lines()
      var options = LogOptions()
      options.warn = { lines.add($0) }
      let log = try Log.open(path, options: options)
      while let holder = log.writerHolder(), holder.seconds < 2.1 {
        try? log.write(waitingAtMost: 0.1) { _ in }
      }
      for _ in 0..<3 { try? log.write(waitingAtMost: 0) { _ in } }
      demand(lines.all.count == 1)
      demand(lines.all[0].contains("process \(child)") && lines.all[0].contains(path))
      kill(child, SIGKILL)
    }
  }

  @Test func readersOpenAndReadBesideAStoppedWriter() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      let child = try stoppedWriter(path)
      for readOnly in [false, true] {
        let log = try Log.open(path, options: LogOptions(readOnly: readOnly))
        demand(try log.texts() == [])
        demand(log.writerHolder()?.isStopped == true)
        demand(try log.verify().ok)
        try log.copy(to: path + "-copy\(readOnly)", compact: readOnly)
        log.close()
      }
      kill(child, SIGKILL)
    }
  }

  @Test func nobodyHoldsTheLockBetweenWrites() throws {
    let log = try Log.open(place.log)
    #expect(log.writerHolder() == nil)
    try log.write { _ in
      let holder = try #require(log.writerHolder())
      #expect(holder.process == getpid() && !holder.isStopped && !holder.isElsewhere)
      #expect(!holder.command.isEmpty)
    }
    #expect(log.writerHolder() == nil)
    struct Broken: Error {}
    #expect(throws: Broken.self) { try log.write { _ in throw Broken() } }
    #expect(log.writerHolder() == nil)
  }

  @Test func aWriteIsNotStoppedByTheTerminal() throws {
    let log = try Log.open(place.log)
    func blocked() -> [Bool] {
      var set = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &set)
      return [SIGTSTP, SIGTTIN, SIGTTOU].map { sigismember(&set, $0) == 1 }
    }
    let before = blocked()
    try log.write { _ in #expect(blocked() == [true, true, true]) }
    #expect(blocked() == before)
    _ = try? log.write { _ in throw CancellationError() }
    #expect(blocked() == before)
  }

  @Test func theLockFileLostUnderAProcessIsMadeAnew() throws {
    let log = try Log.open(place.log)
    try log.append("one")
    unlink(LogFiles.writerLock(place.log))
    try log.append("two")
    log.close()
    let again = try Log.open(place.log)
    #expect(try again.texts() == ["one", "two"])
    try again.append("three")
  }

  @Test func aForeignLockFileIsMadeAnew() throws {
    try Log.open(place.log).append("one")
    for content in [Data(), Data(repeating: 7, count: 100), Data(repeating: 255, count: 50_000)] {
      try content.write(to: URL(fileURLWithPath: LogFiles.writerLock(place.log)))
      let log = try Log.open(place.log)
      #expect(try log.texts() == ["one"])
      try log.write { _ in }
      log.close()
    }
  }

  /// LMDB's list of readers has a lock that cannot be waited for with a limit.
  @Test func aSteadyReaderTakesItsPlaceOnce() throws {
    let log = try Log.open(place.log)
    for number in 0..<50 {
      try log.append("\(number)")
      _ = try log.texts()
    }
    #expect(try log.statistics().readers <= 2)
  }
}

/// Makes a log, and a child of this process that is stopped while it writes "child" to it.
private func stoppedWriter(_ path: String) throws -> pid_t {
  try Log.open(path).close()
  let child = try forked {
    let log = try Log.open(path)
    try log.write { transaction in
      try transaction.append(bytes("child").span.bytes)
      raise(SIGSTOP)
    }
    log.close()
  }
  var status: Int32 = 0
  demand(waitpid(child, &status, WUNTRACED) == child && status & 0xFF == 0x7F)
  return child
}

/// Lines that threads add to.
final class Lines: Sendable {
  private let lines = Lock<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}
