import Foundation
import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogStore

/// Salvage took a trimmed log for one that had lost its first event, and saved nothing of it; of a
/// log with forgotten keys it made up names.
@Suite struct SalvageTests {
  let place = Place()
  private var saved: String { place.path + "/saved" }

  /// A trimmed log, its state, and the event behind which it begins.
  private func trimmed(_ seed: UInt64) throws -> (used: Used, hash: String, through: UInt64) {
    let used = try Used(place, seed: seed, calls: 400)
    let engine = try used.open()
    defer { engine.close() }
    let result = try engine.trim(before: .moment(used.now), archive: used.archive, by: "ops")
    for number in 0..<3 {
      let wake = CallerTests.wake("after \(number)")
      try engine.ask("wake", wake.with(["at": .integer(used.driver.milliseconds)]))
    }
    return (used, try engine.stateHash(), result["through"].count)
  }

  private func hash(_ log: String) throws -> String {
    let engine = try Engine.open(log, options: .forTests())
    defer { engine.close() }
    #expect(try engine.verify()["ok"] == true)
    return try engine.stateHash()
  }

  @Test func `a trimmed log is saved with the state where it begins`() throws {
    let (used, live, through) = try trimmed(11)
    let salvage = try Salvage.run(place.log, to: saved)
    #expect(salvage.losses.isEmpty && salvage.strays.isEmpty, "\(salvage.losses)")
    #expect(salvage.base == through && salvage.events > 3)
    #expect(try hash(saved) == live)
    let check = try Engine.verify(archive: used.archive, with: saved)
    #expect(check["ok"] == true, "\(check.text)")
    // Names, numbers and seals go on where the archive ends.
    let whole = place.path + "/whole"
    _ = try Engine.rebuild(archive: used.archive, with: saved, to: whole)
    #expect(try hash(whole) == live)
  }

  @Test func `without its state the events are saved for the archive, and it says so`() throws {
    let (used, live, through) = try trimmed(12)
    try place.look { log in
      try log.write { try $0.putBasePiece(at: through, 1, [1, 2, 3]) }
    }
    #expect(try place.fault()?.contains("state where the log begins") == true)
    let salvage = try Salvage.run(place.log, to: saved)
    #expect(salvage.losses.contains { $0.hasPrefix("the state at event \(through)") })
    #expect(throws: WakelogError.self) { try Engine.open(saved, options: .forTests()) }
    let whole = place.path + "/whole"
    _ = try Engine.rebuild(archive: used.archive, with: saved, to: whole)
    #expect(try hash(whole) == live)
  }

  @Test func `without the row that says where it begins the state says it`() throws {
    let (_, live, through) = try trimmed(13)
    try place.look { log in
      try log.write { _ = try $0.writer.put(.meta, LogFormat.baseKey, [1, 2, 3]) }
    }
    let salvage = try Salvage.run(place.log, to: saved)
    #expect(salvage.losses.count == 1 && salvage.losses[0].hasPrefix("the row `base`"))
    #expect(salvage.base == through)
    #expect(try hash(saved) == live)
  }

  @Test func `what was forgotten stays forgotten, and a dead id dead`() throws {
    let engine = try place.open()
    try ForgetTests().fill(engine)
    try engine.ask(
      "forget", ["session": "telegram:bob@example.org", "by": "ops", "why": "asked"])
    let live = try engine.stateHash()
    let events = try engine.ask("events", ["limit": 1_000])
    engine.close()
    let salvage = try Salvage.run(place.log, to: saved)
    #expect(salvage.losses.isEmpty, "\(salvage.losses)")
    #expect(try hash(saved) == live)
    let again = try Engine.open(saved, options: .forTests())
    defer { again.close() }
    #expect(try again.ask("events", ["limit": 1_000]) == events)
    let wake = CallerTests.wake("new").with(["resume": "session-of-bob-dead"])
    let plan = try again.ask("wake", wake)["plan"]
    #expect(plan?["sessionId"]?.isNull == true, "\(plan?.text ?? "")")
  }
}
