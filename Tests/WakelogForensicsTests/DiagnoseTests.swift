import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog
@testable import WakelogForensics

@Suite struct DiagnoseTests {
  let place = Place()

  private func diagnose() throws -> Diagnosis {
    let log = try place.look()
    defer { log.close() }
    return try log.diagnose()
  }

  // Paperclip #6608: the fallback worked, the dead id was resumed on the next wake, and the agent
  // was blamed.
  @Test func `the first violation of each law and session, how often and since when`() throws {
    var lines = Lines()
    for session in ["quiet", "loud"] {
      lines.open(session)
      lines.works(session, "id of \(session)", resuming: false)
    }
    for round in 1...3 {
      lines.fallsBackAndForgets("loud", dead: "id of loud", new: "new \(round)")
      lines.works("quiet", "id of quiet")
    }
    try place.log(of: lines.all)
    let found = try diagnose()
    #expect(found.events == UInt64(lines.last) && found.sessions == 2)
    let dead = try #require(found.findings.first { $0.law == .deadStaysDead })
    let offers = lines.all.filter {
      $0["kind"] == "attempt.started" && $0["session"] == "loud" && $0["mode"] == "resume"
    }
    #expect(dead.sequence.value == UInt64(offers[1]["seq"]!.integer!))
    #expect(dead.since.description == offers[1]["at"]?.string)
    #expect(dead.count == 2 && dead.session == "loud" && dead.incident == "paperclip#6608")
    #expect(
      Set(found.findings.map(\.law)) == [
        .deadStaysDead, .lastAttemptDecides, .infrastructureIsNotTheAgent,
      ])
    #expect(found.findings.allSatisfy { $0.session == "loud" })
    #expect(found.findings.map(\.sequence) == found.findings.map(\.sequence).sorted())
    #expect(KnownIncident(named: dead.incident)?.laws.contains(.deadStaysDead) == true)
  }

  @Test func `an id that a probe saw missing and that is resumed is openclaw#77030`() throws {
    var lines = Lines(provider: "claude")
    lines.open("chat")
    lines.works("chat", "a", resuming: false)
    lines.add(
      "session.condemned", "chat",
      ["identity": lines.id("a"), "cause": "transcript", "failure": "missingTranscript"])
    let run = lines.start("chat", resuming: "a")
    lines.end("chat", run, "failed", ["turns": 0, "failure": "timeout"])
    lines.finish("chat", run, "failed", ["via": "resume", "failure": "timeout"])
    try place.log(of: lines.all)
    let found = try diagnose().findings
    #expect(found.map(\.incident) == ["openclaw#77030"])
  }

  @Test(arguments: 11...14 as ClosedRange<UInt64>)
  func `a log that the engine wrote is clean`(seed: UInt64) throws {
    let engine = try place.engine { $0.checkpointEventsAtClosing = 1 }
    var host = Host(seed: seed)
    try host.work(engine, calls: 400)
    engine.close()
    let found = try diagnose()
    #expect(found.findings.isEmpty && found.events > 500, "seed \(seed)")
    #expect(found.json["violations"] == [] && found.json["sessions"] == 4)
  }

  @Test func `a checkpoint that is not what the events add up to breaks the last law`() throws {
    let engine = try place.engine { $0.checkpointEventsAtClosing = 1 }
    var host = Host(seed: 3)
    try host.work(engine, calls: 50)
    engine.close()
    try place.damageCheckpoint()
    let found = try diagnose().findings
    #expect(found.map(\.law) == [.replayEqualsLive])
    #expect(found.first?.because.contains("sessions, row 1") == true)
  }

  @Test func `an empty log has nothing to find`() throws {
    try place.engine().close()
    let found = try diagnose()
    #expect(found.findings.isEmpty && found.events == 0 && found.sessions == 0)
  }
}

extension Place {
  /// Keeps a checkpoint in which one session has one wake too many.
  func damageCheckpoint() throws {
    let log = try Log.open(log)
    defer { log.close() }
    try log.write { transaction in
      let view = LogView(snapshot: transaction.snapshot)
      guard var state = try Checkpoint.restore(view) else { return }
      let header = try transaction.checkpointHeader
      let wakes = MemoryLayout<SessionRow>.offset(of: \.wakes) ?? 0
      try Checkpoint.forEachPiece(of: &state, onlyDirty: false) { table, piece, bytes in
        guard table == 1, piece == 0 else { return }
        var changed = bytes
        changed[wakes] &+= 1
        try transaction.putCheckpointRow(table: table, row: piece, changed)
      }
      if let header { try transaction.putCheckpointHeader(header) }
    }
  }
}
