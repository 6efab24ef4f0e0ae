import Foundation
import Testing

@testable import WakelogStore

/// Opening a clean log of ten million events took half a second, most of it for a walk through all
/// pages that had been made at the last opening too.
struct SoundnessTests {
  let place = Place()

  /// How often all pages are walked while the log is opened and used.
  private func walks(
    readOnly: Bool = false, _ body: (Log) throws -> Void = { _ in }
  ) throws -> Int {
    let count = Lines()
    var options = LogOptions(readOnly: readOnly)
    options.fault = {
      if $0 == .readFile { count.add("walk") }
      return 0
    }
    let log = try Log.open(place.log, options: options)
    try body(log)
    log.close()
    return count.all.count
  }

  @Test func aCleanLogIsWalkedOnce() throws {
    #expect(try walks { try $0.append("one") } == 1)
    #expect(try walks() == 0)
    #expect(try walks { log in for number in 0..<20 { try log.append("\(number)") } } == 0)
    #expect(try walks(readOnly: true) == 0)
    let verifying = try walks { _ = try $0.verify() }
    #expect(verifying == 1)
    #expect(try walks { try $0.write { _ in } } == 0)
    #expect(try walks() == 0)
  }

  @Test func aLogThatIsOpenElsewhereIsNotWalkedEither() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      let log = try Log.open(path)
      for number in 0..<20 { try log.append("\(number)") }
      let child = try forked {
        var options = LogOptions()
        options.fault = {
          demand($0 != .readFile)
          return 0
        }
        let log = try Log.open(path, options: options)
        try log.append("child")
        log.close()
      }
      var status: Int32 = 0
      demand(waitpid(child, &status, 0) == child && status == 0)
      try log.append("after")
    }
  }

  @Test func whatAnythingElseChangedIsWalked() throws {
    #expect(try walks { try $0.append("one") } == 1)
    // The same byte again, at once: only the time can tell.
    let file = LogFiles.data(place.log)
    for _ in 0..<20 {
      let descriptor = open(file, O_RDWR)
      var byte: UInt8 = 0
      #expect(pread(descriptor, &byte, 1, 8192) == 1)
      #expect(pwrite(descriptor, &byte, 1, 8192) == 1)
      close(descriptor)
      #expect(try walks() == 1)
      #expect(try walks { try $0.append("more") } == 0)
    }
    utimes(file, nil)
    #expect(try walks() == 1)
    let content = try Data(contentsOf: URL(fileURLWithPath: file))
    unlink(file)
    try content.write(to: URL(fileURLWithPath: file))
    #expect(try walks() == 1)
  }

  @Test func afterACrashTheLogIsWalked() async throws {
    #expect(try walks { try $0.append("one") } == 1)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = place.log as String] in
      let log = try Log.open(path)
      try log.append("two")
      _ = try log.read { _ in kill(getpid(), SIGKILL) }
    }
    #expect(try walks() == 1)
  }

  @Test func damageIsFoundThoughTheLogWasSound() throws {
    #expect(try walks { try $0.append("one") } == 1)
    let descriptor = open(LogFiles.data(place.log), O_RDWR)
    let page = [UInt8](repeating: 0xFF, count: 4096)
    #expect(pwrite(descriptor, page, page.count, 2 * 4096) == page.count)
    #expect(pwrite(descriptor, page, page.count, 3 * 4096) == page.count)
    close(descriptor)
    #expect(refusal { try Log.open(place.log).close() }?.code == .corrupt)
  }

  @Test func whoKnowsNothingOfSoundnessPassesNothingOn() throws {
    #expect(try walks { try $0.append("one") } == 1)
    unlink(LogFiles.writerLock(place.log))
    let log = try Log.open(place.log, options: LogOptions(checksPages: false))
    try log.append("two")
    log.close()
    #expect(try walks() == 1)
    #expect(try walks() == 0)
  }
}

/// A reader that is stopped lets the file grow a hundredfold, and nothing said so.
struct OldestReaderTests {
  let place = Place()

  @Test func aReaderThatStaysBehindIsShownWithWhatItHoldsBack() throws {
    let log = try Log.open(place.log)
    try log.append("one")
    #expect(try log.oldestReader() == nil)
    let (during, held) = try log.read { _ in
      try Self.onAnotherThread {
        for number in 0..<100 { try log.append("\(number)") }
      }
      let first = try log.oldestReader()
      try Self.onAnotherThread {
        for number in 0..<100 { try log.append("\(number)") }
      }
      return (first, try log.oldestReader())
    }
    #expect(during?.process == getpid())
    #expect(during?.commitsBehind == 100)
    #expect(held?.commitsBehind == 200)
    #expect(during?.isStopped == false)
    let pages = try #require(during?.pagesHeld)
    #expect(pages > 100)
    #expect(try #require(held?.pagesHeld) > pages)
    #expect(during?.bytesHeld == pages * Int(sysconf(Int32(_SC_PAGESIZE))))
    #expect(try log.oldestReader() == nil)
  }

  @Test func aReadInSlicesHoldsNothingBack() throws {
    var options = LogOptions()
    options.sliceSeconds = 0
    let log = try Log.open(place.log, options: options)
    for number in 0..<200 { try log.append("\(number)") }
    var behind: [UInt64] = []
    var isBetween = false
    try log.readInSlices(from: 3, between: { isBetween = try log.oldestReader() == nil }) {
      transaction, next, slice -> Int? in
      #expect(next == 3 || isBetween)
      try Self.onAnotherThread { try log.append("more") }
      behind.append(try log.oldestReader()?.commitsBehind ?? 0)
      #expect((0..<16).contains { _ in slice.isOver })
      return next < 200 ? next + 1 : nil
    }
    #expect(behind.count == 198)
    // Every row is a slice here.
    #expect(try #require(behind.max()) <= 2)
  }

  /// `verify` held one state of the log for all its time, and told its progress meanwhile.
  @Test func aVerificationHoldsNothingBack() throws {
    var options = LogOptions()
    options.sliceSeconds = 0
    let log = try Log.open(place.log, options: options)
    for number in 0..<50 {
      try log.write { transaction in
        _ = try transaction.intern(1, bytes("name \(number)").span.bytes)
        _ = try transaction.append(bytes("\(number)").span.bytes, evidence: bytes("e").span.bytes)
      }
    }
    var calls = 0
    let result = try log.verify { done, total in
      calls += 1
      #expect(done <= total)
      // The closure may write: this thread has no read transaction open.
      #expect((try? log.oldestReader()) == .some(nil))
      try? log.write { transaction in
        _ = try transaction.intern(UInt8(calls % 3), bytes("later \(calls)").span.bytes)
        let text = bytes("later")
        _ = try transaction.append(text.span.bytes, evidence: text.span.bytes)
      }
    }
    #expect(result.ok, "\(result)")
    #expect(calls > 5)
    #expect(result.events > 50)
  }

  /// A write on the thread of a read is no fault, but a host's threads are what this is about.
  private static func onAnotherThread(_ body: @escaping @Sendable () throws -> Void) throws {
    let failure = Lines()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      do { try body() } catch { failure.add("\(error)") }
      done.signal()
    }
    done.wait()
    #expect(failure.all == [])
  }
}
