import Foundation
import Testing
import WakelogModel
import WakelogStore
import WakelogTesting

@testable import Wakelog

/// People have the right to be forgotten: a key's names, texts and replies leave every file, its
/// dead ids stay dead, and the chain still verifies.
@Suite struct ForgetTests {
  let place = Place()
  static let start: Int64 = 1_768_000_000_000

  /// What tells of Bob, and what tells of others; long, so that none is found by chance.
  enum Words {
    static let gone = [
      "telegram:bob@example.org", "session-of-bob-alive", "session-of-bob-dead",
      "/srv/bobs-private-project", "bobs-task-4711", "bob said so himself", "bobs secret is 271828",
      "bobs-display-name", "bobs-parameter", "agent-of-bob",
    ]
    static let stay = [
      "telegram:ann@example.org", "session-of-ann", "/srv/common", "agent-of-all",
    ]
  }

  /// Two keys, one of them Bob's, with all that a host can say of them.
  func fill(_ engine: Engine) throws {
    var at = Self.start
    func run(_ wake: JSONValue, _ finish: JSONValue) throws {
      at += 60_000
      let begun = try engine.ask(
        "wake", wake.with(["at": .integer(at), "key": .string("k \(at)")]))
      let held: JSONValue = ["attempt": begun["attempt"]!, "fence": begun["fence"]!]
      let end = try engine.ask(
        "finish", held.with(finish).with(["at": .integer(at + 1), "key": .string("f \(at)")]))
      guard end["settled"] == false else { return }
      let next: JSONValue = ["attempt": end["next"]!["attempt"]!, "fence": begun["fence"]!]
      try engine.ask(
        "finish",
        next.with(["turns": 1, "sessionId": "session-of-bob-alive", "at": .integer(at + 2)]))
    }
    let bob: JSONValue = [
      "session": "telegram:bob@example.org", "agent": "agent-of-bob", "provider": "claude",
      "source": "message", "reason": "bob said so himself", "scope": "bobs-task-4711",
      "workspace": ["path": "/srv/bobs-private-project", "kind": "project"],
    ]
    let ann: JSONValue = [
      "session": "telegram:ann@example.org", "agent": "agent-of-all", "provider": "claude",
      "source": "message", "reason": "common reason",
      "workspace": ["path": "/srv/common", "kind": "project"],
    ]
    try run(ann, ["turns": 1, "sessionId": "session-of-ann", "stdout": "words of ann"])
    try run(
      bob,
      [
        "turns": 2, "sessionId": "session-of-bob-dead", "displayId": "bobs-display-name",
        "params": ["x": "bobs-parameter"], "stdout": "bobs secret is 271828",
      ])
    // The id turns out dead, and the run falls back to a new one.
    try run(
      bob,
      [
        "turns": 0, "exitCode": 1,
        "stderr": "No conversation found with session ID: session-of-bob-dead",
      ])
    try run(ann, ["turns": 1, "sessionId": "session-of-ann"])
    #expect(
      try engine.ask("session", ["session": "telegram:bob@example.org"])["condemned"]?.array?.count
        == 1)
  }

  var forget: JSONValue {
    [
      "session": "telegram:bob@example.org", "by": "ops", "why": "asked for on 3 May",
      "at": .integer(Self.start + 3_600_000),
    ]
  }

  /// The words that are found in the files of the log, or in what segments unpack to.
  func found(_ words: [String], in folders: [String]) throws -> [String] {
    var hits: [String] = []
    for folder in folders {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        let path = folder + "/" + name
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        if name.hasSuffix(".wakelog") { data = try unpacked(path) }
        for word in words where data.range(of: Data(word.utf8)) != nil {
          hits.append("\(word) in \(name)")
        }
      }
    }
    return hits
  }

  private func unpacked(_ path: String) throws -> Data {
    var data = Data()
    let reader = try SegmentReader(path)
    while let item = try reader.next() {
      switch item {
      case .event(let event):
        data += event.frame
        if case .bytes(let bytes) = event.evidence { data += bytes }
      case .symbol(let symbol): data += symbol.name ?? []
      case .symbols, .seal: break
      }
    }
    return data
  }

  @Test func `a forgotten key is in no byte of the files, and others are`() throws {
    let engine = try place.open()
    try fill(engine)
    #expect(try found(Words.gone + Words.stay, in: [place.log]).count >= 14)
    let result = try engine.ask("forget", forget)
    #expect(result["forgotten"] == true && result["events"].count > 10)
    #expect(result["symbols"].count >= 9, "\(result.text)")
    let live = try engine.stateHash()
    engine.close()
    #expect(try found(Words.gone, in: [place.log]) == [])
    let stayed = try found(Words.stay, in: [place.log])
    for word in Words.stay { #expect(stayed.contains("\(word) in data.mdb"), "\(word)") }
    #expect(try place.fault() == nil)
    let replayed = try place.look { log in try replay(log).last }
    #expect(replayed == live)
  }

  @Test func `the key is a new one when it is woken again, and its dead id stays dead`() throws {
    var engine = try place.open()
    try fill(engine)
    try engine.ask("forget", forget)
    for isReopened in [false, true] {
      if isReopened {
        engine.close()
        engine = try place.open()
      }
      if !isReopened {
        let error = engine.refusal("session", ["session": "telegram:bob@example.org"])
        #expect(error?.code == .notFound)
      }
      let at = Self.start + 7_200_000 + (isReopened ? 100_000 : 0)
      let wake: JSONValue = [
        "session": "telegram:bob@example.org", "agent": "agent-of-bob", "provider": "claude",
        "source": "message", "resume": "session-of-bob-dead", "at": .integer(at),
      ]
      let begun = try engine.ask("wake", wake)
      #expect(begun["plan"]?["mode"] == "fresh", "\(begun.text)")
      let considered = begun["plan"]?["considered"]?.array?.first
      #expect(considered?["from"] == "explicit" && considered?["verdict"] == "condemned")
      #expect(begun["plan"]?["generation"] == 1)
      try engine.ask(
        "finish",
        [
          "attempt": begun["attempt"]!, "fence": begun["fence"]!, "outcome": "cancelled",
          "at": .integer(at + 1),
        ])
    }
    // The other id of the key was not condemned: it is one that this log has never seen.
    let fresh = try engine.ask(
      "wake",
      [
        "session": "third", "agent": "agent-of-all", "provider": "claude", "source": "manual",
        "resume": "session-of-bob-alive", "at": .integer(Self.start + 9_000_000),
      ])
    #expect(fresh["plan"]?["mode"] == "resume")
    engine.close()
  }

  @Test func `events of a forgotten key are numbers, and texts are said to be forgotten`() throws {
    let engine = try place.open()
    try fill(engine)
    let finished = try engine.ask("events", ["limit": 1_000])["items"]?.array?.first {
      $0["kind"] == "attempt.finished" && $0["session"] == "telegram:bob@example.org"
    }
    try engine.ask("forget", forget)
    let event = try #require(
      try engine.ask("events", ["from": finished!["seq"]!])["items"]?.array?.first)
    #expect(event["session"]?.string?.hasPrefix("forgotten:") == true, "\(event.text)")
    #expect(try engine.evidence(of: finished!["seq"].count) == "forgotten")
    let last = try #require(try engine.ask("events", ["limit": 1_000])["items"]?.array?.last)
    #expect(last["kind"] == "session.forgotten" && last["why"] == "asked for on 3 May")
    #expect(last["session"] == event["session"])
    engine.close()
  }

  @Test func `forgetting goes through the archive too, which still verifies`() throws {
    let engine = try place.open()
    let archive = place.path + "/archive"
    try fill(engine)
    let late = Self.start + 30 * 86_400_000
    let last = try engine.ask(
      "wake",
      [
        "session": "late", "agent": "agent-of-all", "provider": "claude", "source": "timer",
        "at": .integer(late),
      ])
    try engine.ask("abandon", ["run": last["run"]!, "by": "ops", "why": "done"])
    let trimmed = try engine.trim(
      before: .moment(Instant(nanoseconds: late * 1_000_000)), archive: archive, by: "ops")
    #expect(trimmed["events"].count > 10)
    #expect(try found(["bobs secret is 271828"], in: [archive]).count == 1)
    let error = engine.refusal("forget", forget)
    #expect(error?.code == .conflict && error?.message.contains("archive") == true)
    let request = try ForgetRequest(json: forget.object!)
    #expect(try engine.forget(request, archive: archive).json["forgotten"] == true)
    engine.close()
    #expect(try found(Words.gone, in: [place.log, archive]) == [])
    #expect(try found(Words.stay, in: [archive]).count >= 4)
    let check = try Engine.verify(archive: archive, with: place.log)
    #expect(check["ok"] == true && check["withheld"]?.integer ?? 0 >= 9, "\(check.text)")
    #expect(try place.fault() == nil)
    let whole = place.path + "/whole"
    _ = try Engine.rebuild(archive: archive, with: place.log, to: whole)
    #expect(try found(Words.gone, in: [whole]) == [])
    let rebuilt = try Engine.open(whole, options: .forTests())
    let again = try place.open()
    #expect(try rebuilt.stateHash() == again.stateHash())
    again.close()
    rebuilt.close()
  }

  @Test func `an open run keeps a key, and a repeated call has its first answer`() throws {
    let engine = try place.open()
    try fill(engine)
    let open = try engine.ask(
      "wake",
      [
        "session": "telegram:bob@example.org", "agent": "agent-of-bob", "provider": "claude",
        "source": "message", "at": .integer(Self.start + 3_000_000),
      ])
    let count = try engine.count
    #expect(engine.refusal("forget", forget)?.code == .busy)
    #expect(try engine.count == count)
    try engine.ask("abandon", ["run": open["run"]!, "by": "ops", "why": "asked"])
    let keyed = forget.with(["key": "once"])
    let first = try engine.ask("forget", keyed)
    let again = try engine.ask("forget", keyed)
    #expect(again["duplicate"] == true && again.without("duplicate") == first)
    #expect(engine.refusal("forget", forget)?.code == .notFound)
    engine.close()
  }

  @Test(arguments: [21, 22, 23] as [UInt64])
  func `in any log, replay equals live after forgetting, and the laws hold`(seed: UInt64) throws {
    var used = try Used(place, seed: seed, calls: 800)
    let engine = try used.open()
    for session in used.driver.sessions.prefix(3) {
      guard (try? engine.ask("session", ["session": .string(session)])) != nil else { continue }
      try engine.ask(
        "forget",
        [
          "session": .string(session), "by": "ops", "why": "x",
          "at": .integer(used.driver.milliseconds),
        ])
    }
    used.driver.held = []
    for _ in 0..<200 { used.driver.step(engine) }
    let live = try engine.stateHash()
    engine.close()
    #expect(try place.fault() == nil)
    try place.look { log in
      #expect(try replay(log).last == live)
      let broken = try violations(log)
      #expect(broken == [])
      let state = try log.read { transaction in
        try LogView(snapshot: transaction.snapshot).state(at: SequenceNumber(.max))
      }
      #expect(state.brokenInvariants() == [])
    }
  }
}
