import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogForensics

@Suite struct WhyTests {
  let place = Place()

  private func kinds(_ found: Explanation) -> [String] { found.steps.map(\.event.kindName) }

  /// Wakes a key and ends its attempts as given, the fallbacks' too.
  private func run(_ engine: Engine, at: Int64, _ ends: [JSONValue], wake: JSONValue = [:]) throws {
    let started = try engine.ask(
      "wake",
      ([
        "session": "s", "agent": "ada", "provider": "claude", "source": "message",
        "at": .integer(at),
      ] as JSONValue).with(wake))
    guard started["disposition"] == "started" else { return }
    var attempt = started["attempt"]!
    for end in ends {
      let result = try engine.ask(
        "finish",
        end.with(["attempt": attempt, "fence": started["fence"]!, "at": .integer(at + 1_000)]))
      attempt = result["next"]?["attempt"] ?? .null
    }
  }

  private let works: JSONValue = ["exitCode": 0, "turns": 2, "sessionId": "a"]
  private let gone: JSONValue = [
    "exitCode": 1, "turns": 0, "stderr": "No conversation found with session ID: a",
  ]

  @Test func `a binding is explained by the run that made it and its last proof alone`() throws {
    let engine = try place.engine()
    for round in Int64(0)..<40 { try run(engine, at: 1_768_000_000_000 + round * 60_000, [works]) }
    engine.close()
    let log = try place.look()
    let found = try log.why(try log.session("s"))
    #expect(found.isSufficient && found.isMinimal)
    #expect(kinds(found).contains("session.bound") && found.steps.count <= 8)
    #expect(found.answer.hasPrefix("s points to a, proven by an attempt that succeeded in it"))
    let numbers = found.steps.map(\.event.sequence.value)
    #expect(numbers.last == log.last.value)
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
  }

  // Paperclip #6608, as the engine has it: the id is dead, and the fallback's is bound.
  @Test func `a fallback's attempt was decided on the failure and on the id that died`() throws {
    let engine = try place.engine()
    try run(engine, at: 1_768_000_000_000, [works])
    for round in Int64(1)..<20 { try run(engine, at: 1_768_000_000_000 + round * 60_000, [works]) }
    try run(
      engine, at: 1_768_002_000_000, [gone, ["exitCode": 0, "turns": 2, "sessionId": "b"]])
    engine.close()
    let log = try place.look()
    var fallback: Event?
    var condemned: Event?
    try log.forEachEvent { event in
      if case .attemptStarted(let start) = event.body, start.ordinal == 2 { fallback = event }
      if case .sessionCondemned = event.body { condemned = event }
      return true
    }
    let found = try log.why(try #require(fallback).sequence)
    #expect(found.isSufficient && found.isMinimal)
    #expect(found.steps.last?.event == fallback && found.steps.count <= 8)
    #expect(kinds(found).contains("attempt.finished"))
    let dead = try log.why(try #require(condemned).sequence)
    #expect(kinds(dead).suffix(2) == ["attempt.finished", "session.condemned"])
    #expect(dead.steps.last?.sentence.contains("a was given up for good: unknownSession") == true)
    let now = try log.why(try log.session("s"))
    #expect(now.answer.hasPrefix("s points to b"))
    #expect(!now.steps.contains { $0.sentence.contains("points to a") })
  }

  @Test func `a key that points to nothing is explained by what it pointed to and by its reset`()
    throws
  {
    let engine = try place.engine()
    for round in Int64(0)..<9 { try run(engine, at: 1_768_000_000_000 + round * 60_000, [works]) }
    try engine.ask("reset", ["session": "s", "at": 1_768_001_000_000])
    engine.close()
    let log = try place.look()
    let found = try log.why(try log.session("s"))
    #expect(found.isSufficient && found.isMinimal)
    let reset = try #require(found.steps.first { $0.event.body.kind == .sessionReset })
    #expect(reset.decides.contains("what the key points to"))
    #expect(kinds(found).contains("session.bound"))
  }

  // An id that another key's run found dead is dead here too.
  @Test func `what another session did is found when it decided`() throws {
    let engine = try place.engine()
    try run(engine, at: 1_768_000_000_000, [works])
    try run(
      engine, at: 1_768_000_060_000, [gone], wake: ["session": "t", "resume": "a"])
    try run(engine, at: 1_768_000_120_000, [])
    engine.close()
    let log = try place.look()
    var last: Event?
    try log.forEachEvent { event in
      if event.body.kind == .attemptStarted, log.text(event.session) == "s" { last = event }
      return true
    }
    let found = try log.why(try #require(last).sequence)
    #expect(found.isSufficient && found.isMinimal)
    let condemned = try #require(found.steps.first { $0.event.body.kind == .sessionCondemned })
    #expect(log.text(condemned.event.session) == "t")
  }

  @Test(arguments: 31...33 as ClosedRange<UInt64>)
  func `every explanation is sufficient and minimal`(seed: UInt64) throws {
    var host = Host(seed: seed)
    let engine = try place.engine()
    try host.work(engine, calls: 120)
    engine.close()
    let log = try place.look()
    for key in 0..<4 {
      guard let session = try log.symbol("key \(key)", Space.Session.self) else { continue }
      let found = try log.why(session)
      #expect(found.isSufficient && found.isMinimal, "seed \(seed), key \(key)")
    }
    for number in 1...log.last.value {
      let found = try log.why(SequenceNumber(number))
      #expect(found.isSufficient, "seed \(seed), event \(number): \(found.answer)")
      let basis = found.steps.dropLast()
      #expect(basis.allSatisfy { !$0.decides.isEmpty }, "seed \(seed), event \(number)")
    }
  }

  @Test func `what came from outside needs no explanation, and what is not there has none`() throws
  {
    let engine = try place.engine()
    try run(engine, at: 1_768_000_000_000, [works])
    engine.close()
    let log = try place.look()
    let wake = try #require(
      try (1...log.last.value).first {
        try log.event(SequenceNumber($0))?.body.kind == .wakeRequested
      })
    let found = try log.why(SequenceNumber(wake))
    #expect(found.answer.contains("came from outside") && found.steps.count == 1)
    #expect(throws: WakelogError.self) { try log.why(SequenceNumber(999)) }
    #expect(throws: WakelogError.self) { try log.session("nobody") }
  }
}
