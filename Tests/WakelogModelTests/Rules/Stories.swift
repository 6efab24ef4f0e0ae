import WakelogTesting

@testable import WakelogModel

extension World {
  /// Texts as the CLIs print them.
  static let noConversation = "No conversation found with session ID: x"
  static let tooLong = "Error: prompt is too long"

  /// Lets a key run once and succeed in a session.
  @discardableResult
  func bind(
    _ id: String, _ session: String = "s", agent: String = "ada", provider: String = "claude",
    workspace: String? = nil, fingerprint: String = "", host: String = "", resume: String = "",
    scope: String = ""
  ) -> Reply {
    wake(
      session, agent: agent, provider: provider, scope: scope, workspace: workspace,
      resume: resume, fingerprint: fingerprint, host: host)
    return succeed(session, id)
  }

  /// Ends the attempt as a CLI does that does not know the session.
  @discardableResult
  func notFound(_ session: String? = nil, reporting id: String = "") -> Reply {
    finish(session, sessionId: id, exitCode: 1, stderr: Self.noConversation, turns: 0)
  }
}
