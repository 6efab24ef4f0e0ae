import Testing

@testable import WakelogModel

struct PolicyTests {
  @Test("The empty document is the standard policy, printed with every key in order")
  func defaults() throws {
    let policy = try Policy(json: [:])
    #expect(policy == Policy.builtIn(named: "standard"))
    #expect(policy.rules == Rules())
    #expect(
      policy.json.text == """
        {"name":"standard","version":1,\
        "reset":{"reasons":[],"unscopedTimer":false,"idleSeconds":null,"dailyAtHour":null,\
        "exemptSources":["timer","cron","event","recovery"],"rotate":null,\
        "invalidateOn":["authProfile","authEpoch","mcp","cwd"],"explicitResumeWins":false},\
        "resume":{"unscopedFallsBackToAgent":false,"boundToHost":false},\
        "fallback":{"maxAttempts":3,"suspectLimit":2,"inUse":"beside"},\
        "lease":{"seconds":null},\
        "attention":{"silentSeconds":3600,"stuckSeconds":120},\
        "overrides":[]}
        """)
  }

  static let keys: [(path: String, valid: JSONValue, isNullable: Bool)] = [
    ("name", "mine", false), ("version", 7, false),
    ("reset.reasons", ["/new"], false), ("reset.unscopedTimer", true, false),
    ("reset.idleSeconds", 60, true), ("reset.dailyAtHour", 23, true),
    ("reset.exemptSources", ["manual"], false),
    ("reset.rotate", ["runs": 1, "inputTokens": nil, "ageSeconds": 9], true),
    ("reset.invalidateOn", ["model"], false), ("reset.explicitResumeWins", true, false),
    ("resume.unscopedFallsBackToAgent", true, false), ("resume.boundToHost", true, false),
    ("fallback.maxAttempts", 1, false), ("fallback.suspectLimit", 100, false),
    ("fallback.inUse", "fail", false),
    ("lease.seconds", 30, true),
    ("attention.silentSeconds", 0, false), ("attention.stuckSeconds", 1, false),
    ("reset", [:], false), ("resume", [:], false), ("fallback", [:], false), ("lease", [:], false),
    ("attention", [:], false), ("overrides", [], false),
  ]

  static func document(_ path: String, _ value: JSONValue) -> JSONValue {
    let parts = path.split(separator: ".").map(String.init)
    return .object(
      JSONObject([
        .init(
          name: parts[0],
          value: parts.count == 1
            ? value : .object(JSONObject([.init(name: parts[1], value: value)])))
      ]))
  }

  @Test("Every key is read, printed back, and changes nothing else", arguments: keys)
  func everyKey(path: String, valid: JSONValue, isNullable: Bool) throws {
    let policy = try Policy(json: Self.document(path, valid))
    #expect(try Policy(json: policy.json) == policy)
    guard valid != [:], valid != [] else { return #expect(policy.json == Policy.standard.json) }
    let parts = path.split(separator: ".").map(String.init)
    let printed = parts.reduce(policy.json as JSONValue?) { $0?[$1] }
    #expect(printed == valid)
    var restored = try #require(policy.json.object)
    restored[parts[0]] = Policy.standard.json[parts[0]]
    #expect(JSONValue.object(restored) == Policy.standard.json)
  }

  @Test("Every key of the wrong type is named", arguments: keys)
  func wrongType(path: String, valid: JSONValue, isNullable: Bool) throws {
    let samples: [JSONValue] = [true, 5, .number(5), "5", [], [5], ["x", nil], [:], ["x": 1]]
    var refused = 0
    for value in samples {
      do {
        let policy = try Policy(json: Self.document(path, value))
        #expect(try Policy(json: policy.json) == policy)
      } catch {
        refused += 1
        #expect(error.field.hasPrefix(path), "\(error)")
        #expect(!error.message.isEmpty)
      }
    }
    #expect(refused >= 6)
  }

  @Test("Null counts as left out, and as null where the default is null", arguments: keys)
  func null(path: String, valid: JSONValue, isNullable: Bool) throws {
    #expect(try Policy(json: Self.document(path, nil)) == Policy.standard)
    guard path.contains(".") else { return }
    var document = try #require(Self.document(path, valid).object)
    var override = try #require(Self.document(path, nil).object)
    override["match"] = [:]
    document["overrides"] = [.object(override)]
    let policy = try Policy(json: .object(document))
    let base = policy.rules
    let there = policy.rules(session: "s", agent: "a", provider: "p")
    #expect(policy.overrides[0].keys == (isNullable ? [path] : []))
    #expect(isNullable ? there == Rules() : there == base)
    #expect(try Policy(json: policy.json) == policy)
  }

  @Test("Retention is read and printed back, and absent where nothing has an age")
  func retention() throws {
    let policy = try Policy(
      json: ["retention": ["eventDays": 90, "evidenceDays": 30, "archive": "/backup"]])
    #expect(policy.retention.eventDays == 90 && policy.retention.evidenceDays == 30)
    #expect(policy.retention.archive == "/backup")
    #expect(try Policy(json: policy.json) == policy)
    #expect(policy.json["retention"]?["eventDays"] == 90)
    for name in Policy.builtInNames {
      #expect(Policy.builtIn(named: name)?.retention.keepsEverything == true)
      #expect(Policy.builtIn(named: name)?.json["retention"] == nil)
    }
    let nothing: JSONValue = [
      "retention": ["eventDays": nil, "evidenceDays": nil, "archive": nil]
    ]
    #expect(try Policy(json: nothing) == Policy.standard)
  }

  @Test(
    "A retention that would lose events, or says nought, is named",
    arguments: [
      (["eventDays": 90], "retention.eventDays"), (["eventDays": 0], "retention.eventDays"),
      (["evidenceDays": 0], "retention.evidenceDays"),
      (["evidenceDays": -1], "retention.evidenceDays"), (["archive": 5], "retention.archive"),
      (["days": 5], "retention.days"), (5, "retention"),
    ] as [(JSONValue, String)])
  func badRetention(section: JSONValue, field: String) {
    let error = #expect(throws: PolicyError.self) {
      try Policy(json: Self.document("retention", section))
    }
    #expect(error?.field == field)
  }

  @Test(
    "Values out of range are named",
    arguments: [
      ("name", ""), ("name", .string(String(repeating: "x", count: 1_025))), ("version", -1),
      ("version", 4_294_967_296), ("reset.idleSeconds", -1),
      ("reset.idleSeconds", 9_223_372_037), ("reset.dailyAtHour", -1), ("reset.dailyAtHour", 24),
      ("fallback.maxAttempts", 0), ("fallback.maxAttempts", 101), ("fallback.suspectLimit", 0),
      ("fallback.suspectLimit", 101), ("lease.seconds", -1), ("attention.silentSeconds", -1),
      ("attention.stuckSeconds", .integer(.min)),
      ("reset.reasons", .array((0..<257).map { .string("r\($0)") })),
      ("overrides", .array(Array(repeating: ["match": [:]], count: 257))),
    ] as [(String, JSONValue)])
  func range(path: String, value: JSONValue) {
    let error = #expect(throws: PolicyError.self) {
      try Policy(json: Self.document(path, value))
    }
    #expect(error?.field == path)
  }

  @Test(
    "Faults inside a value are named by their path",
    arguments: [
      (1, "policy"), (["nmae": "x"], "nmae"), (["": 1], "\"\""),
      (["reset": ["idle": 1]], "reset.idle"),
      (["reset": ["reasons": ["a", 1]]], "reset.reasons[1]"),
      (["reset": ["reasons": ["a", "a"]]], "reset.reasons[1]"),
      (["reset": ["reasons": [""]]], "reset.reasons[0]"),
      (["reset": ["exemptSources": ["cron", "webhook"]]], "reset.exemptSources[1]"),
      (["reset": ["rotate": ["runs": -1]]], "reset.rotate.runs"),
      (["reset": ["rotate": ["turns": 1]]], "reset.rotate.turns"),
      (["overrides": [nil]], "overrides[0]"), (["overrides": [[:]]], "overrides[0].match"),
      (["overrides": [["match": nil]]], "overrides[0].match"),
      (["overrides": [["match": ["provider": 1]]]], "overrides[0].match.provider"),
      (["overrides": [["match": ["sessionPrefix": ""]]]], "overrides[0].match.sessionPrefix"),
      (["overrides": [["match": ["key": "x"]]]], "overrides[0].match.key"),
      (["overrides": [["match": [:]], ["match": [:], "name": "x"]]], "overrides[1].name"),
      (
        ["overrides": [["match": [:], "fallback": ["maxAttempts": 0]]]],
        "overrides[0].fallback.maxAttempts"
      ),
    ] as [(JSONValue, String)])
  func paths(json: JSONValue, field: String) {
    let error = #expect(throws: PolicyError.self) { try Policy(json: json) }
    #expect(error?.field == field)
  }

  @Test("A long unknown key is cut in the error")
  func longKey() {
    let key = String(repeating: "k", count: 100_000)
    let error = #expect(throws: PolicyError.self) { try Policy(json: Self.document(key, 1)) }
    #expect(error?.field == String(repeating: "k", count: 64) + "…")
  }
}

extension Policy {
  static var standard: Policy { Policy.builtIn(named: "standard")! }
}
