/// Where a CLI keeps the transcripts of its sessions, as data.
public struct TranscriptLayout: Sendable {
  /// The name of the CLI, which is also that of its option: `claude`.
  public let name: String
  /// The providers whose sessions it keeps.
  let providers: [String]
  /// The variable that names its home.
  public let variable: String
  /// Where its home is below the user's otherwise.
  let home: String
  /// The part of the home that is only there once the CLI kept a session.
  let root: String
  /// Where files lie below the root.
  let files: [Pattern]
  /// A file in the home that means that sessions are kept in there, where nothing is looked up.
  let database: String?

  /// Folders below the root, all of a level, and what a file's name is around the id.
  struct Pattern: Sendable {
    /// How many levels of folders lie between the root and the file.
    var depth: Int
    var prefix = ""
    var suffix: String
    /// How many characters of the id the name has; nil for all.
    var idLength: Int?
  }

  /// The folder, directly below the root, that belongs to a workspace; nil where it has none.
  let folder: (@Sendable (_ workspace: String) -> String)?

  /// All that are known.
  ///
  /// Claude Code 2.1 and Codex 0.4 as run here; Gemini and OpenCode as their sources of early 2026
  /// have it.
  public static let all: [TranscriptLayout] = [
    TranscriptLayout(
      name: "claude", providers: ["claude", "claude_local", "claude-cli", "claude-code"],
      variable: "CLAUDE_CONFIG_DIR", home: ".claude", root: "projects",
      files: [Pattern(depth: 1, suffix: ".jsonl")], database: nil,
      folder: { path in
        String(path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
      }),
    TranscriptLayout(
      name: "codex", providers: ["codex", "codex_local", "codex-cli"], variable: "CODEX_HOME",
      home: ".codex", root: "sessions",
      files: [Pattern(depth: 3, prefix: "rollout-", suffix: ".jsonl")], database: nil,
      folder: nil),
    TranscriptLayout(
      name: "gemini", providers: ["gemini", "gemini_local", "gemini-cli"],
      variable: "GEMINI_HOME", home: ".gemini", root: "tmp",
      files: [
        Pattern(depth: 2, prefix: "session-", suffix: ".json", idLength: 8),
        Pattern(depth: 2, prefix: "session-", suffix: ".jsonl", idLength: 8),
      ], database: nil, folder: nil),
    TranscriptLayout(
      name: "opencode", providers: ["opencode", "opencode_local"], variable: "OPENCODE_DATA_DIR",
      home: ".local/share/opencode", root: "storage/session",
      files: [Pattern(depth: 1, suffix: ".json")], database: "opencode.db", folder: nil),
  ]

  /// The layout of a provider's sessions; nil for one that is not known.
  static func of(provider: String) -> TranscriptLayout? {
    all.first { $0.providers.contains(provider) }
  }
}
