internal import WakelogModel

extension Demo {
  /// Numbers for strings, given in the order of asking.
  struct Symbols: SymbolNumbers {
    private var texts: [Namespace: [[UInt8]]] = [:]
    private var places: [Namespace: [[UInt8]: UInt32]] = [:]

    mutating func number(_ namespace: Namespace, _ bytes: [UInt8]) -> UInt32 {
      if let known = places[namespace]?[bytes] { return known }
      texts[namespace, default: []].append(bytes)
      let number = UInt32(texts[namespace]?.count ?? 0)
      places[namespace, default: [:]][bytes] = number
      return number
    }

    func text(_ session: SessionSymbol) -> String? {
      guard session.exists, let all = texts[.session], Int(session.number) <= all.count else {
        return nil
      }
      return String(decoding: all[Int(session.number) - 1], as: UTF8.self)
    }
  }

  /// A law broken on a session, in words.
  struct Breach {
    var law: Law
    var session: String
    var event: UInt64
    var count: Int
    var because: String
  }

  /// Holds the lines of a log against the laws.
  static func breaches(of lines: [JSONValue], suspectLimit: Int) throws -> [Breach] {
    var symbols = Symbols()
    var checker = LawChecker(suspectLimit: suspectLimit)
    for line in lines {
      checker.observe(try ImportedEvent(json: line, numbers: &symbols) { _ in .none }.event)
    }
    checker.finish()
    return checker.violations.map {
      Breach(
        law: $0.law, session: symbols.text($0.session) ?? "", event: $0.sequence.value,
        count: $0.count, because: $0.because)
    }
  }
}

extension Demo.Words {
  /// The number by which the documentation knows a law.
  static func number(of law: Law) -> Int { (Law.allCases.firstIndex(of: law) ?? 0) + 1 }

  /// A law's name.
  static func name(of law: Law) -> String {
    switch law {
    case .deadStaysDead: "Dead stays dead"
    case .proofBeforeResume: "Proof before resume"
    case .resetIsAWall: "A reset is a wall"
    case .lastAttemptDecides: "The last attempt decides"
    case .sessionInItsWorkspace: "A session lives in its workspace"
    case .oneOpenRun: "One open run"
    case .everyWakeSettles: "Every wake settles, and failing twice changes something"
    case .infrastructureIsNotTheAgent: "Infrastructure is not the agent's fault"
    case .staleWritersLose: "Stale writers lose"
    case .replayEqualsLive: "Replay equals live"
    }
  }
}
