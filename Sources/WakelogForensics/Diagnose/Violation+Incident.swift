internal import WakelogModel

extension Violation {
  /// Looks at all that broke on a session together: of the incidents that its violations resemble
  /// one by one, the one that broke most of the same laws accounts for all of them that it broke.
  static func attributed(_ violations: [Violation]) -> [Violation] {
    let bySession = Dictionary(grouping: violations, by: \.session)
    return violations.map { violation in
      let all = bySession[violation.session] ?? []
      let laws = Set(all.map(\.law))
      let known = all.compactMap { KnownIncident(named: $0.incident) }
      let covered = known.map { laws.intersection($0.laws).count }
      guard let most = covered.max(), let index = covered.firstIndex(of: most),
        known[index].laws.contains(violation.law)
      else { return violation }
      var violation = violation
      violation.incident = known[index].name
      return violation
    }
  }

  /// The violation with the incident that a diagnosis of its whole record names for it.
  func attributed(in record: [Event]) -> Violation {
    var checker = LawChecker()
    for event in record { checker.observe(event) }
    checker.finish()
    let same = Self.attributed(checker.violations).first {
      $0.law == law && $0.session == session
    }
    var violation = self
    if let same { violation.incident = same.incident }
    return violation
  }
}
