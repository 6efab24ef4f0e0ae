import Foundation
import Testing
import Wakelog

/// Copies of a log, made while a host has it open.
struct CopyTests {
  @Test("a copy has the state of the log, and is sound", arguments: ["backup", "compact"])
  func copies(command: String) throws {
    let scratch = try Scratch()
    let (log, copy) = (scratch.log, scratch.path + "/copy")
    let engine = try Engine.open(log)
    defer { engine.close() }
    for key in 0..<20 {
      let woken = try engine.wake(
        WakeRequest(session: "s\(key)", agent: "ada", provider: "claude", source: .message))
      var finish = FinishRequest(attempt: woken.attempt!, fence: woken.fence!)
      finish.exitCode = 0
      finish.turns = 1
      finish.sessionId = "id-\(key)"
      _ = try engine.finish(finish)
    }
    let made = try Tool.run([command, copy, "--log", log, "--json"])
    #expect(made.status == 0)
    #expect(made.json["copy"]?.string == copy)
    #expect(try Tool.run(["verify", "--log", copy]).status == 0)
    let stats = try Tool.run(["stats", "--log", copy, "--json"]).json
    #expect(stats["stateHash"] == (try engine.stats())["stateHash"])

    let again = try Tool.run([command, copy, "--log", log])
    #expect(again.status == 4)
    #expect(again.errors.contains("empty"))
    #expect(try Tool.run(["verify", "--log", copy]).status == 0)
  }
}
