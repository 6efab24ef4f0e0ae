import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

@Suite struct ClosingTests {
  let place = Place()

  @Test func `every call made around closing is carried out whole, or refused as busy`() throws {
    for _ in 0..<10 {
      let place = Place()
      let engine = try place.open()
      let done = Mutex<Set<String>>([])
      let strange = Mutex<[WakelogError]>([])
      onThreads(17) { caller in
        guard caller > 0 else {
          usleep(2_000)
          return engine.close()
        }
        for round in 0..<1_000 {
          let key = "s\(caller) \(round)"
          do {
            try engine.ask("wake", CallerTests.wake(key))
            done.withLock { _ = $0.insert(key) }
          } catch let error as WakelogError {
            if error.code != .busy { strange.withLock { $0.append(error) } }
            return
          } catch {}
        }
      }
      #expect(strange.withLock { $0 } == [])
      let again = try place.open()
      let kept = try again.ask("sessions", ["limit": 10_000])["items"]?.array ?? []
      #expect(Set(kept.compactMap { $0["key"]?.string }) == done.withLock { $0 })
      again.close()
    }
  }

  @Test func `submitted calls are told before closing ends, or refused`() throws {
    let engine = try place.open()
    let told = Atomic(0)
    for number in 0..<2_000 {
      engine.submit("wake", CallerTests.wake("s\(number)").object!) { _ in
        told.add(1, ordering: .relaxed)
      }
    }
    engine.close()
    #expect(told.load(ordering: .relaxed) == 2_000)
  }

  @Test func `a closed engine refuses every call, and closing twice does nothing`() async throws {
    let engine = try place.open()
    engine.close()
    engine.close()
    #expect(engine.refusal("hello")?.code == .busy)
    #expect(engine.refusal("wake", CallerTests.wake("s"))?.code == .busy)
    await #expect(throws: WakelogError.self) { try await engine.hello(HelloRequest()) }
    #expect(engine.waitForEvents(after: 0, timeoutMilliseconds: 60_000) == 0)
  }

  @Test func `closing ends a wait for events`() throws {
    let engine = try place.open()
    let waited = DispatchSemaphore(value: 0)
    Foundation.Thread.detachNewThread {
      _ = engine.waitForEvents(after: 1_000, timeoutMilliseconds: 60_000)
      waited.signal()
    }
    usleep(20_000)
    engine.close()
    #expect(waited.wait(timeout: .now() + 5) == .success)
  }

  @Test func `letting go of an engine closes it`() throws {
    try place.open().ask("wake", CallerTests.wake("s"))
    let again = try place.open()
    #expect(try again.ask("session", ["session": "s"])["status"] == "running")
    #expect(throws: WakelogError.self) { try place.open() }
    again.close()
  }

  @Test func `a log is open once in a process, and two logs are two engines`() throws {
    let engine = try place.open()
    let error = #expect(throws: WakelogError.self) { try place.open() }
    #expect(error?.code == .busy)
    // By another path it is the same log.
    let link = place.path + "/link"
    symlink(place.log, link)
    let same = #expect(throws: WakelogError.self) { try Engine.open(link) }
    #expect(same?.code == .busy)
    let other = Place()
    let second = try other.open()
    try engine.ask("wake", CallerTests.wake("a"))
    try second.ask("wake", CallerTests.wake("b"))
    #expect(engine.refusal("session", ["session": "b"])?.code == .notFound)
    #expect(second.refusal("session", ["session": "a"])?.code == .notFound)
    #expect(try engine.ask("hello")["log"] != second.ask("hello")["log"])
    engine.close()
    second.close()
  }

  /// Threads are not copied by fork. A call of the child waited for ever for a leader that was
  /// left behind in the parent.
  @Test func `the child of a fork is refused at once, and harms nothing`() async throws {
    await #expect(processExitsWith: .success) { [log = place.log as String] in
      let engine = try Engine.open(log, options: .forTests())
      let isOver = Mutex(false)
      for caller in 0..<4 {
        Foundation.Thread.detachNewThread {
          while !isOver.withLock({ $0 }) {
            _ = try? engine.ask("wake", CallerTests.wake("s\(caller)", "timer"))
          }
        }
      }
      typealias Fork = @convention(c) () -> pid_t
      let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
      for _ in 0..<10 {
        usleep(3_000)
        let child = fork()
        if child == 0 {
          alarm(5)
          let code = engine.refusal("hello")?.code
          engine.close()
          _exit(code == .busy ? 7 : 1)
        }
        precondition(child > 0, "no process could be forked")
        var status: Int32 = 0
        waitpid(child, &status, 0)
        precondition(status == 7 << 8, "the child ended with \(status)")
      }
      isOver.withLock { $0 = true }
      let wake = try engine.ask("wake", CallerTests.wake("after"))
      precondition(wake["disposition"] == "started")
      engine.close()
    }
    #expect(try place.fault() == nil)
  }
}
