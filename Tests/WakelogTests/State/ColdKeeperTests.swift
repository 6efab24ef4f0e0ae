import Foundation
import Testing
import WakelogStore

@testable import Wakelog
@testable import WakelogModel

/// Sessions that nobody wakes leave memory and come back at their next wake as they were.
@Suite struct ColdKeeperTests {
  let place = Place()

  /// Opens the log so that pages of the smallest table leave, when a test says so.
  private func open(_ change: (inout Engine.Options) -> Void = { _ in }) throws -> Engine {
    try place.open {
      $0.smallestCold = 1
      change(&$0)
    }
  }

  /// Starts a run of each of some sessions and ends it, with an id of its own.
  private func fill(_ engine: Engine, _ sessions: Range<Int>) throws {
    for number in sessions {
      let at = Int64(number)
      try ResultTests.run(
        engine, "session \(number)", at: at, ["turns": 1, "sessionId": .string("id \(number)")])
    }
  }

  private func look(_ engine: Engine, times: Int = Int(ColdKeeper.looks) + 1) throws {
    for _ in 0..<times { try #require(engine.cold).look() }
  }

  private func gone(_ engine: Engine) throws -> Int {
    try engine.perform(writes: false) { $0.state.pagesGone() }
  }

  private func resident(_ engine: Engine) throws -> Int {
    let pages = try engine.perform(writes: false) { core in
      Result { try Pages.present(core.state.sessions.rows, core.state.sessions.length * 232) }
    }
    return try pages.get()
  }

  @Test func `sessions that left answer as before, and are woken as before`() throws {
    let engine = try open()
    try fill(engine, 0..<600)
    let before = try engine.ask("sessions", ["limit": 1_000])
    let shown = try engine.ask("session", ["session": "session 300"])
    let hash = try engine.stateHash()
    let all = try resident(engine)
    #expect(all > 30)
    try look(engine)
    #expect(try gone(engine) > 30)
    #expect(try resident(engine) < 4)
    #expect(try engine.ask("session", ["session": "session 300"]) == shown)
    #expect(try engine.ask("sessions", ["limit": 1_000]) == before)
    #expect(try engine.stateHash() == hash)
    let wake = try engine.ask("wake", CallerTests.wake("session 300"))
    #expect(wake["disposition"] == "started")
    #expect(wake["plan"]?["mode"] == "resume", "\(wake.text)")
    #expect(wake["plan"]?["sessionId"] == "id 300", "\(wake.text)")
    let last = try engine.stateHash()
    engine.close()
    #expect(try place.look { try replay($0).last } == last)
  }

  @Test(arguments: [31, 32] as [UInt64])
  func `rounds of leaving and coming back add up to what a replay does`(seed: UInt64) throws {
    var driver = Driver(seed: seed)
    driver.sessions = (0..<90).map { "key \($0)" }
    var left = 0
    for round in 0..<5 {
      let engine = try open {
        $0.checkpointEvents = 90
        $0.checkpointEventsAtClosing = 1
      }
      for _ in 0..<4 {
        for _ in 0..<40 { driver.step(engine) }
        let hash = try engine.stateHash()
        try look(engine)
        left = max(left, try gone(engine))
        #expect(try engine.stateHash() == hash, "seed \(seed), \(round)")
      }
      for _ in 0..<20 { driver.step(engine) }
      let live = try engine.stateHash()
      engine.close()
      #expect(try place.look { try replay($0).last } == live, "seed \(seed), \(round)")
      let kept = try place.look { log in
        try log.read { transaction in
          try Checkpoint.restore(LogView(snapshot: transaction.snapshot)).map {
            var state = $0
            return StateHash.of(&state)
          }
        }
      }
      #expect(kept == live, "seed \(seed), \(round)")
    }
    #expect(left > 5)
    #expect(try place.fault() == nil)
  }

  /// A commit that fails takes back what was decided, here on rows that had left before.
  @Test func `what a failed commit decided is taken back over pages that left`() throws {
    let file = ScratchFile(folder: place.path)
    let engine = try open()
    try fill(engine, 0..<300)
    try look(engine)
    let pages = try gone(engine)
    #expect(pages > 10)
    let hash = try engine.stateHash()
    try engine.perform(writes: false) { core throws(WakelogError) in
      core.state.beginJournal()
      for number in stride(from: 1, to: 300, by: 3) as StrideTo<UInt32> {
        core.state.sessions.update(number) { $0.cursor = 99 }
      }
      core.state.undoChanges()
    }
    #expect(try engine.stateHash() == hash)
    try look(engine)
    #expect(try gone(engine) == pages)
    #expect(try engine.stateHash() == hash)
    engine.close()
    #expect(file.descriptor == nil)
  }

  @Test func `the file has no name, is its owner's alone, and no child inherits it`() throws {
    let engine = try open()
    try fill(engine, 0..<100)
    let before = try FileManager.default.contentsOfDirectory(atPath: place.log).sorted()
    try look(engine)
    #expect(try gone(engine) > 3)
    let descriptor = try #require(engine.cold?.file.descriptor)
    var status = stat()
    fstat(descriptor, &status)
    #expect(status.st_nlink == 0 && status.st_mode & 0o777 == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.log).sorted() == before)
    #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    // Foundation closes what its children should not have; a shell of the C library does not.
    let shell = try #require(popen("ls -lL -i /proc/self/fd", "r"))
    var output = ""
    var line = [CChar](repeating: 0, count: 1_024)
    while fgets(&line, Int32(line.count), shell) != nil {
      output += line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }
    #expect(pclose(shell) == 0)
    #expect(!output.isEmpty && !output.contains("\(status.st_ino) "), "\(output)")
    engine.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.log).sorted() == before)
  }

  @Test(arguments: [ScratchFile.Step.create, .grow, .write, .flush, .map])
  func `on a full disk sessions stay in memory, and calls notice nothing`(
    step: ScratchFile.Step
  ) throws {
    let isFull = Lock(true)
    let engine = try open {
      $0.coldFault = { $0 == step && isFull.withLock { $0 } ? ENOSPC : 0 }
    }
    try fill(engine, 0..<100)
    let hash = try engine.stateHash()
    try look(engine)
    #expect(try gone(engine) == 0)
    #expect(try engine.stateHash() == hash)
    #expect(try engine.ask("wake", CallerTests.wake("session 5"))["disposition"] == "started")
    isFull.withLock { $0 = false }
    try look(engine)
    #expect(try gone(engine) > 3)
    let last = try engine.stateHash()
    engine.close()
    #expect(try place.look { try replay($0).last } == last)
  }

  @Test func `they leave by themselves, while callers call and until the engine is let go`() throws
  {
    var engine: Engine? = try open { $0.coldAfterSeconds = 0.02 }
    try fill(engine!, 0..<200)
    var driver = Driver(seed: 5)
    while try gone(engine!) < 5 { driver.step(engine!) }
    let hash = try engine!.stateHash()
    engine = nil
    #expect(try place.look { try replay($0).last } == hash)
  }

  @Test func `a small log, one that is only read, and a time of 0 keep all in memory`() throws {
    let small = try place.open { $0.coldAfterSeconds = 0.001 }
    try fill(small, 0..<20)
    #expect(try small.perform(writes: false) { $0.state.sessions.room.memory == nil })
    small.close()
    for change in [{ $0.readOnly = true }, { $0.coldAfterSeconds = 0 }]
      as [(inout Engine.Options) -> Void]
    {
      let engine = try open(change)
      #expect(engine.cold == nil)
      #expect(try engine.perform(writes: false) { $0.state.sessions.room.memory == nil })
      engine.close()
    }
    #expect(Engine.Options().coldAfterSeconds == 86_400)
  }
}
