import WakelogModel

/// One thing that a state says, which an explanation accounts for.
struct StateFact {
  /// What it is, in words that complete "without it, … would be another".
  var name: String
  /// Whether it matters when it last became so, and not only that it is.
  var since = true
  /// Reads it out of a state.
  var read: (State) -> [UInt64]
}

extension StateFact {
  /// A fact of a session's row.
  static func session(
    _ symbol: SessionSymbol, _ name: String, since: Bool = true,
    _ read: @escaping (SessionRow) -> [UInt64]
  ) -> StateFact {
    StateFact(name: name, since: since) { read($0.sessions[symbol.number]) }
  }

  /// A fact of a session's open run; zeros while none is open.
  static func run(
    _ symbol: SessionSymbol, _ name: String, since: Bool = true,
    _ read: @escaping (RunRow) -> [UInt64]
  ) -> StateFact {
    StateFact(name: name, since: since) { state in
      let run = state.openRun(of: symbol)
      return [run == nil ? 0 : 1] + read(run ?? RunRow())
    }
  }

  /// A fact of a provider session's row.
  static func identity(
    _ symbol: IdentitySymbol, _ name: String, since: Bool = true,
    _ read: @escaping (IdentityRow) -> [UInt64]
  ) -> StateFact {
    StateFact(name: name, since: since) { read($0.identities[symbol.number]) }
  }

  /// The wake that has no disposition yet, or waits.
  static func wake(_ symbol: SessionSymbol) -> StateFact {
    StateFact(name: "the wake", since: false) { state in
      let row = state.sessions[symbol.number]
      return [
        state.pendings[row.arriving].run.value, state.pendings[row.pending].run.value,
        state.openRun(of: symbol)?.run.value ?? 0,
      ]
    }
  }

  /// What the key points to.
  static func bound(_ symbol: SessionSymbol) -> StateFact {
    StateFact(name: "what the key points to") { state in
      state.bindings(of: symbol).map { UInt64($0.identity.number) }
    }
  }

  /// The id of this generation that the key gave up last, and whether it is dead.
  static func givenUp(_ symbol: SessionSymbol) -> StateFact {
    StateFact(name: "the id that died") { state in
      let row = state.sessions[symbol.number]
      let id = state.condemnations[row.condemnations].identity
      let identity = state.identities[id.number]
      guard id.exists, identity.condemnedAt >= row.generationBegan else { return [] }
      return [UInt64(id.number), code(identity.condemned), code(identity.condemnedFailure)]
    }
  }

  /// The last reset.
  static func wall(_ symbol: SessionSymbol) -> StateFact {
    session(symbol, "the last reset") { [$0.wall.value] }
  }

  /// Whether an id is condemned, and why.
  static func condemned(_ symbol: IdentitySymbol) -> StateFact {
    identity(symbol, "that the id is condemned") {
      [code($0.condemned), code($0.condemnedFailure)]
    }
  }

  /// Whether an id may be offered as far as proof goes.
  static func proven(_ symbol: IdentitySymbol) -> StateFact {
    identity(symbol, "that the id is proven") { [$0.isProven ? 1 : 0, $0.isVouched ? 1 : 0] }
  }

  /// How the open run's last attempt ended.
  static func ended(_ symbol: SessionSymbol) -> StateFact {
    run(symbol, "how the attempt ended") {
      [code($0.lastOutcome), $0.hasEntered ? 1 : 0, UInt64($0.entered.number)]
    }
  }

  /// The attempt under way, and the id that it asked for.
  static func attempt(_ symbol: SessionSymbol) -> StateFact {
    run(symbol, "the attempt") { [$0.attempt.value, UInt64($0.asked.number)] }
  }
}

/// A word of a closed set as a number; 0 for none.
func code<Code: FieldCode>(_ value: Code?) -> UInt64 { UInt64(value?.rawValue ?? 0) }
