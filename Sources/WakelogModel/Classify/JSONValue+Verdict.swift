/// Where CLIs put errors and verdicts in the documents that they print.
extension JSONValue {
  /// The objects of a document in which its verdict may stand: itself, and what it wraps.
  var verdictPlaces: [JSONValue] {
    var places = [self]
    for name in ["data", "result", "response", "outcome", "payload", "turn", "run"] {
      if let inner = self[name], inner.object != nil { places.append(inner) }
    }
    return places
  }

  /// Whether a document says anywhere that it is no success.
  var deniesSuccess: Bool { verdictPlaces.contains { $0.saysFailed } }

  private var saysFailed: Bool {
    for name in ["is_error", "isError"] where self[name]?.bool == true { return true }
    for name in ["success", "ok"] where self[name]?.bool == false { return true }
    for name in ["exitCode", "exit_code"] {
      if let code = self[name]?.integer, code != 0 { return true }
    }
    if self["error"]?.isSomething == true { return true }
    if self["subtype"]?.string?.lowercased().hasPrefix("error") == true { return true }
    if self["stop_reason"]?.string == "refusal" { return true }
    return ["status", "state", "outcome"].contains { name in
      self[name]?.string.map { failedStates.contains($0.lowercased()) } ?? false
    }
  }

  /// The errors that a document carries, itself or in what it wraps.
  var errorObjects: [JSONValue] { errorObjects(depth: 0) }

  private func errorObjects(depth: Int) -> [JSONValue] {
    if let error = self["error"], error.string != nil || error.object != nil, error.isSomething {
      return [error]
    }
    if let errors = self["errors"]?.array, !errors.isEmpty { return errors }
    guard depth < 3 else { return [] }
    var found: [JSONValue] = []
    for name in [
      "data", "params", "properties", "payload", "msg", "event", "response", "result", "turn",
      "run", "session", "info", "message", "part", "item",
    ] {
      guard let inner = self[name], inner.object != nil, inner["role"]?.string != "user",
        inner["tool"] == nil, inner["type"]?.string?.lowercased().contains("tool") != true
      else { continue }
      found += inner.errorObjects(depth: depth + 1)
    }
    return found
  }

  /// Whether it is more than null, nothing, false, or an empty text or object.
  var isSomething: Bool {
    switch self {
    case .null, .bool(false): false
    case .string(let text): !text.isEmpty
    case .array(let values): !values.isEmpty
    case .object(let object): !object.members.isEmpty
    default: true
    }
  }
}

/// What results call an end that is no success.
private let failedStates: Set<String> = [
  "error", "errored", "failed", "failure", "turn_limit", "max_turns", "cancelled", "canceled",
  "aborted", "interrupted", "timeout", "timed_out", "rejected", "blocked",
]
