import Foundation
import Synchronization
import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogStore

/// Calls are decided ahead of the log, while what came before them is flushed. Nobody may learn of
/// anything that a failed commit takes back.
@Suite struct PipelineTests {
  let place = Place()

  /// A call on a thread of its own, and what came of it.
  private final class Asked: Sendable {
    let answer = Mutex<Result<JSONValue, WakelogError>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    convenience init(_ engine: Engine, _ method: String, _ params: JSONValue) {
      self.init { () throws(WakelogError) in try engine.ask(method, params) }
    }

    init(_ call: @escaping @Sendable () throws(WakelogError) -> JSONValue) {
      Foundation.Thread.detachNewThread { [self] in
        let result: Result<JSONValue, WakelogError>
        do throws(WakelogError) {
          result = .success(try call())
        } catch {
          result = .failure(error)
        }
        answer.withLock { $0 = result }
        done.signal()
      }
    }

    var isAnswered: Bool { answer.withLock { $0 != nil } }

    func result() throws -> JSONValue {
      done.wait()
      return try answer.withLock { $0! }.get()
    }

    func error() -> WakelogError? {
      do {
        _ = try result()
        return nil
      } catch {
        return error as? WakelogError
      }
    }
  }

  /// An engine whose first commit stops at a gate, and whose commits then have these outcomes.
  private func gated(
    _ faulty: FaultyLog, _ gate: Gate, outcomes: [Int32]
  ) {
    let left = Mutex((isFirst: true, outcomes: outcomes))
    faulty.at(.commit) {
      let (isFirst, outcome) = left.withLock { left -> (Bool, Int32) in
        defer { left.isFirst = false }
        return (left.isFirst, left.outcomes.isEmpty ? 0 : left.outcomes.removeFirst())
      }
      if isFirst { gate.pass() }
      return outcome
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `what a commit that fails took along is decided anew, and nobody saw it`() throws {
    let faulty = try FaultyLog(place)
    let engine = faulty.engine
    try engine.ask("wake", CallerTests.wake("before"))
    let gate = Gate()
    gated(faulty, gate, outcomes: [ENOSPC])
    let first = Asked(engine, "wake", CallerTests.wake("first"))
    gate.waitForArrival()
    // All of these are decided on a state that has the first one's events.
    let second = Asked(engine, "wake", CallerTests.wake("second"))
    let reader = Asked(engine, "session", ["session": "first"])
    let count = Asked(engine, "sessions", [:])
    engine.waitUntilAhead(calls: 3)
    #expect(!first.isAnswered && !second.isAnswered && !reader.isAnswered && !count.isAnswered)
    gate.open()
    #expect(first.error()?.code == .diskFull)
    #expect(try second.result()["disposition"] == "started")
    #expect(reader.error()?.code == .notFound)
    let keys = try count.result()["items"]?.array?.compactMap { $0["key"]?.string }
    #expect(keys == ["before"] || keys == ["before", "second"])
    #expect(try engine.count == 8)
    #expect(try engine.stateHash() == faulty.replayed())
    engine.close()
    #expect(try place.fault() == nil)
  }

  @Test(.timeLimit(.minutes(10)))
  func `while a batch is flushed the next is decided, and both are durable once answered`() throws {
    let faulty = try FaultyLog(place)
    let engine = faulty.engine
    let gate = Gate()
    gated(faulty, gate, outcomes: [])
    let first = Asked(engine, "wake", CallerTests.wake("a"))
    gate.waitForArrival()
    // The same key: it is deferred behind a run that is not durable yet.
    let second = Asked(engine, "wake", CallerTests.wake("a", "timer"))
    engine.waitUntilAhead(calls: 1)
    #expect(!second.isAnswered)
    #expect(try faulty.log.read { try $0.lastSequence } == 0)
    gate.open()
    let run = try first.result()["run"]
    #expect(try second.result()["run"] == run)
    #expect(try engine.stateHash() == faulty.replayed())
    engine.close()
    #expect(try place.fault() == nil)
  }

  /// A call that wakes a key while another process writes: right after it looked at the log.
  private func wakeWhileOthersWrite(_ faulty: FaultyLog, _ session: String) -> Asked {
    let hasWritten = Atomic(false)
    return Asked { () throws(WakelogError) in
      try faulty.engine.perform(writes: true) { core throws(WakelogError) in
        if !hasWritten.exchange(true, ordering: .relaxed) { try! faulty.writeElsewhere() }
        let names = core.names
        let wake = WakeCommand(
          session: names.symbol(session, Space.Session.self),
          agent: names.symbol("ada", Space.Agent.self),
          provider: names.symbol("claude", Space.Provider.self), source: .message,
          fence: FenceDigest(low: 1, high: 2))
        let answer = try core.execute(.wake(wake), at: Instant(nanoseconds: 1)).answer
        guard case .wake(.started, let run, _) = answer else { return .null }
        return ["run": .position(run)]
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `what another process wrote in between comes first, and all is decided after it`() throws {
    let faulty = try FaultyLog(place)
    let engine = faulty.engine
    try engine.ask("wake", CallerTests.wake("before"))
    #expect(try wakeWhileOthersWrite(faulty, "after").result()["run"] == 7)
    let events = try engine.ask("events")["items"]?.array ?? []
    #expect(events.map { $0["seq"] } == (1...9).map { .integer($0) })
    #expect(events[4]["kind"] == "note.added")
    #expect(try engine.stateHash() == faulty.replayed())
    engine.close()
    #expect(try place.fault() == nil)
  }

  @Test(.timeLimit(.minutes(10)))
  func `both batches give way to another process, and keep their order`() throws {
    let faulty = try FaultyLog(place)
    let engine = faulty.engine
    let gate = Gate()
    let isOther = Atomic(true)
    let isFirst = Atomic(true)
    faulty.at(.beginWrite) {
      // The other's own transaction is the first.
      if !isOther.exchange(false, ordering: .relaxed),
        isFirst.exchange(false, ordering: .relaxed)
      {
        gate.pass()
      }
      return 0
    }
    let first = wakeWhileOthersWrite(faulty, "first")
    gate.waitForArrival()
    let second = Asked(engine, "wake", CallerTests.wake("second"))
    engine.waitUntilAhead(calls: 1)
    gate.open()
    #expect(try first.result()["run"] == 3)
    #expect(try second.result()["run"] == 7)
    #expect(try engine.stateHash() == faulty.replayed())
    engine.close()
    #expect(try place.fault() == nil)
  }

  /// A process that was stopped while it wrote stopped every call of all others, reads too.
  @Test(.timeLimit(.minutes(10)))
  func `while another holds the writer's lock, reads are answered and writes wait in their order`()
    throws
  {
    let engine = try place.open()
    try engine.ask("wake", CallerTests.wake("before"))
    let writer = HeldWriter(engine)
    let first = Asked(engine, "wake", CallerTests.wake("a"))
    for _ in 0..<20 {
      #expect(try engine.ask("session", ["session": "before"])["status"] == "running")
      #expect(engine.refusal("session", ["session": "a"])?.code == .notFound)
      usleep(2_000)
    }
    let told = DispatchSemaphore(value: 0)
    let keys = Mutex<[String]>([])
    for key in ["b", "c", "d"] {
      engine.submit("wake", CallerTests.wake(key).object!) { _ in
        keys.withLock { $0.append(key) }
        told.signal()
      }
    }
    engine.submit("sessions", JSONObject()) { result in
      let items = try? result.get()["items"]?.array
      keys.withLock { $0.append("\(items?.count ?? -1) read") }
      told.signal()
    }
    told.wait()
    #expect(keys.withLock { $0 } == ["1 read"])
    #expect(!first.isAnswered)
    writer.giveBack()
    #expect(try first.result()["disposition"] == "started")
    for _ in 0..<3 { told.wait() }
    #expect(keys.withLock { $0 } == ["1 read", "b", "c", "d"])
    let hash = try engine.stateHash()
    engine.close()
    #expect(try place.look { try replay($0).last } == hash)
    #expect(try place.fault() == nil)
  }

  @Test(.timeLimit(.minutes(10)))
  func `whoever waits too long for the writer's lock learns who holds it, and closing ends`()
    throws
  {
    let engine = try place.open { $0.writerWaitSeconds = 0.3 }
    try engine.ask("wake", CallerTests.wake("before"))
    let writer = HeldWriter(engine)
    let waiting = (0..<4).map { Asked(engine, "wake", CallerTests.wake("s\($0)")) }
    for call in waiting {
      let error = call.error()
      #expect(error?.code == .busy)
      #expect(error?.message.contains("process \(getpid())") == true, "\(error as Any)")
    }
    #expect(try engine.count == 4)
    let late = Asked(engine, "wake", CallerTests.wake("late"))
    let closing = Foundation.Thread { engine.close() }
    closing.start()
    #expect(late.error()?.code == .busy)
    writer.giveBack()
    while !closing.isFinished { usleep(1_000) }
    #expect(try place.look { try $0.verify().events } == 4)
  }

  @Test(.timeLimit(.minutes(10)), arguments: [1, 2, 3])
  func `with commits that fail and others that write, answers and log agree`(seed: Int) throws {
    let faulty = try FaultyLog(place) { $0.checkpointEvents = 300 }
    let engine = faulty.engine
    let chance = Mutex(SplitMix(state: UInt64(seed)))
    @Sendable func isDue(_ one: UInt64) -> Bool {
      chance.withLock { $0.next() >> 33 % one == 0 }
    }
    faulty.at(.commit) { isDue(7) ? ENOSPC : 0 }
    let elsewhere = Mutex(0)
    let done = Mutex<Set<String>>([])
    let failed = Mutex<Set<String>>([])
    onThreads(9) { caller in
      for round in 0..<60 {
        if caller == 8 {
          if (try? faulty.writeElsewhere()) != nil { elsewhere.withLock { $0 += 1 } }
          usleep(500)
          continue
        }
        let key = "s\(caller) \(round)"
        if engine.refusal("wake", CallerTests.wake(key)) == nil {
          done.withLock { _ = $0.insert(key) }
          // A call sees those before it.
          if engine.refusal("session", ["session": .string(key)]) != nil {
            failed.withLock { _ = $0.insert(key) }
          }
        } else {
          failed.withLock { _ = $0.insert(key) }
        }
      }
    }
    faulty.heal()
    let kept = try engine.ask("sessions", ["limit": 10_000])["items"]?.array ?? []
    #expect(Set(kept.compactMap { $0["key"]?.string }) == done.withLock { $0 }, "seed \(seed)")
    #expect(done.withLock { done in failed.withLock { $0.isDisjoint(with: done) } })
    let events = UInt64(kept.count * 4 + elsewhere.withLock { $0 })
    #expect(try engine.count == events)
    #expect(try engine.stateHash() == faulty.replayed())
    engine.close()
    #expect(try place.fault() == nil)
  }

  private struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }
}
