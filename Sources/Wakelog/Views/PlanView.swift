import WakelogModel

/// How an attempt begins, as PROTOCOL shows it, from the event that says so.
struct PlanView: ObjectResult {
  let core: Core
  let start: AttemptStarted
  let generation: Generation
  let fingerprint: FingerprintSymbol
  private let session: SessionSymbol

  /// The plan of an event; nil for events of other kinds.
  init?(_ core: Core, _ event: Event, fingerprint: FingerprintSymbol) {
    guard case .attemptStarted(let start) = event.body else { return nil }
    self.core = core
    self.start = start
    generation = event.generation
    session = event.session
    self.fingerprint = fingerprint
  }

  func show<Sink: Members>(in view: inout Sink) {
    let names = core.names
    view.add("mode", start.mode)
    view.add("sessionId", names.text(start.identity))
    view.add("workspace", names.text(start.workspace), kind: start.workspaceKind)
    view.add("params", core.params(start.params))
    view.add("generation", generation.value)
    if let cause = start.reset {
      view.add("reset") { $0.add("because", cause.name) }
    } else {
      view.addNull("reset")
    }
    view.add("drift", .array(drift))
    view.add("beside", start.flags.contains(.beside))
    view.add("because", start.explanation)
    view.add("considered", objects: start.considered) { candidate, item in
      item.add("from", candidate.from)
      item.add("sessionId", names.text(candidate.identity))
      item.add("verdict", candidate.verdict)
      let passedOver = newerBinding(than: candidate).map {
        "nothing speaks against it, but the key has moved on to \($0) since, which is passed over; "
          + "leave `resume` out to go on there"
      }
      item.add("because", passedOver ?? candidate.verdict?.explanation)
    }
  }

  /// What the key points to, where that is newer than an id that the caller asks for: hosts that ask
  /// for the same id with every wake lose what came after it.
  private func newerBinding(than candidate: Considered) -> String? {
    guard candidate.from == .explicit, candidate.verdict == .offered else { return nil }
    let asked = core.state.identities[candidate.identity.number]
    let bound = core.state.binding(of: session, with: asked.provider).identity
    guard bound.exists, bound != candidate.identity,
      core.state.identities[bound.number].lastBound > asked.lastBound
    else { return nil }
    return core.names.text(bound)
  }

  /// The names in which what was recorded differs from what was given.
  private var drift: [JSONValue] {
    guard start.drift.exists, fingerprint.exists else { return [] }
    let context = core.context
    return differingNames(context.fingerprint(start.drift), context.fingerprint(fingerprint))
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
      if flags.contains(.beside) {
        "somebody else is in the session: this attempt runs beside it, and leaves it as it is"
      } else if let reset {
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
