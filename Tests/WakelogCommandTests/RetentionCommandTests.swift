import Foundation
import Testing
import Wakelog

/// `trim` and `forget` at the terminal, and every command that looks on, with the archive and
/// without.
@Suite struct RetentionCommandTests {
  let scratch: Scratch
  var archive: String { scratch.path + "/archive" }

  /// Forty runs of two keys, a day apart.
  init() throws {
    scratch = try Scratch()
    var options = Engine.Options()
    options.givenClock = true
    let engine = try Engine.open(scratch.log, options: options)
    defer { engine.close() }
    for day in 0..<40 {
      let at = Instant(nanoseconds: (1_768_000_000 + Int64(day) * 86_400) * 1_000_000_000)
      var wake = WakeRequest(
        session: "key \(day % 2)", agent: "ada", provider: "claude", source: .message)
      wake.at = at
      let woken = try engine.wake(wake)
      var finish = FinishRequest(attempt: woken.attempt!, fence: woken.fence!)
      finish.exitCode = 0
      finish.turns = 1
      finish.sessionId = "id-of-\(day % 2)"
      finish.at = at
      _ = try engine.finish(finish)
    }
  }

  private func tool(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(arguments + ["--log", scratch.log])
  }

  @Test func `with its archive a trimmed log looks as it was to every command`() throws {
    let export = try tool("export").lines
    let looks: [[String]] = [
      ["events", "--json"], ["show", "5", "--json"], ["why", "key 1", "--json"],
      ["at", "100", "--json"], ["diagnose", "--json"], ["timeline", "key 0"],
      ["replay", "--json"], ["runs", "--json"],
      ["bisect", "--law", "deadStaysDead", "--json"],
    ]
    let before = try looks.map { try Tool.run($0 + ["--log", scratch.log]) }

    let trimmed = try tool("trim", "--before", "150", "--archive", archive, "--json")
    #expect(trimmed.status == 0, "\(trimmed.errors)")
    let through = trimmed.json["through"]?.integer ?? 0
    #expect(through > 100 && trimmed.json["heldBack"]?.isNull == true, "\(trimmed.output)")

    let short = try tool("export").lines
    #expect(short.first?["seq"]?.integer == through + 1)
    let refused = try tool("show", "5")
    #expect(refused.status == 4)
    #expect(refused.errors.contains("archived before event \(through + 1): give --archive DIR"))
    for look in looks.dropFirst().prefix(1) + [["at", "100"], ["why", "key 1"], ["replay"]] {
      #expect(try Tool.run(look + ["--log", scratch.log]).status == 4, "\(look)")
    }
    #expect(try tool("diagnose").status == 0)
    #expect(try tool("events").status == 0)
    #expect(try tool("report", "-o", scratch.path + "/r.html").status == 0)

    let whole = try tool("export", "--archive", archive).lines
    // What the trim itself appended comes last.
    #expect(whole.dropLast() == export[...] && whole.last?["kind"] == "log.trimmed")
    for (look, old) in zip(looks, before) where look[0] == "show" || look[0] == "at" {
      let new = try Tool.run(look + ["--archive", archive, "--log", scratch.log])
      #expect(new.output == old.output && new.status == old.status, "\(look): \(new.errors)")
    }
    for look in looks {
      let new = try Tool.run(look + ["--archive", archive, "--log", scratch.log])
      #expect(new.status == before[looks.firstIndex(of: look)!].status, "\(look): \(new.errors)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
    #expect(!left.contains { $0.hasPrefix("wakelog-whole-\(getpid())-") })
  }

  @Test func `an archive is verified alone, together and by the segment, and imported`() throws {
    #expect(try tool("trim", "--before", "150", "--archive", archive).status == 0)
    #expect(try Tool.run(["verify", "--archive", archive]).status == 0)
    #expect(try tool("verify", "--archive", archive).status == 0)
    #expect(try tool("verify").status == 0)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: archive).first)
    let segment = archive + "/" + name
    let one = try Tool.run(["verify", segment, "--json"])
    #expect(one.status == 0 && one.json["segments"] == 1, "\(one.output)\(one.errors)")

    let copy = scratch.path + "/copy"
    let made = try Tool.run(["import", "wakelog", archive, "--with", scratch.log, "--log", copy])
    #expect(made.status == 0, "\(made.errors)")
    let hashes = try [scratch.log, copy].map {
      try Tool.run(["stats", "--log", $0, "--json"]).json["stateHash"]
    }
    #expect(hashes[0] == hashes[1] && hashes[0]?.string?.count == 64)
    #expect(try Tool.run(["verify", "--log", copy]).status == 0)

    var bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: segment))
    for call in [["verify", segment], ["verify", "--archive", archive]] {
      let bad = try Tool.run(call)
      #expect(bad.status == 1 && bad.output.contains("damaged"), "\(call): \(bad.errors)")
    }
    let refused = try tool("export", "--archive", archive)
    #expect(refused.status == 3 && refused.output.isEmpty)
  }

  @Test func `forget names what it did, and asks for the archive where there is one`() throws {
    #expect(try tool("trim", "--before", "150", "--archive", archive).status == 0)
    let refused = try tool("forget", "key 1", "--why", "asked")
    #expect(refused.status == 4 && refused.errors.contains("archive"))
    let done = try tool("forget", "key 1", "--why", "asked", "--archive", archive, "--json")
    #expect(done.status == 0 && done.json["forgotten"] == true, "\(done.errors)")
    let sessions = try tool("sessions", "--json").json.array?.map { $0["key"]?.string }
    #expect(sessions == ["key 0"])
    let whole = try tool("export", "--archive", archive)
    #expect(!whole.output.contains("key 1") && !whole.output.contains("id-of-1"))
    #expect(whole.output.contains("forgotten:"))
    #expect(try tool("verify", "--archive", archive).status == 0)
    #expect(try tool("verify").status == 0)
  }
}
