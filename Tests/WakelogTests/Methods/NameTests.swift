import Testing
import WakelogModel

@testable import Wakelog

/// Names are bytes: what Unicode takes for the same, or C for ended, are different names here.
@Suite struct NameTests {
  let place = Place()

  static let alike: [String] = [
    "caf\u{E9}", "cafe\u{301}", "cafe", "caf", "Caf\u{E9}", "caf\u{E9}\u{0}", "caf\u{E9}\u{0}x",
    "\u{0}", "\u{0}\u{0}", " ", "👩‍👩‍👧‍👦", "👩", "👩🏽", "\u{1F469}\u{200D}", "\u{FEFF}x", "x",
    "\u{212B}", "\u{C5}", "A\u{30A}", "\u{10FFFF}", "agent:main:telegram:direct:42",
    "agent:main:telegram:direct:4", "ﬁ", "fi", "\r\n", "\n", "\"\\",
  ]

  @Test func `session keys are the same when their bytes are`() throws {
    var engine = try place.open()
    for (number, key) in Self.alike.enumerated() {
      let wake = CallerTests.wake(key).with(["scope": .string("\(number)")])
      #expect(try engine.ask("wake", wake)["disposition"] == "started", "\(number)")
    }
    engine.close()
    engine = try place.open()
    let listed = try engine.ask("sessions")["items"]?.array?.compactMap { $0["key"]?.string }
    #expect(listed?.map { Array($0.utf8) } == Self.alike.map { Array($0.utf8) })
    for key in Self.alike {
      let session = try engine.ask("session", ["session": .string(key)])
      #expect(Array(session["key"]?.string?.utf8 ?? "".utf8) == Array(key.utf8))
      #expect(session["counters"]?["wakes"] == 1)
      let events = try engine.ask("events", ["session": .string(key)])["items"]?.array ?? []
      #expect(events.count == 4)
    }
    engine.close()
    #expect(try place.fault() == nil)
  }

  @Test func `ids are the same when id and provider are`() throws {
    let engine = try place.open()
    // Two that a careless join of id and provider would take for one.
    let ids = ["a", "ab", "abc", "a\u{0}", "abcodex", "\u{E9}", "e\u{301}", "a\u{0}codex"]
    var number = 0
    for provider in ["claude", "codex", "b\u{0}", "bcodex", "c"] {
      for id in ids {
        let key = "s\(number)"
        let run: JSONValue = ["provider": .string(provider)]
        try ResultTests.run(
          engine, key, at: Int64(number), ["turns": 1, "sessionId": .string(id)], run)
        number += 1
      }
    }
    // One is gone. No other is.
    let probe: JSONValue = ["session": "s0", "sessionId": "a", "exists": false]
    #expect(try engine.ask("probe", probe)["bound"] == .null)
    for other in 1..<number {
      let session = try engine.ask("session", ["session": .string("s\(other)")])
      let id = session["bound"]?["sessionId"]?.string ?? "none"
      #expect(Array(id.utf8) == Array(ids[other % ids.count].utf8), "s\(other)")
    }
    // The same text of two providers is two sessions.
    let wake = CallerTests.wake("s8").with(["provider": "codex"])
    #expect(try engine.ask("wake", wake)["plan"]?["sessionId"] == "a")
    engine.close()
  }

  @Test func `a repair means the id with these bytes`() throws {
    let engine = try place.open()
    try ResultTests.run(engine, "s", at: 0, ["turns": 1, "sessionId": "\u{E9}"])
    let repair: JSONValue = ["session": "s", "set": ["sessionId": nil], "by": "eve", "why": "x"]
    let other = repair.with(["expect": ["sessionId": "e\u{301}"]])
    #expect(engine.refusal("repair", other)?.code == .conflict)
    let same = try engine.ask("repair", repair.with(["expect": ["sessionId": "\u{E9}"]]))
    #expect(same["bound"] == .null)
    engine.close()
  }

  @Test(arguments: [
    ("wake", "session"), ("wake", "agent"), ("wake", "provider"), ("wake", "reason"),
    ("wake", "scope"), ("wake", "resume"), ("wake", "host"), ("wake", "key"),
    ("session", "session"), ("agent", "agent"), ("host", "version"),
  ]) func `a name has 1 to 1,024 bytes`(method: String, field: String) throws {
    let engine = try place.open()
    let base: JSONValue =
      method == "wake" ? CallerTests.wake("s") : method == "host" ? ["host": "h"] : [:]
    let short = engine.refusal(method, base.with(member(field, "")))
    #expect(short?.rpcCode == -32_602 && short?.field == field)
    // In bytes, not in characters.
    for (text, fits) in [
      (String(repeating: "é", count: 512), true), (String(repeating: "é", count: 512) + "x", false),
      (String(repeating: "x", count: 1_024), true), (String(repeating: "x", count: 1_025), false),
    ] {
      let error = engine.refusal(method, base.with(member(field, .string(text))))
      if fits {
        #expect(
          error == nil || [.notFound, .conflict].contains(error?.code), "\(error.debugDescription)")
      } else {
        #expect(error?.code == .tooLarge && error?.field == field)
      }
    }
    engine.close()
  }

  private func member(_ name: String, _ value: JSONValue) -> JSONValue {
    .object(JSONObject([.init(name: name, value: value)]))
  }

  @Test func `long names that differ at the end are different`() throws {
    let engine = try place.open()
    let stem = String(repeating: "k", count: 1_000)
    let keys = (0..<20).map { stem + String(repeating: "x", count: $0) }
    for key in keys { try engine.ask("wake", CallerTests.wake(key)) }
    for key in keys {
      let session = try engine.ask("session", ["session": .string(key)])
      #expect(session["key"]?.string?.utf8.count == key.utf8.count)
    }
    for id in keys {
      let wake = CallerTests.wake("to " + id.suffix(19)).with(["resume": .string(id)])
      #expect(try engine.ask("wake", wake)["plan"]?["sessionId"] == .string(id))
    }
    engine.close()
  }

  /// Fingerprints compared as Swift compares strings: a name or value whose accent was written
  /// another way was taken for the same.
  @Test func `a fingerprint changes with the bytes of a name or a value`() throws {
    let engine = try place.open()
    let reset: JSONValue = ["invalidateOn": ["cwd", "mod\u{E8}le"]]
    try engine.ask("policy", ["adopt": ["name": "p", "version": 1, "reset": reset]])
    let before: JSONValue = ["fingerprint": ["cwd": "/caf\u{E9}", "other": "1"]]
    func next(_ key: String, _ fingerprint: JSONValue) throws -> JSONValue {
      let end: JSONValue = ["turns": 1, "sessionId": .string("id " + key)]
      try ResultTests.run(engine, key, at: 0, end, before)
      let wake = CallerTests.wake(key).with(["fingerprint": fingerprint])
      return try engine.ask("wake", wake.with(ResultTests.at(5)))["plan"]!
    }
    #expect(try next("same", ["cwd": "/caf\u{E9}", "other": "1"])["reset"] == .null)
    let value = try next("value", ["cwd": "/cafe\u{301}", "other": "1"])
    #expect(value["reset"]?["because"] == "fingerprint")
    let added = try next("name", ["cwd": "/caf\u{E9}", "other": "1", "mod\u{E8}le": "x"])
    #expect(added["reset"]?["because"] == "fingerprint")
    let drift = try next("drift", ["cwd": "/caf\u{E9}", "other": "1", "mode\u{300}le": "x"])
    #expect(drift["reset"] == .null && drift["drift"]?.array?.count == 1)
    engine.close()
  }
}
