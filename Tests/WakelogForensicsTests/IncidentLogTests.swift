import Foundation
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog
@testable import WakelogForensics

@Suite struct IncidentLogTests {
  let place = Place()

  private func work(seed: UInt64, calls: Int, every: UInt64 = 50) throws {
    var host = Host(seed: seed)
    for _ in 0..<4 {
      let engine = try place.engine { options in
        options.checkpointEvents = every
        options.checkpointEventsAtClosing = every
      }
      try host.work(engine, calls: calls / 4)
      engine.close()
    }
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `the state at any position is what the events up to it add up to`(seed: UInt64) throws {
    try work(seed: seed, calls: 240)
    let log = try place.look()
    var expected = State()
    #expect(log.last.value > 300)
    try log.forEachEvent { (event) throws(WakelogError) in
      expected.reduce(event)
      let found = try log.state(at: event.sequence)
      #expect(
        found.firstDifference(from: expected) == nil, "seed \(seed), event \(event.sequence.value)")
      return true
    }
    #expect(expected.position == log.last)
  }

  @Test func `a stream has every event of its session and of no other`() throws {
    try work(seed: 5, calls: 200)
    let log = try place.look()
    let session = try log.session("key 1")
    var expected: [Event] = []
    try log.forEachEvent { event in
      if event.session == session { expected.append(event) }
      return true
    }
    #expect(try log.stream(of: session) == expected)
    #expect(expected.count > 20)
    #expect(log.text(session) == "key 1")
  }

  @Test func `events are shown as the engine shows them`() throws {
    try work(seed: 6, calls: 60)
    let engine = try place.engine { $0.readOnly = true }
    let shown = try engine.ask("events")["items"]?.array ?? []
    engine.close()
    let log = try place.look()
    var own: [JSONValue] = []
    try log.forEachEvent { (event) throws(WakelogError) in
      own.append(try log.json(event))
      return true
    }
    #expect(own == shown)
  }

  /// A report that was piped into something slow kept the file from using its pages again.
  @Test func `whoever looks holds no state of the log while he takes his time`() throws {
    try work(seed: 8, calls: 200)
    let log = try place.look()
    var calls = 0
    func lookAround() {
      calls += 1
      #expect((try? log.reader.log.oldestReader()) == .some(nil))
    }
    try log.forEachEvent { event in
      lookAround()
      _ = log.text(event.session)
      return true
    }
    let key = try log.session("key 1")
    try log.walkBack(from: try log.state().sessions[key.number].head) { _ in
      lookAround()
      return true
    }
    let before = calls
    _ = try log.capsule(CapsuleChoice()) { _ in lookAround() }
    #expect(before > 300 && calls > before + 10)
  }

  /// A damaged row of a name was a blank text in reports and timelines.
  @Test func `a damaged name is an error that says which, and no blank`() throws {
    try work(seed: 9, calls: 60)
    let path = place.log + "/data.mdb"
    let sound = try Data(contentsOf: URL(filePath: path))
    func lines() throws -> [JSONValue] {
      let log = try place.look()
      defer { log.close() }
      var found: [JSONValue] = []
      try log.forEachEvent { (event) throws(WakelogError) in
        found.append(try log.json(event))
        return true
      }
      try log.checkDamage()
      return found
    }
    let expected = try lines()
    var errors: [String] = []
    var start = sound.startIndex
    while let found = sound[start...].range(of: Data("agent of key 1".utf8)) {
      start = found.upperBound
      var damaged = sound
      damaged[found.lowerBound + 3] ^= 1
      try damaged.write(to: URL(filePath: path))
      do {
        #expect(try lines() == expected)
      } catch let error as WakelogError {
        #expect(error.code == .corrupt)
        errors.append(error.message)
      }
    }
    #expect(errors.contains { $0.contains("Symbol") }, "\(errors)")
  }

  @Test func `a closed log gives nothing`() throws {
    try work(seed: 7, calls: 40)
    let log = try place.look()
    let last = log.last
    log.close()
    #expect(throws: WakelogError.self) { try log.event(last) }
  }

  @Test func `what is no log cannot be opened`() {
    #expect(throws: WakelogError.self) { try IncidentLog.open(place.path + "/nothing") }
  }
}
