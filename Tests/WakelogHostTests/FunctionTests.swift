import Testing
import Wakelog
import WakelogHost
import WakelogProviders

/// Agents that are spoken to through a library instead of a CLI.
struct FunctionTests {
  let test: TestHost
  init() throws { test = try TestHost() }

  struct Gone: Error {}

  private func agent(
    _ function: @escaping @Sendable (TurnAttempt, Conversation) async throws -> FinishRequest
  ) -> HostedAgent {
    HostedAgent("ada", provider: "claude", work: .function(function))
  }

  private var succeeded: FinishRequest {
    var facts = FinishRequest(attempt: 0, fence: "")
    facts.outcome = .succeeded
    return facts
  }

  @Test func `what a function says comes, and its session is kept`() async throws {
    let succeeded = succeeded
    let agent = agent { attempt, conversation in
      try await conversation.report(sessionId: attempt.sessionId ?? "new", entered: true)
      conversation.say("you said \(attempt.text)")
      return succeeded
    }
    #expect(try await test.answer("a", by: agent) == ["you said a"])
    #expect(try test.session().sessionId == "new")
    #expect(try await test.answer("b", by: agent) == ["you said b"])
    let run = try test.lastRun()
    #expect(run["attempts"]?.array?.first?["asked"]?.string == "new")
  }

  @Test func `what it throws is the failure, and falls back`() async throws {
    let succeeded = succeeded
    let first = agent { _, conversation in
      try await conversation.report(sessionId: "lost", entered: true)
      return succeeded
    }
    _ = try await test.answer("a", by: first)
    struct NoConversation: Error, CustomStringConvertible {
      let description = "No conversation found with session ID: lost"
    }
    let second = agent { attempt, conversation in
      if attempt.sessionId != nil { throw NoConversation() }
      conversation.say("fresh after \(attempt.failure?.name ?? "")")
      return succeeded
    }
    #expect(try await test.answer("b", by: second) == ["fresh after unknownSession"])
    let failing = agent { _, _ in throw Gone() }
    await #expect {
      try await test.answer("c", by: failing)
    } throws: {
      ($0 as? RunFailed)?.said?.contains("Gone") == true
    }
    #expect(try test.session().openRun == nil)
  }

  @Test func `its lease is renewed while it takes its time`() async throws {
    let succeeded = succeeded
    var agent = agent { _, conversation in
      try await Task.sleep(for: .seconds(3))
      conversation.say("at last")
      return succeeded
    }
    agent.leaseSeconds = 1
    #expect(try await test.answer("x", by: agent) == ["at last"])
  }

  @Test func `a function is cancelled with its turn`() async throws {
    let agent = agent { _, conversation in
      conversation.say("begun")
      try await Task.sleep(for: .seconds(60))
      Issue.record("it was not cancelled")
      return FinishRequest(attempt: 0, fence: "")
    }
    try await test.host.turn("chat", "x", by: agent) { turn in
      for try await _ in turn { break }
    }
    #expect(try test.session().json["lastRun"]?["outcome"]?.string == "cancelled")
  }
}
