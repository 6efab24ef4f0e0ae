/// The rules by which a host's sessions are resumed, reset and given up: data, not code.
///
/// A policy is read from a JSON document (PROTOCOL, policy document), recorded in the log when
/// adopted, and never changes after it was read; replay uses the policy of its time.
public struct Policy: Hashable, Sendable {
  /// The name that decisions quote, 1 to 1,024 bytes.
  public let name: String
  /// The author's count of this policy's revisions.
  public let version: Int
  /// The rules for every key that no override matches.
  public let rules: Rules
  /// How long the log keeps events and evidence.
  public let retention: Retention
  /// Exceptions in order; the first that matches a key replaces `rules` for it.
  public let overrides: [Override]

  /// Rules that replace the policy's own for some keys.
  public struct Override: Hashable, Sendable {
    /// Which keys these rules are for.
    public let match: Match
    /// The policy's rules with the override's keys in place of its own.
    public let rules: Rules
    /// Paths of the keys that the override gave, as `reset.rotate`, in the document's order.
    public let keys: [String]
  }

  /// Which keys an override is for: those that agree with everything given here.
  public struct Match: Hashable, Sendable {
    /// The provider, if it matters.
    public let provider: String?
    /// The start of the session key, if it matters.
    public let sessionPrefix: String?
    /// The agent, if it matters.
    public let agent: String?
  }

  /// The rules in force for a key.
  ///
  /// The first override that matches replaces the keys it gave; later ones are not looked at.
  public func rules(session: String, agent: String, provider: String) -> Rules {
    for override in overrides
    where override.match.matches(session: session, agent: agent, provider: provider) {
      return override.rules
    }
    return rules
  }
}

extension Policy.Match {
  /// Whether a key is meant; names compare byte by byte, as everywhere in the log.
  func matches(session: String, agent: String, provider: String) -> Bool {
    if let wanted = self.provider, !wanted.utf8.elementsEqual(provider.utf8) { return false }
    if let wanted = self.agent, !wanted.utf8.elementsEqual(agent.utf8) { return false }
    if let sessionPrefix, !session.utf8.starts(with: sessionPrefix.utf8) { return false }
    return true
  }
}
