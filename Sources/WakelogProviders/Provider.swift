/// What is known of an agent CLI: one row of the table, nothing of it elsewhere.
///
/// A row is data. The rows built in and those that a host adds (`init(json:)`) have the same form
/// and are read by the same code, so that what the table can say of Claude Code a host can say of
/// its own CLI.
public struct Provider: Sendable, Hashable {
  /// The provider's name, as a wake names it: `claude`.
  public internal(set) var name: String
  /// Other names of it that hosts use: `claude_local`.
  public internal(set) var aliases: [String] = []
  /// How it is called.
  public internal(set) var call: CallShape
  /// What earlier versions of it did otherwise.
  public internal(set) var versions: [VersionChange] = []
  /// The protocol whose messages resume a session, where no words of a call do: `acp`.
  public internal(set) var protocolName: String?
  /// How its standard output is read, rule by rule, for every JSON document on it.
  public internal(set) var output: [OutputRule] = []
  /// Where it keeps transcripts; nil where nobody knows.
  public internal(set) var transcripts: TranscriptLayout?
  /// The entries of the failure table that hold what it prints of a session that it cannot resume.
  public internal(set) var literals: [String] = []
  /// What it prints that the failure table does not know, and what that means.
  public internal(set) var failures: [TaughtFailure] = []
  /// The members that no source tells anything about.
  public internal(set) var unknown: [String] = []
  /// Where each fact comes from.
  public internal(set) var sources: [ProviderSource] = []

  /// Every CLI that is known, in the order of the documentation.
  public static let all: [Provider] = [
    claude, codex, gemini, opencode, copilot, cursor, qwen, goose, kimi, crush, amp, droid, grok,
    acp,
  ]

  /// The row of a provider, by its name or one of its aliases; nil for one that is not known.
  public static func named(_ name: String) -> Provider? {
    all.first { $0.isNamed(name) }
  }

  /// Whether a name is this provider's, or one of its aliases.
  public func isNamed(_ name: String) -> Bool { self.name == name || aliases.contains(name) }
}

/// Where a fact of a row comes from.
public struct ProviderSource: Sendable, Hashable {
  /// The members of the row that it speaks for: `resume`, `output`.
  public var about: String
  /// The place: a repository's file, an issue, a run of a named version.
  public var source: String
}
