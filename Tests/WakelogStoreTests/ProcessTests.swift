import Foundation
import Testing

@testable import WakelogStore

/// What several processes do to one log. The children are exit tests.
struct ProcessTests {
  let place = Place()

  @Test func twoProcessesAppendInOneOrder() async throws {
    let path = place.log
    try Log.open(path).append("start")
    async let first: Void = append(path, "a")
    async let second: Void = append(path, "b")
    _ = await (first, second)
    let log = try Log.open(path)
    let texts = try log.texts()
    #expect(texts.count == 401)
    for name in ["a", "b"] {
      #expect(texts.filter { $0.hasPrefix(name) } == (0..<200).map { "\(name) \($0)" })
    }
    let check = try log.verify()
    #expect(check.ok && check.events == 401 && check.seals == 401)
  }

  private func append(_ path: String, _ name: String) async {
    await #expect(processExitsWith: .success) { [path, name] in
      let log = try Log.open(path)
      for number in 0..<200 { try log.append("\(name) \(number)") }
    }
  }

  @Test func readersAndCheckersWorkBesideAWriterElsewhere() async throws {
    let path = place.log
    try Log.open(path).append("start")
    async let writer: Void = append(path, "a")
    var last = 0
    while last < 200 {
      let log = try Log.open(path, options: LogOptions(readOnly: last % 2 == 0))
      let count = try log.texts().count
      #expect(count >= last)
      let check = try log.verify()
      #expect(check.ok, "\(check)")
      last = count
      log.close()
      // The writer's own test waits for a thread, of which there are as few as cores.
      await Task.yield()
    }
    await writer
  }

  @Test func aKillAtAnyMomentLeavesAWholeLog() async throws {
    let path = place.log
    try Log.open(path).append("start")
    var last = 1
    for round in 0..<12 {
      let microseconds = UInt32(1000 + round * 3137)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, microseconds = microseconds as UInt32] in
        let log = try Log.open(path)
        Thread.detachNewThread {
          usleep(microseconds)
          kill(getpid(), SIGKILL)
        }
        var number = 0
        while true {
          number += 1
          try log.write { transaction in
            for part in 0..<50 {
              let record = bytes("\(number) \(part)")
              try transaction.append(record.span.bytes, evidence: record.span.bytes)
            }
            try transaction.intern(1, bytes("name \(getpid()) \(number)").span.bytes)
          }
        }
      }
      let log = try Log.open(path)
      let check = try log.verify()
      #expect(check.ok, "round \(round): \(check)")
      #expect(Int(check.events) >= last && (check.events - 1) % 50 == 0)
      last = Int(check.events)
      log.close()
    }
  }

  @Test func aDeadReaderDoesNotHoldPagesForEver() async throws {
    let path = place.log
    let log = try Log.open(path)
    try log.append("one")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let log = try Log.open(path)
      try log.read { _ in _ = kill(getpid(), SIGKILL) }
    }
    #expect(try log.clearStaleReaders() == 1)
    #expect(try log.clearStaleReaders() == 0)
  }

  @Test func aMapThatAnotherProcessGrewIsAdopted() async throws {
    let path = place.log
    let small = LogOptions(mapSizeBytes: 1 << 20)
    let log = try Log.open(path, options: small)
    try log.append("one")
    let before = try log.statistics().mapBytes
    await #expect(processExitsWith: .success) { [path = path as String] in
      let log = try Log.open(path, options: LogOptions(mapSizeBytes: 1 << 29))
      let evidence = [UInt8](repeating: 1, count: 200 << 20)
      _ = try log.write { transaction in
        try transaction.append(bytes("two").span.bytes, evidence: evidence.span.bytes)
      }
    }
    #expect(try log.texts() == ["one", "two"])
    try log.append("three")
    #expect(try log.texts().count == 3)
    #expect(try log.statistics().mapBytes > before)
  }

  @Test func aChildOfForkIsTurnedAway() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      let log = try Log.open(path)
      try log.append("one")
      let child = try forked {
        var code: StoreError.Code?
        do { try log.append("two") } catch let error as StoreError { code = error.code }
        demand(code == .forked && log.writerHolder() == nil)
      }
      var status: Int32 = 0
      demand(waitpid(child, &status, 0) == child && status == 0)
      try log.append("two")
      demand(try log.texts().count == 2)
    }
  }

  @Test func aFullDiskKeepsNothingHalfAndRecovers() async throws {
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      signal(SIGXFSZ, SIG_IGN)
      let log = try Log.open(path)
      try log.append("one")
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let open = limit
      limit.rlim_cur = 1 << 20
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      var failures = 0
      for number in 0..<40 {
        do {
          _ = try log.write { transaction in
            let evidence = [UInt8](repeating: UInt8(number), count: 100_000)
            try transaction.append(bytes("big").span.bytes, evidence: evidence.span.bytes)
          }
        } catch let error as StoreError {
          precondition(error.code == .diskFull, "\(error)")
          failures += 1
        }
      }
      precondition(failures > 10 && failures < 40)
      demand(try log.verify().ok)
      let count = try log.texts().count
      precondition(count == 41 - failures)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), [open])
      try log.append("after")
      demand(try log.texts().count == count + 1)
      demand(try log.verify().ok)
    }
  }

  @Test(.enabled(if: getuid() == 0)) func aFullFileSystemKeepsNothingHalfAndRecovers() throws {
    let disk = place.path + "/disk"
    mkdir(disk, 0o700)
    guard mount("tmpfs", disk, "tmpfs", 0, "size=4m") == 0 else { return }
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let log = try Log.open(disk + "/log")
    try log.append("one")
    #expect(
      FileManager.default.createFile(
        atPath: disk + "/filler", contents: Data(count: 3 << 20)))
    var codes: Set<StoreError.Code> = []
    for _ in 0..<30 {
      do {
        _ = try log.write { transaction in
          let evidence = [UInt8](repeating: 1, count: 150_000)
          try transaction.append(bytes("big").span.bytes, evidence: evidence.span.bytes)
        }
      } catch let error as StoreError {
        codes.insert(error.code)
      }
    }
    #expect(codes == [.diskFull])
    #expect(try log.verify().ok)
    let count = try log.texts().count
    unlink(disk + "/filler")
    try log.append("after")
    #expect(try log.texts().count == count + 1)
    #expect(try log.verify().ok)
    log.close()
  }
}

struct GrowthTests {
  let place = Place()

  @Test func aTinyMapGrowsWithTheLog() throws {
    let log = try Log.open(place.log, options: LogOptions(mapSizeBytes: 1 << 16))
    let evidence = [UInt8](repeating: 3, count: 1 << 20)
    for _ in 0..<150 {
      _ = try log.write { transaction in
        try transaction.append(bytes("big").span.bytes, evidence: evidence.span.bytes)
      }
    }
    #expect(try log.texts().count == 150)
    #expect(try log.statistics().mapBytes > 150 << 20)
  }

  @Test func aCommitBeyondTheMapIsRefusedOnceAndThenFits() throws {
    let log = try Log.open(place.log, options: LogOptions(mapSizeBytes: 1 << 16))
    let evidence = [UInt8](repeating: 3, count: 100 << 20)
    func write() throws {
      try log.write { transaction in
        for _ in 0..<2 {
          try transaction.append(bytes("huge").span.bytes, evidence: evidence.span.bytes)
        }
      }
    }
    let error = #expect(throws: StoreError.self) { try write() }
    #expect(error?.code == .mapFull)
    #expect(try log.texts().isEmpty)
    try? write()
    try write()
    #expect(try log.texts().count >= 2)
    #expect(try log.verify().ok)
  }

  @Test func manyThreadsReadAndWriteAtOnce() async throws {
    let log = try Log.open(place.log, options: LogOptions(mapSizeBytes: 1 << 16))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for number in 0..<50 { try log.append("\(worker) \(number)") }
        }
        group.addTask {
          for _ in 0..<100 { _ = try log.texts() }
        }
      }
      try await group.waitForAll()
    }
    #expect(try log.texts().count == 200)
    #expect(try log.verify().ok)
  }

  @Test func aHundredThousandEventsInOneCommitReadBack() throws {
    let log = try Log.open(place.log)
    try log.write { transaction in
      for number in 0..<100_000 {
        try transaction.append(bytes("event number \(number) of many").span.bytes)
      }
    }
    var count: UInt64 = 0
    try log.read { transaction in
      try transaction.forEachRecord { sequence, record in
        count += 1
        return sequence == count && record.byteCount > 20
      }
    }
    #expect(count == 100_000)
    #expect(try log.verify().events == 100_000)
  }
}
