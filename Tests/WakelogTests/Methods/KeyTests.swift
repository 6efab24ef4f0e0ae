import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Idempotency keys: a call is carried out once, however often its reply is lost.
@Suite struct KeyTests {
  let place = Place()
  static let noon: Int64 = 1_768_000_000_000

  static func wake(_ session: String = "s", key: JSONValue = "k", at: Int64 = noon) -> JSONValue {
    CallerTests.wake(session).with(["key": key, "at": .integer(at)])
  }

  @Test func `the same wake has the first answer, and says whether its run is open`() throws {
    let engine = try place.open()
    let first = try engine.ask("wake", Self.wake())
    #expect(first["duplicate"] == nil && first["open"] == nil)
    let again = try engine.ask("wake", Self.wake())
    #expect(again.without("duplicate", "open") == first)
    #expect(again["duplicate"] == true && again["open"] == true)
    let end: JSONValue = [
      "attempt": first["attempt"]!, "fence": first["fence"]!, "turns": 1, "sessionId": "a",
    ]
    try engine.ask("finish", end)
    let late = try engine.ask("wake", Self.wake())
    #expect(late["open"] == false && late["duplicate"] == true && late["run"] == first["run"])
    #expect(late["fence"] == .null && late["attempt"] == .null && late["plan"] == .null)
    #expect(late["now"]?["outcome"] == "succeeded" && late["now"]?["via"] == "fresh")
    #expect(try engine.ask("session", ["session": "s"])["counters"]?["wakes"] == 1)
    engine.close()
  }

  @Test func `a deferred, a coalesced and a refused wake are answered again too`() throws {
    let engine = try place.open()
    let first = try engine.ask("wake", Self.wake(key: "1"))
    let deferred = try engine.ask("wake", Self.wake(key: "2"))
    #expect(deferred["disposition"] == "deferred")
    let coalesced = try engine.ask("wake", Self.wake(key: "3").with(["source": "timer"]))
    #expect(coalesced["disposition"] == "coalesced" && coalesced["run"] == first["run"])
    try engine.ask("pause", ["agent": "ada", "at": .integer(Self.noon)])
    let refused = try engine.ask("wake", Self.wake(key: "4"))
    #expect(refused["disposition"] == "refused" && refused["because"] == "paused")
    let count = try engine.count
    for (number, answer, source) in [
      (1, first, "message"), (2, deferred, "message"), (3, coalesced, "timer"),
      (4, refused, "message"),
    ] {
      let call = Self.wake(key: .string("\(number)")).with(["source": .string(source)])
      let again = try engine.ask("wake", call)
      #expect(again.without("duplicate", "open") == answer)
      #expect(again["duplicate"] == true)
      // The deferred wake waits and the refused one never was: neither is open.
      #expect(again["open"] == .bool(number == 1 || number == 3), "\(number)")
    }
    #expect(try engine.count == count)
    engine.close()
  }

  /// Every method that writes, as it is carried out after a wake of "s".
  static func writing(_ wake: JSONValue) -> [(method: String, params: JSONValue)] {
    let held: JSONValue = ["attempt": wake["attempt"]!, "fence": wake["fence"]!]
    let key: JSONValue = ["session": "s"]
    return [
      ("wake", CallerTests.wake("other")),
      ("progress", held),
      ("flush", key.with(["fence": wake["fence"]!, "from": 0, "to": 2])),
      ("finish", held.with(["turns": 1, "sessionId": "a", "stdout": "words"])),
      ("next", key), ("cancel", key),
      ("probe", key.with(["sessionId": "a", "exists": true])),
      ("repair", key.with(["expect": [:], "set": ["sessionId": "b"], "by": "eve", "why": "x"])),
      ("reset", key), ("host", ["host": "h"]),
      ("upgrade", ["host": "h", "to": "2", "step": "staged"]),
      ("pause", ["agent": "ada"]), ("unpause", ["agent": "ada"]),
      ("policy", ["adopt": Policy.builtIn(named: "archon")!.json]),
      (
        "adopt",
        [
          "session": "kept", "agent": "ada", "provider": "claude", "sessionId": "z", "by": "eve",
        ]
      ),
      ("revive", ["since": "2026-01-01T00:00:00Z", "by": "eve", "why": "the provider was down"]),
      ("redact", ["seq": 6, "by": "eve", "why": "x"]),
      ("reset", ["session": "other"]),
      ("forget", ["session": "other", "by": "eve", "why": "asked"]),
    ]
  }

  @Test func `every method that writes takes a key`() throws {
    var engine = try place.open()
    let wake = try engine.ask("wake", Self.wake(key: "first"))
    var answers: [JSONValue] = []
    for (number, call) in Self.writing(wake).enumerated() {
      let keyed = call.params.with(["key": .string("k\(number)"), "at": .integer(Self.noon)])
      answers.append(try engine.ask(call.method, keyed))
      #expect(answers[number]["duplicate"] == nil, "\(call.method)")
    }
    let hash = try engine.stateHash()
    for isReopened in [false, true] {
      if isReopened {
        engine.close()
        engine = try place.open()
      }
      for (number, call) in Self.writing(wake).enumerated() {
        // Another time is the same call.
        let keyed = call.params.with(["key": .string("k\(number)"), "at": .integer(Self.noon + 9)])
        let again = try engine.ask(call.method, keyed)
        #expect(again["duplicate"] == true, "\(call.method)")
        #expect(again.without("duplicate", "open") == answers[number], "\(call.method)")
        let other = Self.writing(wake)[(number + 1) % answers.count]
        let clash = engine.refusal(other.method, other.params.with(["key": keyed["key"]!]))
        #expect(clash?.code == .conflict && clash?.field == "key", "\(other.method)")
      }
    }
    #expect(try engine.stateHash() == hash)
    let named = Set(Self.writing(wake).map(\.method) + ["abandon"])
    let writing = Requests.types.filter { $0 is any WritingRequest.Type }
    #expect(named == Set(writing.map { $0.method }))
    engine.close()
  }

  @Test func `abandon takes a key`() throws {
    let engine = try place.open()
    let wake = try engine.ask("wake", Self.wake(key: "first"))
    let call: JSONValue = ["run": wake["run"]!, "by": "eve", "why": "x", "key": "k"]
    let first = try engine.ask("abandon", call)
    #expect(try engine.ask("abandon", call).without("duplicate") == first)
    #expect(engine.refusal("abandon", call.with(["why": "y"]))?.code == .conflict)
    #expect(engine.refusal("abandon", call.without("key"))?.code == .conflict)
    engine.close()
  }

  @Test func `other parameters under the same key are a conflict that changes nothing`() throws {
    let engine = try place.open()
    try engine.ask("wake", Self.wake())
    let hash = try engine.stateHash()
    for change: JSONValue in [
      ["session": "t"], ["agent": "bob"], ["source": "manual"], ["reason": "x"], ["lease": 5],
      ["host": "h"], ["fingerprint": ["model": "a"]], ["forceFresh": true], ["transcript": false],
    ] {
      let error = engine.refusal("wake", Self.wake().with(change))
      #expect(error?.code == .conflict && error?.field == "key", "\(change.text)")
    }
    #expect(try engine.stateHash() == hash)
    // What has its default, or is null, is left out.
    let same: JSONValue = ["forceFresh": false, "resumable": true, "reason": nil]
    #expect(try engine.ask("wake", Self.wake().with(same))["duplicate"] == true)
    engine.close()
  }

  @Test func `an error does not use up its key`() throws {
    let engine = try place.open()
    let reset: JSONValue = ["session": "s", "key": "k"]
    #expect(engine.refusal("reset", reset)?.code == .notFound)
    #expect(engine.refusal("wake", Self.wake().with(["epoch": 9]))?.field == "epoch")
    let ahead = engine.refusal("wake", Self.wake().with(["host": "h", "epoch": 9]))
    #expect(ahead?.code == .invalidParameter && ahead?.field == "epoch")
    let first = try engine.ask("wake", Self.wake())
    #expect(first["disposition"] == "started" && first["duplicate"] == nil)
    // A stale fence is recorded, and still an error.
    let flush: JSONValue = ["session": "s", "fence": "1-00", "from": 0, "to": 1, "key": "c"]
    #expect(engine.refusal("flush", flush)?.code == .staleFence)
    #expect(try engine.ask("flush", flush.with(["fence": first["fence"]!])) == ["cursor": 1])
    engine.close()
  }

  @Test func `the host that the engine speaks for is no part of the comparison`() throws {
    var first: JSONValue = .null
    for host in [nil, "h1", "h2", "h1"] {
      let engine = try place.open { $0.host = host }
      let answer = try engine.ask("wake", Self.wake())
      if first == .null { first = answer }
      #expect(answer.without("duplicate", "open") == first)
      engine.close()
    }
  }

  @Test func `the same key twice within one commit is carried out once`() throws {
    let engine = try place.open()
    let answers = Mutex<[JSONValue]>([])
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<40 {
      engine.submit("wake", Self.wake().object!) { result in
        answers.withLock { $0.append((try? result.get()) ?? .null) }
        done.signal()
      }
    }
    for _ in 0..<40 { done.wait() }
    let all = answers.withLock { $0 }
    #expect(all.filter { $0["duplicate"] == nil }.count == 1)
    #expect(Set(all.map { $0.without("duplicate", "open").text }).count == 1)
    onThreads(16) { caller in
      for round in 0..<10 {
        _ = try? engine.ask("wake", Self.wake("t\(round)", key: .string("t\(round)")))
      }
    }
    for round in 0..<10 {
      let session = try engine.ask("session", ["session": .string("t\(round)")])
      #expect(session["counters"]?["wakes"] == 1)
    }
    engine.close()
  }

  @Test func `two of one commit that differ clash, and the first one counts`() throws {
    let engine = try place.open()
    let codes = Mutex<[String]>([])
    let done = DispatchSemaphore(value: 0)
    for number in 0..<10 {
      engine.submit("wake", Self.wake("s\(number)").object!) { result in
        codes.withLock { codes in
          switch result {
          case .success(let value): codes.append(value["disposition"]?.string ?? "")
          case .failure(let error): codes.append(error.code.rawValue)
          }
        }
        done.signal()
      }
    }
    for _ in 0..<10 { done.wait() }
    #expect(codes.withLock { $0 } == ["started"] + Array(repeating: "conflict", count: 9))
    engine.close()
  }

  @Test func `keys are kept for a day of the log's time, and go after that`() throws {
    let engine = try place.open()
    let hour: Int64 = 3_600_000
    for number in 0..<60 {
      let at = Self.noon + hour * Int64(number)
      try engine.ask("wake", Self.wake("s\(number)", key: .string("\(number)"), at: at))
    }
    for number in 0..<60 {
      let call = Self.wake("s\(number)", key: .string("\(number)"), at: Self.noon + hour * 59)
      let isYoung = number >= 59 - 24
      if isYoung { #expect(try engine.ask("wake", call)["duplicate"] == true, "\(number)") }
      if number < 30 {
        // Gone, so this is a new wake.
        #expect(try engine.ask("wake", call.with(["key": nil]))["duplicate"] == nil)
      }
    }
    #expect(try engine.ask("wake", Self.wake("s0", key: "0"))["disposition"] == "deferred")
    engine.close()
  }

  /// A call that appended nothing was as old as the log's last event. On a log that had slept for
  /// days the next wake dropped its key, seconds after it was used.
  @Test func `a key that was used without an event is as young as its call`() throws {
    let engine = try place.open()
    try engine.ask("wake", Self.wake("s", key: "old"))
    let later = Self.noon + 3 * 86_400_000
    let next: JSONValue = ["session": "s", "key": "young", "at": .integer(later)]
    #expect(try engine.ask("next", next)["disposition"] == "none")
    try engine.ask("wake", Self.wake("t", key: "awake", at: later + 1_000))
    #expect(try engine.ask("next", next)["duplicate"] == true)
    engine.close()
  }

  @Test func `old keys go a few at a time, and all in the end`() throws {
    let engine = try place.open()
    for number in 0..<60 {
      try engine.ask("wake", Self.wake("s\(number)", key: .string("\(number)")))
    }
    // A step ahead counts once the log has gone on for an hour beyond it.
    try engine.ask("wake", CallerTests.wake("u").with(["at": .integer(Self.noon + 29 * 3_600_000)]))
    #expect(try kept(engine) == 60)
    let later = Self.noon + 30 * 3_600_000
    for number in 0..<4 {
      let left = 60 - (number + 1) * Core.dropsAtOnce
      try engine.ask("wake", Self.wake("t", key: .string("t\(number)"), at: later))
      let count = try kept(engine)
      #expect(count == max(left, 0) + number + 1)
    }
    engine.close()
  }

  private func kept(_ engine: Engine) throws -> Int {
    try engine.perform(writes: false) { core throws(WakelogError) in
      var found = 0
      for name in (0..<60).map({ "\($0)" }) + (0..<4).map({ "t\($0)" }) {
        let view = try core.view
        if (try? view.reply(Digest.short(Array(name.utf8)))) ?? nil != nil { found += 1 }
      }
      return found
    }
  }

  @Test func `keys compare by their bytes`() throws {
    let engine = try place.open()
    let keys = ["\u{E9}", "e\u{301}", "k", "k\u{0}", "k ", String(repeating: "x", count: 1_024)]
    for (number, key) in keys.enumerated() {
      let answer = try engine.ask("wake", Self.wake("s\(number)", key: .string(key)))
      #expect(answer["duplicate"] == nil)
    }
    let long = String(repeating: "x", count: 1_025)
    #expect(engine.refusal("wake", Self.wake(key: .string(long)))?.code == .tooLarge)
    #expect(engine.refusal("wake", Self.wake(key: ""))?.code == .invalidParameter)
    #expect(try engine.ask("wake", Self.wake("n", key: nil))["duplicate"] == nil)
    engine.close()
  }

  @Test func `a key outlives the process that was killed`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [log = place.log as String] in
      let engine = try Engine.open(log, options: .forTests())
      let wake = try engine.ask("wake", KeyTests.wake())
      try engine.ask("flush", KeyTests.flush(wake))
      kill(getpid(), SIGKILL)
    }
    let engine = try place.open()
    let again = try engine.ask("wake", Self.wake())
    #expect(again["duplicate"] == true && again["open"] == true)
    #expect(try engine.ask("flush", Self.flush(again)) == ["cursor": 7, "duplicate": true])
    engine.close()
  }

  static func flush(_ wake: JSONValue) -> JSONValue {
    [
      "session": "s", "fence": wake["fence"]!, "from": 0, "to": 7, "key": "f",
      "at": .integer(noon),
    ]
  }
}
