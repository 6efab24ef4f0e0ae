/// How the rows of the table are written.
extension OutputRule {
  /// A rule for documents where each place has one of the values.
  static func on(
    _ when: KeyValuePairs<String, JSONValue>, unless: KeyValuePairs<String, JSONValue> = [:],
    _ fill: (inout OutputRule) -> Void
  ) -> OutputRule {
    var rule = OutputRule(when: conditions(when), unless: conditions(unless))
    fill(&rule)
    return rule
  }

  private static func conditions(_ pairs: KeyValuePairs<String, JSONValue>) -> [Condition] {
    pairs.map { path, value in
      Condition(path: JSONPath(stringLiteral: path), values: value.array ?? [value])
    }
  }
}
