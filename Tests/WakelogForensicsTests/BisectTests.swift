import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogForensics

@Suite struct BisectTests {
  let place = Place()

  private func work(seed: UInt64, openings: Int, calls: Int) throws {
    var host = Host(seed: seed)
    for _ in 0..<openings {
      let engine = try place.engine { $0.checkpointEventsAtClosing = 1 }
      try host.work(engine, calls: calls)
      engine.close()
    }
  }

  /// The first event after which something is so of its session, by looking after each.
  private func expected(_ log: IncidentLog, _ isSo: (SessionRow, State) -> Bool) throws -> UInt64? {
    var state = State()
    var found: UInt64?
    try log.forEachEvent { event in
      state.reduce(event)
      guard event.session.exists, isSo(state.sessions[event.session.number], state) else {
        return true
      }
      found = event.sequence.value
      return false
    }
    return found
  }

  @Test func `a counter is found by halving, and where reading it all finds it`() throws {
    try work(seed: 4, openings: 10, calls: 1_000)
    let log = try place.look()
    #expect(try log.checkpoints().count > 2)
    for count in [UInt32(1), 20, 200, 900] {
      let found = try log.first(try Predicate("runs > \(count)"))
      #expect(try found?.event.sequence.value == expected(log) { row, _ in row.runs > count })
    }
    let late = try #require(try log.first(try Predicate("runs >= 900")))
    #expect(late.read < late.event.sequence.value)
    #expect(try log.first(try Predicate("runs > 1000000")) == nil)
    let key = try log.session("key 2")
    let of = try #require(try log.first(try Predicate("30 < resets || attempts > 200"), on: key))
    #expect(of.session == "key 2")
  }

  @Test func `what comes and goes is found by reading`() throws {
    try work(seed: 5, openings: 2, calls: 200)
    let log = try place.look()
    let queued = try log.first(try Predicate("status == \"queued\" || condemned > 1"))
    #expect(
      try queued?.event.sequence.value
        == expected(log) { row, state in
          var dead = 0
          var link = row.condemnations
          while link != 0 {
            dead += 1
            link = state.condemnations[link].next
          }
          return (row.openRun == 0 && row.pending != 0) || dead > 1
        })
    let failed = try log.first(try Predicate("lastFailure == 'timeout' && !(bound == null)"))
    #expect(
      try failed?.event.sequence.value
        == expected(log) { row, _ in row.lastRunFailure == .timeout && row.bound.exists })
  }

  @Test func `a law is first broken where the diagnosis says`() throws {
    var lines = Lines()
    for session in ["a", "b"] {
      lines.open(session)
      lines.works(session, "id \(session)", resuming: false)
    }
    for session in ["b", "a", "b"] {
      lines.fallsBackAndForgets(session, dead: "id \(session)", new: "n")
    }
    for session in ["a", "b"] {
      lines.fallsBackAndForgets(session, dead: "id \(session)", new: "n")
    }
    try place.log(of: lines.all)
    let log = try place.look()
    let any = try #require(try log.first(breaking: .deadStaysDead))
    #expect(any.session == "b" && any.event.body.kind == .attemptStarted)
    let of = try #require(try log.first(breaking: .deadStaysDead, on: try log.session("a")))
    #expect(of.session == "a" && of.event.sequence > any.event.sequence)
    #expect(try log.first(breaking: .oneOpenRun) == nil)
  }

  @Test(arguments: [
    ("runs > 2", true), ("runs >= 2 && resets > 1", true), ("3 < attempts || wakes", true),
    ("runs == 2", false), ("!(runs > 2)", false), ("runs < 2", false), ("condemned > 2", false),
    ("runs > 2 && pending", false), ("runs > attempts", false),
  ])
  func `only what stays so once it is so is halved`(text: String, isMonotone: Bool) throws {
    #expect(try Predicate(text).isMonotone == isMonotone)
  }

  @Test(arguments: [
    ("", "missing at the end"), ("runs >", "missing at the end"), ("runs 2", "missing at 6"),
    ("rums > 2", "'rums' at 1 is no field"), ("(runs > 2", ") is missing"),
    ("key == \"a", "does not end"), ("runs > 2 &", "'&' at 10"), ("runs > 2x", "is no number"),
    ("runs > 99999999999999999999", "is no number"), (") > 1", "missing at 1"),
    (String(repeating: "(", count: 100), "nested more than"),
    (String(repeating: "!", count: 100_000) + "runs", "nested more than"),
  ])
  func `an expression that cannot be read is refused at its place`(text: String, words: String) {
    let error = #expect(throws: WakelogError.self) { try Predicate(text) }
    #expect(error?.field == "where")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
