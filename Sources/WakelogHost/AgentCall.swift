/// How an agent's CLI is called for an attempt.
public struct AgentCall: Sendable, Hashable {
  /// The program and its arguments, without words that choose a session: those are put in.
  public var words: [String]
  /// Variables that are set for it beside this process's own, or, where nil, left out.
  public var environment: [String: String?] = [:]
  /// What it reads from its standard input; nil for nothing.
  public var input: String?
  /// Where it works; nil for the plan's workspace, or, where the plan names none, here.
  public var directory: String?

  /// A call of these words.
  public init(_ words: [String]) { self.words = words }
}
