import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

@Suite struct CallerTests {
  let place = Place()

  static func wake(_ session: String, _ source: String = "message") -> JSONValue {
    ["session": .string(session), "agent": "ada", "provider": "claude", "source": .string(source)]
  }

  @Test func `sixty-four threads get each its own answers, and one order`() throws {
    let engine = try place.open()
    let broken = Mutex<[String]>([])
    onThreads(64) { caller in
      do {
        for round in 0..<5 {
          let wake = try engine.ask("wake", Self.wake("s\(caller)"))
          let end = try engine.ask(
            "finish",
            [
              "attempt": wake["attempt"]!, "fence": wake["fence"]!, "turns": 1, "exitCode": 0,
              "sessionId": .string("id \(caller) \(round)"),
            ])
          guard end["session"]?["key"] == .string("s\(caller)"), end["run"] == wake["run"],
            end["session"]?["bound"]?["sessionId"] == .string("id \(caller) \(round)")
          else { return broken.withLock { $0.append("\(caller) \(round): \(end.text)") } }
        }
      } catch {
        broken.withLock { $0.append("\(caller): \(error)") }
      }
    }
    #expect(broken.withLock { $0 } == [])
    let sessions = try engine.ask("sessions")["items"]?.array ?? []
    #expect(sessions.count == 64)
    #expect(sessions.allSatisfy { $0["counters"]?["runs"] == 5 })
    engine.close()
    #expect(try place.fault() == nil)
  }

  @Test func `calls that wait share commits`() throws {
    let engine = try place.open()
    onThreads(32) { caller in
      for round in 0..<20 { _ = try? engine.ask("wake", Self.wake("s\(caller) \(round)")) }
    }
    engine.close()
    let commits = try place.look { try $0.verify().seals }
    #expect(commits < 640, "\(commits) commits for 640 calls")
  }

  @Test func `tasks that wait block no thread`() async throws {
    let engine = try place.open()
    // Many more than there are threads for tasks, each waiting for one after it.
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<200 {
        group.addTask {
          let wake = try await engine.wake(
            WakeRequest(session: "s\(task)", agent: "ada", provider: "claude", source: .message))
          return try await engine.check(
            CheckRequest(session: "s\(task)", fence: wake.fence ?? "")
          ).json["ok"] == true
        }
      }
      for try await isLive in group { #expect(isLive) }
    }
    engine.close()
  }

  @Test func `calls of one thread are carried out in their order`() throws {
    let engine = try place.open()
    let order = Mutex<[Int]>([])
    let done = DispatchSemaphore(value: 0)
    for number in 0..<1_200 {
      engine.submit("wake", Self.wake("s\(number)").object!) { _ in
        order.withLock { $0.append(number) }
        done.signal()
      }
    }
    for _ in 0..<1_200 { done.wait() }
    #expect(order.withLock { $0 } == Array(0..<1_200))
    let first = try engine.ask("sessions", ["limit": 10_000])["items"]?.array ?? []
    #expect(first.map { $0["key"]?.string } == (0..<1_200).map { "s\($0)" })
    engine.close()
  }

  /// A closure was told by the thread that leads. When it waited for a call of its own, nobody was
  /// left to carry that out.
  @Test(.timeLimit(.minutes(10))) func `who is told may call again, and wait`() throws {
    let engine = try place.open()
    let heard = Mutex<[String]>([])
    let done = DispatchSemaphore(value: 0)
    for number in 0..<8 {
      engine.submit("wake", Self.wake("s\(number)").object!) { _ in
        let inner = try? engine.ask("wake", Self.wake("inner \(number)"))
        let again = try? engine.ask("session", ["session": .string("inner \(number)")])
        heard.withLock { $0.append(inner?["disposition"]?.string ?? "error") }
        if again?["key"]?.string == "inner \(number)" { done.signal() }
      }
    }
    for _ in 0..<8 { done.wait() }
    #expect(heard.withLock { $0 } == Array(repeating: "started", count: 8))
    engine.close()
  }

  /// The last reference to an engine was the closure's. It was given back on the thread that leads,
  /// which then waited for itself, and the log could not be opened again.
  @Test(.timeLimit(.minutes(10))) func `the last one to let go may be who is told`() throws {
    for _ in 0..<20 {
      var engine: Engine? = try place.open()
      let told = DispatchSemaphore(value: 0)
      engine!.submit("hello", JSONObject()) { [engine] _ in
        _ = engine
        told.signal()
      }
      engine = nil
      told.wait()
      // It closes right after.
      var again: Engine?
      for _ in 0..<2_000 where again == nil {
        again = try? place.open()
        if again == nil { usleep(1_000) }
      }
      #expect(again != nil)
    }
  }

  @Test func `nobody is left behind when others never stop calling`() throws {
    let engine = try place.open()
    let isOver = Atomic(false)
    let slowest = Mutex(0.0)
    onThreads(17) { caller in
      if caller == 0 {
        for round in 0..<20 {
          let start = Date()
          _ = try? engine.ask("wake", Self.wake("quiet \(round)"))
          slowest.withLock { $0 = max($0, Date().timeIntervalSince(start)) }
        }
        isOver.store(true, ordering: .sequentiallyConsistent)
      } else {
        while !isOver.load(ordering: .sequentiallyConsistent) {
          _ = try? engine.ask("wake", Self.wake("loud \(caller)", "timer"))
        }
      }
    }
    #expect(slowest.withLock { $0 } < 5)
    engine.close()
  }
}
