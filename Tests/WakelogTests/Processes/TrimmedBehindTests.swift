import Foundation
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Two processes on one log, one of which stands behind the events that the other takes away.
@Suite struct TrimmedBehindTests {
  let place = Place()

  static func wait(for path: String) {
    while !FileManager.default.fileExists(atPath: path) { usleep(1_000) }
  }

  @Test func `a process that stood before the base goes on from there`() async throws {
    let used = try Used(place, seed: 21, calls: 300)
    let milliseconds = used.driver.milliseconds
    async let behind: Void = { [path = place.path] in
      await #expect(processExitsWith: .success) {
        [path = path as String, milliseconds = milliseconds as Int64] in
        alarm(120)
        let engine = try Engine.open(path + "/log", options: .forTests())
        let before = try engine.count
        try ProcessTests.write("\(before)", path + "/opened")
        TrimmedBehindTests.wait(for: path + "/trimmed")
        try ProcessTests.write(try engine.stateHash(), path + "/behind")
        let first = try engine.firstEvent()
        precondition(first > before + 1)
        let wake = CallerTests.wake("from behind").with(["agent": "walker"])
        let later = JSONValue.integer(milliseconds + 15 * 86_400_000)
        let woken = try engine.ask("wake", wake.with(["at": later]))
        precondition(woken["disposition"] == "started")
        precondition(engine.refusal("events", ["from": 1])?.code == .notFound)
        engine.close()
      }
    }()
    async let trimming: Void = { [path = place.path] in
      await #expect(processExitsWith: .success) {
        [path = path as String, milliseconds = milliseconds as Int64] in
        alarm(120)
        TrimmedBehindTests.wait(for: path + "/opened")
        let engine = try Engine.open(path + "/log", options: .forTests())
        for day in 1...14 {
          let at = JSONValue.integer(milliseconds + Int64(day) * 86_400_000)
          // An agent that nobody has paused.
          let wake = CallerTests.wake("day \(day)").with(["agent": "walker", "at": at])
          let woken = try engine.ask("wake", wake)
          try engine.ask(
            "finish",
            ["attempt": woken["attempt"]!, "fence": woken["fence"]!, "turns": 1, "at": at])
        }
        let end = Instant(nanoseconds: (milliseconds + 14 * 86_400_000) * 1_000_000)
        _ = try engine.trim(before: .moment(end), archive: path + "/archive", by: "ops")
        try ProcessTests.write(try engine.stateHash(), path + "/hash")
        try ProcessTests.write("", path + "/trimmed")
        engine.close()
      }
    }()
    _ = await (behind, trimming)
    let hashes = try ["behind", "hash"].map {
      try String(contentsOfFile: "\(place.path)/\($0)", encoding: .utf8)
    }
    #expect(hashes[0] == hashes[1])
    #expect(try place.fault() == nil)
    let engine = try place.open()
    let live = try engine.stateHash()
    engine.close()
    #expect(try used.wholeHash() == live)
  }
}
