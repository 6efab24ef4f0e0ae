import Testing
import WakelogModel

@testable import Wakelog

struct ParameterTests {
  static func sample(_ method: String) -> RequestSample {
    RequestSample.all.first { $0.type.method == method }!
  }

  /// The canonical value of a parameter of a call, or nil where it is refused under its name.
  func taken(_ method: String, _ path: String, _ value: JSONValue) -> JSONValue? {
    let sample = Self.sample(method)
    let parts = path.split(separator: ".").map(String.init)
    do throws(WakelogError) {
      let request = try sample.type.init(json: sample.full.replacing(parts, with: value))
      return parts.dropFirst().reduce(request.json[parts[0]]) { $0?[$1] }
    } catch {
      #expect(error.field == path, "\(error)")
      return nil
    }
  }

  @Test(
    "Numbers keep to their bounds",
    arguments: [
      ("wake", "lease", 1, 4_294_967_294), ("next", "lease", 1, 4_294_967_294),
      ("wake", "epoch", 0, 4_294_967_295), ("next", "epoch", 0, 4_294_967_295),
      ("progress", "attempt", 1, .max), ("progress", "pid", 1, 2_147_483_647),
      ("finish", "attempt", 1, .max), ("finish", "exitCode", -2_147_483_647, 2_147_483_647),
      ("finish", "signal", 0, 64), ("finish", "status", 0, 2_147_483_647),
      ("finish", "turns", 0, 2_147_483_647), ("finish", "usage.inputTokens", 0, .max),
      ("finish", "usage.outputTokens", 0, .max), ("finish", "usage.costMicros", 0, .max),
      ("finish", "retryAfterSeconds", 0, 4_294_967_294),
      ("reset", "ifGeneration", 1, 4_294_967_295), ("abandon", "run", 1, .max),
      ("run", "run", 1, .max), ("flush", "to", 0, .max), ("sessions", "limit", 1, 10_000),
      ("agents", "limit", 1, 10_000), ("events", "limit", 1, 10_000), ("events", "from", 0, .max),
      ("events", "to", 0, .max), ("subscribe", "from", 0, .max), ("redact", "seq", 1, .max),
    ] as [(String, String, Int64, Int64)])
  func bounds(method: String, path: String, low: Int64, high: Int64) {
    #expect(taken(method, path, .integer(low)) == .integer(low))
    #expect(taken(method, path, .integer(high)) == .integer(high))
    #expect(taken(method, path, .integer(low - 1)) == nil)
    if high < .max { #expect(taken(method, path, .integer(high + 1)) == nil) }
  }

  @Test(
    "Words are those of the protocol, spelt so",
    arguments: [
      ("wake", "source", Source.allCases.map(\.name)),
      ("wake", "workspace.kind", ["project", "home", "worktree", "other"]),
      ("finish", "outcome", ["succeeded", "failed", "timedOut", "cancelled", "interrupted"]),
      ("upgrade", "step", ["staged", "verified", "failed", "swapped"]),
      ("repair", "expect.lastRun", Outcome.allCases.map(\.name)),
      ("sessions", "status", ["idle", "running", "queued"]),
      ("agents", "status", ["idle", "running", "paused", "failing"]),
    ])
  func words(method: String, path: String, words: [String]) {
    for word in words { #expect(taken(method, path, .string(word)) == .string(word)) }
    for word in ["", "x", words[0].uppercased(), words[0] + " ", words[0] + "\u{301}"] {
      #expect(taken(method, path, .string(word)) == nil)
    }
  }

  @Test("The finish of a run that failed is no run's end by superseding")
  func superseded() { #expect(taken("finish", "outcome", "superseded") == nil) }

  @Test(
    "Times are RFC 3339 with offset, or milliseconds",
    arguments: [
      ("2026-01-18T05:00:00.25-08:00", "2026-01-18T05:00:00.250-08:00"),
      (1_768_712_400_123, "2026-01-18T05:00:00.123+00:00"), (0, nil), (99_999_999_999, nil),
      (100_000_000_000, "1973-03-03T09:46:40+00:00"),
      ("2026-01-18T05:00:00", nil), ("2026-01-18", nil), (-1, nil), (.integer(.max), nil),
      (.number(1_768_712_400_123), nil), ("1768712400123", nil),
    ] as [(JSONValue, JSONValue?)])
  func times(given: JSONValue, taken: JSONValue?) {
    for sample in RequestSample.all {
      #expect(self.taken(sample.type.method, "at", given) == taken)
    }
  }

  @Test("Fingerprints are compared as text, sorted by the bytes of their names")
  func fingerprint() {
    let given: JSONValue = [
      "z": "5", "b": 5, "é": true, "a": false, "e\u{301}": "", "n": nil, "B": -7,
    ]
    let canonical = taken("wake", "fingerprint", given)
    #expect(
      canonical?.text == """
        {"B":"-7","a":"false","b":"5","e\u{301}":"","z":"5","é":"true"}
        """)
    for value in [.number(1.5), [], [:], ["x": 1]] as [JSONValue] {
      let error = refusal(
        WakeRequest.self,
        Self.sample("wake").full.replacing(["fingerprint", "model"], with: value))
      #expect(error?.field == "fingerprint.model")
    }
  }

  @Test("Facts about transcripts are strict booleans of ids")
  func transcripts() {
    #expect(
      taken("wake", "transcripts", ["b": true, "a": false])?.text == #"{"a":false,"b":true}"#)
    #expect(taken("wake", "transcripts", [:])?.text == "{}")
    for (name, field) in [("x", "transcripts.x"), ("", "transcripts.\"\"")] {
      let json = Self.sample("wake").full.replacing(["transcripts", name], with: "yes")
      #expect(refusal(WakeRequest.self, json)?.field == field)
    }
    let long = String(repeating: "x", count: 1_025)
    let json = Self.sample("wake").full.replacing(["transcripts", long], with: true)
    #expect(refusal(WakeRequest.self, json)?.code == .tooLarge)
  }

  @Test("Opaque parameters are sorted throughout, and at most 16 KiB long")
  func params() {
    #expect(
      taken("finish", "params", ["b": [["d": 1, "c": nil]], "a": 2])?.text
        == #"{"a":2,"b":[{"c":null,"d":1}]}"#)
    for (path, method) in [("params", "finish"), ("fingerprint", "wake")] {
      let fits = String(repeating: "x", count: 16_384 - #"{"a":""}"#.utf8.count)
      #expect(taken(method, path, ["a": .string(fits)]) != nil)
      let json = Self.sample(method).full.replacing([path], with: ["a": .string(fits + "x")])
      let error = refusal(Self.sample(method).type, json)
      #expect(error?.code == .tooLarge && error?.field == path)
    }
  }

  @Test("A signal is a number or a name, and a wait rounds up")
  func signalAndWait() {
    #expect(taken("finish", "signal", 9) == 9)
    #expect(taken("finish", "signal", "TERM") == "TERM")
    #expect(taken("finish", "retryAfterSeconds", .number(1.25)) == 2)
    #expect(taken("finish", "retryAfterSeconds", .number(2)) == 2)
    for value in [.number(-0.5), .number(.infinity), .number(.nan), .number(4_294_967_294.5)]
      as [JSONValue]
    {
      #expect(taken("finish", "retryAfterSeconds", value) == nil)
    }
  }

  @Test("A signal is one that some system has")
  func knownSignals() {
    for name in ["SIGTERM", "term", "SIGRTMIN+3", "SIGINFO", "SIGBREAK"] {
      #expect(taken("finish", "signal", .string(name)) != nil)
    }
    for wrong in ["SIGNONE", "9", "killed", 65, -9] as [JSONValue] {
      #expect(taken("finish", "signal", wrong) == nil)
    }
  }

  @Test("A workspace's path means the same in every process")
  func absoluteWorkspaces() {
    for absolute in ["/srv/app", "/", #"C:\app"#, "d:/app", #"\\server\share"#] {
      #expect(taken("wake", "workspace.path", .string(absolute)) != nil)
    }
    for relative in ["app", "./app", "~/app", "", "C:app", "../srv"] {
      #expect(taken("wake", "workspace.path", .string(relative)) == nil)
    }
  }

  @Test("Parameters that need or exclude each other are named")
  func conflicts() {
    for method in ["wake", "next"] {
      let json = Self.sample(method).full.replacing(["host"], with: nil)
      #expect(refusal(Self.sample(method).type, json)?.field == "epoch")
    }
    #expect(
      refusal(FlushRequest.self, Self.sample("flush").full.replacing(["from"], with: 6))?
        .field == "to")
    #expect(refusal(PolicyRequest.self, (["key": "k"] as JSONValue).object!)?.field == "key")
    #expect(
      refusal(WhyRequest.self, (["session": "s", "seq": 1] as JSONValue).object!)?.field == "seq")
    #expect(refusal(WhyRequest.self, (["seq": 1] as JSONValue).object!) == nil)
    #expect(refusal(WhyRequest.self, ([:] as JSONValue).object!)?.field == "session")
  }

  @Test("A repair says what null means, and changes something")
  func repair() throws {
    #expect(taken("repair", "expect", [:])?.text == "{}")
    #expect(
      taken("repair", "expect", ["sessionId": nil, "lastRun": nil])?.text
        == #"{"sessionId":null}"#)
    #expect(taken("repair", "set", ["sessionId": nil])?.text == #"{"sessionId":null}"#)
    #expect(taken("repair", "set", ["revive": "x"])?.text == #"{"revive":"x"}"#)
    #expect(taken("repair", "set", [:]) == nil)
    #expect(taken("repair", "set", ["revive": nil]) == nil)
    var repair = RepairRequest(
      session: "s", expect: .init(), set: .init(sessionId: .nothing), by: "eve", why: "gone")
    repair.expect.sessionId = .value("x")
    #expect(repair.json["expect"]?.text == #"{"sessionId":"x"}"#)
    #expect(repair.json["set"]?.text == #"{"sessionId":null}"#)
  }

  @Test("A policy's fault is named by its path")
  func policy() {
    #expect(taken("policy", "adopt", 1) == nil)
    let error = refusal(
      PolicyRequest.self, (["adopt": ["reset": ["idle": 1]]] as JSONValue).object!)
    #expect(error?.field == "adopt.reset.idle")
    #expect(PolicyRequest.self.method == "policy")
  }

  @Test("A default that is given is the same call as one left out")
  func defaults() {
    #expect(taken("wake", "forceFresh", false) == nil)
    #expect(taken("wake", "resumable", true) == nil)
    #expect(taken("wake", "keep", true) == true)
    #expect(taken("progress", "entered", false) == nil)
    #expect(taken("events", "limit", 1_000) == nil)
  }

  @Test("A request made in Swift is checked like one from the wire")
  func swift() throws {
    var wake = WakeRequest(session: "s", agent: "ada", provider: "claude", source: .message)
    wake.scope = "T1"
    wake.workspace = WorkspaceName(path: "/srv/app", kind: .project)
    wake.fingerprint = ["model": "opus", "authEpoch": "5"]
    try wake.validate()
    #expect(
      JSONValue.object(wake.json).text == """
        {"session":"s","agent":"ada","provider":"claude","source":"message","scope":"T1",\
        "workspace":{"path":"/srv/app","kind":"project"},\
        "fingerprint":{"authEpoch":"5","model":"opus"}}
        """)
    wake.epoch = 1
    let error = #expect(throws: WakelogError.self) { try wake.validate() }
    #expect(error?.field == "epoch")
  }

  @Test("A long unknown name is cut in the error")
  func longName() {
    let json = JSONObject([.init(name: String(repeating: "é", count: 100_000), value: 1)])
    #expect(refusal(HelloRequest.self, json)?.field == String(repeating: "é", count: 64) + "…")
  }
}
