/// What a CLI prints that the failure table does not know, and the kind of failure that it means.
public struct TaughtFailure: Sendable, Hashable {
  /// What it means.
  public internal(set) var kind: FailureKind
  /// Alternatives of text, in the language of the failure table: `*` is any gap within a line, `@`
  /// one or two words, `<` and `>` the ends of a word, `^` and `$` those of the line's own words.
  public internal(set) var patterns: [String] = []
  /// Text that, in the same line, shows that something else is meant.
  public internal(set) var exclude: [String] = []
  /// Symbolic codes.
  public internal(set) var codes: [String] = []
  /// Exit codes, of which one must be given too; empty for any.
  public internal(set) var exitCodes: [Int64] = []

  /// The kinds that a text can tell.
  static var kinds: [FailureKind] {
    FailureKind.allCases.filter { $0 != .missingTranscript && $0 != .wrongWorkspace }
  }
}

extension TaughtFailure {
  init(json document: JSONObject, at path: String) throws(ProviderError) {
    var members = DocumentMembers(document, at: path)
    let name = try members.string("kind") ?? ""
    guard let kind = Self.kinds.first(where: { $0.name == name }) else {
      throw ProviderError(
        members.field("kind"), "must be one of \(Self.kinds.map(\.name).joined(separator: ", "))")
    }
    self.kind = kind
    patterns = try Self.patterns("patterns", &members)
    exclude = try Self.patterns("exclude", &members)
    codes = try members.strings("codes").map { $0.lowercased() }
    exitCodes = try Self.exitCodes(&members)
    guard !patterns.isEmpty || !codes.isEmpty || !exitCodes.isEmpty else {
      throw ProviderError(path, "needs patterns, codes or exitCodes to know the failure by")
    }
    try members.end()
  }

  /// Patterns as the texts are that they are looked for in.
  private static func patterns(
    _ name: String, _ members: inout DocumentMembers
  ) throws(ProviderError) -> [String] {
    let patterns = try members.strings(name).map(normalPattern)
    for (index, pattern) in patterns.enumerated() where !canMatch(pattern) {
      throw ProviderError(
        members.field("\(name)[\(index)]"),
        "needs a text of three letters or more before any @: the words that are printed")
    }
    return patterns
  }

  /// Whether a pattern begins with a text, which is looked for first, and says more than marks do.
  private static func canMatch(_ pattern: String) -> Bool {
    let texts = pattern.split { "*@<>^$".contains($0) }
    guard let first = pattern.first(where: { !"<^* ".contains($0) }), first != "@" else {
      return false
    }
    return texts.contains { text in
      text.count { !$0.isWhitespace } >= 3 || !text.utf8.allSatisfy { $0 < 0x80 }
    }
  }

  private static func exitCodes(
    _ members: inout DocumentMembers
  ) throws(ProviderError) -> [Int64] {
    guard let value = members.value("exitCodes"), !value.isNull else { return [] }
    let codes = value.array?.compactMap(\.integer)
    guard let codes, codes.count == value.array?.count else {
      throw ProviderError(members.field("exitCodes"), "must be a list of numbers: [3]")
    }
    return codes
  }

  var json: JSONValue {
    var document = JSONObject()
    document["kind"] = .string(kind.name)
    if !patterns.isEmpty { document["patterns"] = .strings(patterns) }
    if !exclude.isEmpty { document["exclude"] = .strings(exclude) }
    if !codes.isEmpty { document["codes"] = .strings(codes) }
    if !exitCodes.isEmpty { document["exitCodes"] = .array(exitCodes.map(JSONValue.integer)) }
    return .object(document)
  }
}

extension Provider {
  /// The kind of failure that the row's own texts mean, if any of them decides; nil where only the
  /// failure table does.
  ///
  /// Tell it to the engine as `finish`'s `errorCode`: a kind's own name there decides before every
  /// text.
  public func taughtKind(_ traces: Traces) -> FailureKind? {
    guard !failures.isEmpty else { return nil }
    let entries = failures.map { failure in
      FailureEntry(
        taught: failure.kind, exitCodes: failure.exitCodes, codes: failure.codes,
        patterns: failure.patterns, exclude: failure.exclude)
    }
    let verdict = classify(traces, taught: entries)
    return verdict.because == FailureEntry.taughtId ? verdict.kind : nil
  }
}
