import Foundation
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Several processes on one log. The children are exit tests.
@Suite struct ProcessTests {
  let place = Place()

  /// Does something in three processes at once; each has its number.
  private func inThreeProcesses(
    _ body: @escaping @Sendable (Int) async -> Void
  ) async {
    async let first: Void = body(0)
    async let second: Void = body(1)
    async let third: Void = body(2)
    _ = await (first, second, third)
  }

  /// Waits until all three processes have come to a place.
  static func meet(_ path: String, _ name: String, _ number: Int) {
    _ = FileManager.default.createFile(atPath: "\(path)/\(name)\(number)", contents: nil)
    for other in 0..<3 {
      while !FileManager.default.fileExists(atPath: "\(path)/\(name)\(other)") { usleep(1_000) }
    }
  }

  static func write(_ text: String, _ path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func read(_ name: String) throws -> [[Substring]] {
    try String(contentsOfFile: "\(place.path)/\(name)", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: "\t") }
  }

  @Test func `three processes write one history and end in one state`() async throws {
    await inThreeProcesses { [path = place.path] number in
      await #expect(processExitsWith: .success) {
        [path = path as String, number = number as Int] in
        alarm(60)
        var driver = Driver(seed: UInt64(number + 31))
        let engine = try Engine.open(
          path + "/log",
          options: .forTests {
            $0.mapSizeBytes = 1 << 20
            $0.checkpointEvents = UInt64(150 + number * 40)
            $0.checkpointEventsAtClosing = 1
          })
        ProcessTests.meet(path, "begin", number)
        for _ in 0..<250 { driver.step(engine) }
        ProcessTests.meet(path, "end", number)
        try ProcessTests.write(try engine.stateHash(), "\(path)/hash\(number)")
        engine.close()
      }
    }
    #expect(try place.fault() == nil)
    let replayed = try place.look { log in try replay(log).last }
    for number in 0..<3 { #expect(try read("hash\(number)") == [[replayed[...]]]) }
    let broken = try place.look { log in try violations(log) }
    #expect(broken == [])
    // The last to close kept a checkpoint of what all of them had written.
    let engine = try place.open()
    #expect(try engine.stateHash() == replayed)
    engine.close()
  }

  @Test func `every answered call is there, in the order of its process`() async throws {
    await inThreeProcesses { [path = place.path] number in
      await #expect(processExitsWith: .success) {
        [path = path as String, number = number as Int] in
        alarm(60)
        let engine = try Engine.open(path + "/log", options: .forTests())
        onThreads(4) { thread in
          var text = ""
          for round in 0..<25 {
            let key = "p\(number) t\(thread) \(round)"
            guard let wake = try? engine.ask("wake", CallerTests.wake(key)) else { continue }
            text += "\(key)\t\(wake["run"].count)\n"
          }
          try? ProcessTests.write(text, "\(path)/answers\(number).\(thread)")
        }
        engine.close()
      }
    }
    let engine = try place.open()
    #expect(try engine.count == 300 * 4)
    for number in 0..<3 {
      for thread in 0..<4 {
        let lines = try read("answers\(number).\(thread)")
        let runs = lines.compactMap { Int64($0[1]) }
        #expect(runs.count == 25 && runs == runs.sorted())
        for (line, run) in zip(lines, runs) {
          let session = try engine.ask("run", ["run": .integer(run)])["session"]
          #expect(session == .string(String(line[0])))
        }
      }
    }
    engine.close()
  }

  @Test func `a key is carried out once, whichever process asks`() async throws {
    await inThreeProcesses { [path = place.path] number in
      await #expect(processExitsWith: .success) {
        [path = path as String, number = number as Int] in
        alarm(60)
        let engine = try Engine.open(path + "/log", options: .forTests())
        ProcessTests.meet(path, "begin", number)
        var text = ""
        for round in 0..<60 {
          let call = KeyTests.wake("s\(round)", key: .string("k\(round)"))
          let wake = try engine.ask("wake", call)
          text += "\(wake["duplicate"] == nil)\t\(wake.without("duplicate", "open").text)\n"
        }
        try ProcessTests.write(text, "\(path)/answers\(number)")
        engine.close()
      }
    }
    let answers = try (0..<3).map { try read("answers\($0)") }
    for round in 0..<60 {
      let three = answers.map { $0[round] }
      #expect(three.filter { $0[0] == "true" }.count == 1)
      #expect(Set(three.map { $0[1] }).count == 1)
    }
    let engine = try place.open()
    #expect(try engine.count == 60 * 4)
    engine.close()
  }

  @Test func `what one process does, the next call of another sees`() async throws {
    let engine = try place.open { $0.host = "h" }
    let wake = try engine.ask("wake", CallerTests.wake("s"))
    await #expect(processExitsWith: .success) { [log = place.log as String] in
      func open(takesOver: Bool) throws(WakelogError) -> Engine {
        try Engine.open(
          log,
          options: .forTests {
            $0.host = "h"
            $0.takesOver = takesOver
            $0.policy = Policy.builtIn(named: "openclaw")
          })
      }
      do throws(WakelogError) {
        _ = try open(takesOver: false)
        preconditionFailure("the name of a host that lives was taken")
      } catch {
        precondition(error.code == .busy, "\(error)")
        precondition(error.details["pid"] == .integer(Int64(getppid())), "\(error)")
      }
      let other = try open(takesOver: true)
      let session = try other.ask("session", ["session": "s"])
      precondition(session["lastRun"]?["outcome"] == "interrupted", session.text)
      try other.ask("pause", ["agent": "ada"])
      other.close()
    }
    #expect(try engine.ask("hello")["policy"] == "openclaw")
    let check: JSONValue = ["session": "s", "fence": wake["fence"]!]
    #expect(engine.refusal("check", check)?.code == .staleFence)
    // The other process is the host now: this one's wakes carry an epoch that is over.
    #expect(engine.refusal("wake", CallerTests.wake("t"))?.code == .hostSuperseded)
    let paused = try engine.ask("wake", CallerTests.wake("s").with(["host": "another"]))
    #expect(paused["because"] == "paused")
    engine.close()
  }

  @Test func `a reader is woken by another process`() async throws {
    let engine = try place.open()
    async let child: Void = wakeElsewhere(1)
    var last: UInt64 = 0
    for _ in 0..<3_000 where last == 0 {
      last = engine.waitForEvents(after: 0, timeoutMilliseconds: 20)
      await Task.yield()
    }
    #expect(last == 4)
    await child
    engine.close()
  }

  @Test func `a reader beside a writer sees whole calls`() async throws {
    try place.open().close()
    async let child: Void = wakeElsewhere(200)
    let reader = try place.open { $0.readOnly = true }
    var last: UInt64 = 0
    while last < 800 {
      let count = try reader.count
      #expect(count >= last && count % 4 == 0)
      let page = try reader.ask("sessions", ["limit": 10_000])["items"]?.array ?? []
      #expect(UInt64(page.count) * 4 >= count)
      last = count
      // The child waits for a thread to be started from, of which there are as few as cores.
      await Task.yield()
    }
    #expect(reader.refusal("wake", CallerTests.wake("s"))?.code == .readOnly)
    #expect(reader.refusal("policy", ["adopt": [:]])?.code == .readOnly)
    #expect(try reader.ask("policy")["policy"]?["name"] == "standard")
    await child
    reader.close()
  }

  private func wakeElsewhere(_ count: Int) async {
    await #expect(processExitsWith: .success) {
      [log = place.log as String, count = count as Int] in
      let other = try Engine.open(log, options: .forTests())
      for round in 0..<count { try other.ask("wake", CallerTests.wake("s\(round)")) }
      other.close()
    }
  }
}
