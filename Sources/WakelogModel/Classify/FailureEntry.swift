/// One line of the failure table: what to look for, where, and what it means.
///
/// It applies when each condition given (`providers`, `statuses`, `exitCodes`) holds and, if it has
/// codes or patterns, one of them is found where no exclusion is found in the same line.
public struct FailureEntry: Sendable, Identifiable {
  /// The stable name that a classification gives as its reason.
  public let id: String
  /// What it means.
  public let kind: FailureKind
  /// Words of the provider's name, one of which it must have; none for any. An attempt without
  /// provider fits no entry that names some.
  public let providers: [String]
  /// Where its patterns count.
  public let streams: Set<TraceStream>
  /// HTTP statuses it asks for.
  public let statuses: [ClosedRange<Int64>]
  /// Exit codes it asks for.
  public let exitCodes: [Int64]
  /// Symbolic codes, lower case, compared as a whole.
  public let codes: [String]
  /// Alternatives of text, lower case; `*` `@` `<` `>` `^` `$` `&&` have a meaning of their own.
  public let patterns: [String]
  /// Text that, in the same line, shows that something else is meant.
  public let exclude: [String]
  /// Whether only this failure is ever reported so, which makes it count beside an exit code of 0.
  public let isCertain: Bool
  /// Where it was seen.
  public let source: String
  /// The first version of the CLI it was seen in, where known.
  public let firstVersion: String?
  /// The last version of the CLI it was seen in, where known.
  public let lastVersion: String?

  let compiled: [Pattern]
  let compiledExclude: [Pattern]

  init(
    _ id: String, _ kind: FailureKind, providers: [String] = [],
    streams: Set<TraceStream> = Set(TraceStream.allCases), statuses: [ClosedRange<Int64>] = [],
    exitCodes: [Int64] = [], codes: [String] = [], _ patterns: [String] = [],
    exclude: [String] = [], certain: Bool = false, source: String, firstVersion: String? = nil,
    lastVersion: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.providers = providers
    self.streams = streams
    self.statuses = statuses
    self.exitCodes = exitCodes
    self.codes = codes
    self.patterns = patterns
    self.exclude = exclude
    self.isCertain = certain
    self.source = source
    self.firstVersion = firstVersion
    self.lastVersion = lastVersion
    compiled = patterns.map(Pattern.init)
    compiledExclude = exclude.map(Pattern.init)
  }
}

extension FailureEntry {
  /// The CLI whose own text it is, which its name ends with; nil for one of many.
  var cli: String? {
    let name = id.split(separator: ".").last.map(String.init) ?? ""
    return Self.clis.contains(name) ? name : nil
  }

  /// The CLIs that have texts of their own here.
  static let clis: Set<String> = [
    "claude", "codex", "gemini", "opencode", "copilot", "cursor", "qwen", "goose", "kimi", "crush",
    "amp", "droid", "grok", "acp",
  ]

  /// What a classification gives as its reason where an entry decided that a caller taught.
  public static let taughtId = "taught"

  /// An entry of a caller's own, for ``classify(_:taught:)``: it stands before the table.
  public init(
    taught kind: FailureKind, exitCodes: [Int64] = [], codes: [String] = [],
    patterns: [String] = [], exclude: [String] = []
  ) {
    self.init(
      Self.taughtId, kind, exitCodes: exitCodes, codes: codes, patterns, exclude: exclude,
      certain: true, source: Self.taughtId)
  }
}

/// The table that the classifier reads, as data.
public enum FailureTable {
  /// All entries in order of precedence: the first that applies decides.
  ///
  /// 0. A kind that the host itself gives for a code.
  /// 1. What a CLI states about its own run: turns used up, a refusal.
  /// 2. Sign-in texts that speak of sessions, then the session family, most particular first, and
  ///    calls that the CLI itself refused.
  /// 3. Limits of plans that renew; statuses 402 and 429 with the text that tells money from limits; money; overflow of
  ///    context.
  /// 4. Revoked credentials, statuses 401 and 403, models, limits, load.
  /// 5. Wrong requests, credentials, networks, timeouts, servers, lost processes.
  /// 6. Bare statuses, bare types of API errors, exit codes.
  public static let entries: [FailureEntry] =
    toldEntries + runEntries + signInEntries + heldSessionEntries + unusableSessionEntries
    + unknownSessionEntries + unknownSessionByProviderEntries + callEntries + renewingEntries
    + paymentStatusEntries + billingEntries + overflowEntries + revokedEntries + accessStatusEntries
    + modelEntries
    + limitEntries + overloadEntries + requestEntries + authenticationEntries + serverEntries
    + networkEntries + timeoutEntries + processEntries + statusEntries + typeEntries
    + exitCodeEntries
}
