import Testing

@testable import WakelogModel

struct PolicyBuiltInTests {
  @Test("Every built-in carries its name and reads back equal", arguments: Policy.builtInNames)
  func roundTrip(name: String) throws {
    let policy = try #require(Policy.builtIn(named: name))
    #expect(policy.name == name && policy.version == 1)
    let again = try Policy(json: policy.json)
    #expect(again == policy && again.json.text == policy.json.text)
  }

  @Test("Other names are no built-in", arguments: ["", "Standard", "paperclip ", "openclaw-2026"])
  func unknown(name: String) {
    #expect(Policy.builtIn(named: name) == nil)
  }

  /// What each built-in says besides the defaults, and nothing else.
  static let differences: [(name: String, change: @Sendable (inout Rules) -> Void)] = [
    ("standard", { _ in }),
    (
      "paperclip",
      {
        $0.reset.reasons = [
          "issue_assigned", "execution_review_requested", "execution_approval_requested",
          "execution_changes_requested", "execution_review_participant_recovery",
        ]
        $0.reset.unscopedTimer = true
        $0.reset.explicitResumeWins = true
        $0.reset.exemptSources = Source.allCases
        $0.reset.rotate = .init(runs: 200, inputTokens: 2_000_000, ageSeconds: 72 * 3_600)
        $0.reset.invalidateOn = [
          "adapter", "adapterConfig", "agentRuntimeConfig", "modelProfile", "instructions",
          "issueOverrides", "workspaceConfig", "environment", "envBindings", "secrets",
          "runtimeSkills", "model",
        ]
        $0.resume.unscopedFallsBackToAgent = true
      }
    ),
    (
      "openclaw",
      {
        $0.reset.reasons = ["/new", "/reset"]
        $0.reset.invalidateOn = ["authProfile", "authEpoch", "mcp", "messagePolicy", "cwd"]
      }
    ),
    (
      "openclaw-2026.4",
      {
        $0.reset.reasons = ["/new", "/reset"]
        $0.reset.invalidateOn = [
          "authProfile", "authEpoch", "mcp", "messagePolicy", "cwd", "systemPrompt", "tools",
        ]
      }
    ),
    (
      "archon",
      {
        $0.reset.reasons = [
          "plan-to-execute", "isolation-changed", "project-changed", "reset-requested",
          "worktree-removed", "conversation-closed",
        ]
      }
    ),
    ("hermes", { $0.reset.reasons = ["/new", "/reset", "suspended"] }),
    (
      "hermes-2026.6",
      {
        $0.reset.reasons = ["/new", "/reset", "suspended"]
        $0.reset.idleSeconds = 24 * 3_600
        $0.reset.dailyAtHour = 4
      }
    ),
  ]

  @Test("The built-ins are those of the protocol", arguments: 0..<differences.count)
  func content(index: Int) throws {
    #expect(Self.differences.map(\.name) == Policy.builtInNames)
    let policy = try #require(Policy.builtIn(named: Self.differences[index].name))
    var expected = Rules()
    Self.differences[index].change(&expected)
    #expect(policy.rules == expected)
    #expect(policy.overrides.count == (policy.name == "paperclip" ? 3 : 0))
  }

  @Test("Paperclip rotates no session of an adapter that rotates by itself")
  func paperclipRotation() throws {
    let policy = try #require(Policy.builtIn(named: "paperclip"))
    for provider in ["claude", "codex", "hermes"] {
      var expected = policy.rules
      expected.reset.rotate = nil
      #expect(policy.rules(session: "s", agent: "a", provider: provider) == expected)
    }
    #expect(policy.rules(session: "s", agent: "a", provider: "gemini") == policy.rules)
  }

  @Test("Sources have the protocol's names and the log's numbers")
  func sources() {
    let names = ["timer", "message", "assignment", "cron", "manual", "recovery", "event"]
    #expect(Source.allCases.map(\.name) == names)
    #expect(Source.allCases.map(\.rawValue) == Array(1...7))
    for source in Source.allCases { #expect(Source(name: source.name) == source) }
    #expect(Source(name: "Timer") == nil)
  }
}
