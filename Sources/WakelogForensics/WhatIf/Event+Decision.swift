internal import WakelogModel

extension Event {
  /// A decision in a few words.
  func decisionWords(_ names: Names) -> String {
    switch body {
    case .wakeCoalesced: "the wake adds nothing to the open run"
    case .wakeDeferred: "the wake waits"
    case .wakeRefused(let refused): "the wake is refused (\(refused.because?.name ?? "unknown"))"
    case .attemptStarted(let start):
      (start.identity.exists ? "resume \(names.short(start.identity))" : "start fresh")
        + (start.workspace.exists ? " in \(names.text(start.workspace))" : "")
    case .runFinished(let finish):
      "the run is \(finish.outcome?.name ?? "over")"
        + (finish.failure.map { " (\($0.name))" } ?? "")
    case .sessionBound(let bound): "bind \(names.short(bound.identity))"
    case .sessionCleared(let cleared): "unbind \(names.short(cleared.identity))"
    case .sessionCondemned(let condemned): "condemn \(names.short(condemned.identity))"
    case .sessionReset(let reset): "reset (\(reset.cause?.name ?? "unknown"))"
    case .writeRejected(let rejected):
      "refuse \(names.short(rejected.reported)) (\(rejected.because?.name ?? "unknown"))"
    default: kindName
    }
  }

  /// Why it was decided so, as far as the event says.
  func decisionReason(_ names: Names) -> String? {
    switch body {
    case .attemptStarted(let start):
      if let reset = start.reset { return "reset by \(reset.name)" }
      return start.considered.last.map {
        "\($0.from?.name ?? "") \(names.short($0.identity)) is \($0.verdict?.name ?? "unknown")"
      }
    case .runFinished(let finish):
      return finish.cause.map { "ended by \($0.name)" }
        ?? finish.failure.map { "its last attempt was \($0.name)" }
    case .sessionCondemned(let condemned): return condemned.failure?.name
    case .sessionCleared(let cleared): return cleared.because?.name
    default: return nil
    }
  }
}

/// Names for people.
struct Names {
  /// The strings.
  let symbols: SymbolTable

  func text<Space>(_ symbol: Symbol<Space>) -> String { symbols.text(symbol) ?? "" }

  /// The beginning of an id: enough to know it again, too little to use it.
  func short(_ identity: IdentitySymbol) -> String {
    let id = text(identity)
    return id.count <= 12 ? id : "\(id.prefix(8))…"
  }
}
