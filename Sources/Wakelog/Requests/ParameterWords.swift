package import WakelogModel

/// Single parameters by their forms on the wire, for interfaces that do not take them as JSON.
///
/// Each throws what a call with that parameter throws.
package enum ParameterWords {
  /// Where a wake comes from.
  package static func source(_ word: String, at field: String) throws(WakelogError) -> Source {
    try ParameterForm<Source>.word.read(.string(word), field)
  }

  /// What a directory is.
  package static func workspaceKind(
    _ word: String, at field: String
  ) throws(WakelogError) -> WorkspaceKind {
    try ParameterForm<WorkspaceKind>.word.read(.string(word), field)
  }

  /// How an attempt ended.
  package static func outcome(
    _ word: String, at field: String
  ) throws(WakelogError) -> ReportedOutcome {
    try ParameterForm<ReportedOutcome>.word.read(.string(word), field)
  }

  /// What a session is configured with.
  package static func fingerprint(
    _ object: JSONObject, at field: String
  ) throws(WakelogError) -> NamedValues<String> {
    try ParameterForm<NamedValues<String>>.fingerprint.read(.object(object), field)
  }

  /// Names with truth values.
  package static func truths(
    _ object: JSONObject, at field: String
  ) throws(WakelogError) -> NamedValues<Bool> {
    try ParameterForm<NamedValues<Bool>>.truths.read(.object(object), field)
  }
}
