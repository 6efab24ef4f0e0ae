import WakelogModel

extension Core {
  /// How an attempt begins, as PROTOCOL shows it, from the event that says so.
  func planView(_ event: Event, fingerprint: FingerprintSymbol) -> JSONValue {
    guard case .attemptStarted(let start) = event.body else { return .null }
    var view = JSONObject()
    view.members.reserveCapacity(10)
    view.add("mode", .word(start.mode))
    view.add("sessionId", sessionId(start.identity))
    view.add("workspace", workspace(start.workspace, start.workspaceKind))
    view.add("params", params(start.params))
    view.add("generation", .count(event.generation.value))
    view.add("reset", start.reset.map { ["because": .string($0.name)] } ?? .null)
    view.add("drift", .array(drift(start.drift, fingerprint)))
    view.add("because", .string(start.explanation))
    let considered = start.considered.map { candidate -> JSONValue in
      [
        "from": .word(candidate.from), "sessionId": sessionId(candidate.identity),
        "verdict": .word(candidate.verdict),
        "because": .text(candidate.verdict?.explanation),
      ]
    }
    view.add("considered", .array(considered))
    return .object(view)
  }

  private func drift(
    _ recorded: FingerprintSymbol, _ given: FingerprintSymbol
  ) -> [JSONValue] {
    guard recorded.exists, given.exists else { return [] }
    return differingNames(context.fingerprint(recorded), context.fingerprint(given))
      .map { .string($0) }
  }
}

extension AttemptStarted {
  /// Why the attempt begins so, in a sentence.
  var explanation: String {
    switch (mode, from) {
    case (.resume, .explicit): "the caller asked for this session, and nothing speaks against it"
    case (.resume, .bound): "the key points to this session, and nothing speaks against it"
    case (.resume, _): "the agent's latest session on another key can be resumed"
    case (_, _):
      if let reset {
        "this wake began a new generation: \(reset.name)"
      } else if considered.isEmpty {
        ordinal > 1 ? "the attempt before failed" : "there is no session to resume"
      } else {
        "no candidate could be offered"
      }
    }
  }
}

extension Verdict {
  /// What the verdict means, in a sentence.
  var explanation: String {
    switch self {
    case .condemned: "it was seen that this id cannot be resumed"
    case .unproven: "no attempt ever entered this session"
    case .provider: "it belongs to another provider"
    case .host: "it was made on another host, and the policy binds sessions to theirs"
    case .reset: "it is of before the key's last reset"
    case .rotated: "the policy rotated it out"
    case .fingerprint: "it was made under another configuration"
    case .transcript: "its transcript is gone"
    case .workspace: "it lives in another workspace"
    case .inUse: "an open run holds it"
    case .offered: "nothing speaks against it"
    }
  }
}
