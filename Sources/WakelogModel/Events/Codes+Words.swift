// The words of every code, each list made when it is first asked for.

extension FieldCode {
  /// The names of the cases as they are spelt in the source, which is how they are on the wire.
  fileprivate static func spelled() -> [String] {
    let highest = allCases.map(\.rawValue).max() ?? 0
    var words = [String](repeating: "", count: Int(highest) + 1)
    for code in allCases {
      // Swift prints a case that is also a keyword with or without its back quotes.
      words[Int(code.rawValue)] = String(describing: code).filter { $0 != "`" }
    }
    return words
  }
}

extension Source {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension FailureKind {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension WorkspaceKind {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension Mode {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension CandidateSource {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension Verdict {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension ResetCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension Proof {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension Outcome {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension Via {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension EndCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension RefusalCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension ClearCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension CondemnCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension FallbackCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension RejectCause {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension UpgradeStep {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension WritingMethod {
  /// See `FieldCode.words`.
  public static let words = spelled()
}

extension Seen {
  /// See `FieldCode.words`.
  public static let words = spelled()
}
