import Testing

@testable import WakelogModel

struct PolicyOverrideTests {
  static let document: JSONValue = [
    "reset": ["idleSeconds": 60, "rotate": ["runs": 5, "ageSeconds": 9], "reasons": ["/new"]],
    "lease": ["seconds": 30],
    "overrides": [
      ["match": ["provider": "claude", "agent": "ada"], "fallback": ["maxAttempts": 1]],
      ["match": ["sessionPrefix": "cron:"], "reset": ["rotate": nil, "reasons": nil]],
      ["match": ["provider": "claude"], "reset": ["rotate": ["runs": 2]], "lease": nil],
      ["match": ["agent": "eve"], "lease": ["seconds": nil]],
      ["match": [:], "resume": ["boundToHost": true]],
    ],
  ]

  @Test("The first match replaces the keys it gave, and no other is looked at")
  func precedence() throws {
    let policy = try Policy(json: Self.document)
    func rules(_ session: String, _ agent: String, _ provider: String) -> Rules {
      policy.rules(session: session, agent: agent, provider: provider)
    }
    var expected = policy.rules
    expected.fallback.maxAttempts = 1
    #expect(rules("cron:1", "ada", "claude") == expected)

    expected = policy.rules
    expected.reset.rotate = nil
    #expect(rules("cron:1", "eve", "claude") == expected)
    #expect(expected.reset.reasons == ["/new"] && expected.reset.idleSeconds == 60)

    // `rotate` is one value: the base's age limit does not shine through.
    expected = policy.rules
    expected.reset.rotate = Rules.Rotation(runs: 2)
    #expect(rules("chat:1", "eve", "claude") == expected)

    expected = policy.rules
    expected.lease.seconds = nil
    #expect(rules("chat:1", "eve", "codex") == expected)

    expected = policy.rules
    expected.resume.boundToHost = true
    #expect(rules("chat:1", "bob", "codex") == expected)
    #expect(rules("cron", "ada", "codex") == expected)
  }

  @Test("Without a match the policy's own rules hold")
  func noMatch() throws {
    let policy = try Policy(json: ["overrides": [["match": ["provider": "claude"]]]])
    #expect(policy.rules(session: "s", agent: "a", provider: "claude-2") == policy.rules)
  }

  @Test("Names match byte by byte")
  func literal() throws {
    let policy = try Policy(json: [
      "overrides": [["match": ["sessionPrefix": "e"], "fallback": ["maxAttempts": 9]]]
    ])
    let composed = try Policy(json: [
      "overrides": [["match": ["agent": "\u{E9}"], "fallback": ["maxAttempts": 9]]]
    ])
    let rules = policy.rules(session: "e\u{301}", agent: "a", provider: "p")
    #expect(rules.fallback.maxAttempts == 9)
    let others = composed.rules(session: "s", agent: "e\u{301}", provider: "p")
    #expect(others.fallback.maxAttempts == 3)
  }

  @Test("An override prints the keys it gave, in fixed order, and reads back equal")
  func printing() throws {
    let policy = try Policy(json: Self.document)
    #expect(
      policy.json["overrides"]?.text == """
        [{"match":{"provider":"claude","agent":"ada"},"fallback":{"maxAttempts":1}},\
        {"match":{"sessionPrefix":"cron:"},"reset":{"rotate":null}},\
        {"match":{"provider":"claude"},\
        "reset":{"rotate":{"runs":2,"inputTokens":null,"ageSeconds":null}}},\
        {"match":{"agent":"eve"},"lease":{"seconds":null}},\
        {"match":{},"resume":{"boundToHost":true}}]
        """)
    #expect(try Policy(json: policy.json) == policy)
  }
}
