public import WakelogModel
internal import WakelogTesting

/// A violation as a test: the fewest things that have to come from outside for a host as it was to
/// break the law, which the engine keeps.
///
/// Without any one of its steps the law is kept.
public struct Story {
  /// The law.
  public let law: Law
  /// The rules under which it breaks: a host as it was, or a known bug.
  public let behaviour: String
  /// How many steps.
  public var count: Int { steps.count }

  private let rulesInSwift: String
  private let policy: String
  private let minimum: Minimum
  private var steps: [Step]

  /// Tells a record's violation as a story; nil when no rules that are known break the law so.
  ///
  /// Ids of provider sessions are what they are in `texts`.
  public init?(_ minimum: Minimum, of record: [Event], _ texts: any SymbolTexts) {
    let symbols = SymbolTable(texts, usedIn: record)
    let context = NamedContext(symbols)
    let end = minimum.sequences.last ?? .none
    let facts = OutsideFactReader.facts(of: record.filter { $0.sequence <= end }, context)
    let sessions = Set(minimum.events.map(\.session))
    let named = Set(minimum.sequences)
    // The facts of the smallest list first; then ever more of what came before.
    let own = facts.filter { !$0.session.exists || sessions.contains($0.session) }
    var lists = [own.filter { named.contains($0.sequence) }]
    for length in [16, 64, 256, 1_024] where length < own.count {
      lists.append(own.suffix(length))
    }
    lists.append(own)
    let told = lists.map { StepReader($0, symbols).steps }
    for culprit in Culprit.all(like: minimum.recorded.incident) {
      for steps in told where Self.breaks(steps, minimum.violation, culprit) {
        law = minimum.violation.law
        behaviour = culprit.name
        rulesInSwift = culprit.swift
        policy = culprit.policy
        self.minimum = minimum
        self.steps = steps
        reduce(culprit)
        return
      }
    }
    return nil
  }

  /// Whether rules make of the steps what the record shows: the same deed against the same law.
  private static func breaks(
    _ steps: [Step], _ violation: Violation, _ culprit: Culprit
  ) -> Bool {
    let world = World(policy: .builtIn(named: culprit.policy), rules: culprit.rules)
    var stage = Step.Stage()
    for step in steps { step.play(on: world, &stage) }
    return world.violations().contains {
      $0.law == violation.law && $0.deed == violation.deed
    }
  }

  private mutating func reduce(_ culprit: Culprit) {
    var size = max(1, steps.count / 2)
    while true {
      let before = steps.count
      var end = steps.count
      while end > 0 {
        let start = max(0, end - size)
        let rest = Array(steps[..<start] + steps[end...])
        if Self.breaks(rest, minimum.violation, culprit) { steps = rest }
        end = start
      }
      if size > 1 { size /= 2 } else if steps.count == before { return }
    }
  }

  /// The story as a file of Swift Testing that needs `WakelogModel` and `WakelogTesting` alone.
  public var swift: String {
    var last: Step.RunName?
    var lines: [String] = []
    var named: Set<Step.RunName> = []
    var latest: Step.RunName?
    for step in steps {
      if case .wake = step.deed { latest = step.name }
      if let run = step.run, run != latest { named.insert(run) }
    }
    for step in steps {
      if case .wake = step.deed { last = step.name }
      lines.append(
        "    "
          + step.swift(isNamed: named.contains(step.name)) { $0 == last ? nil : "run\($0)" })
    }
    let incident = minimum.recorded.incident.map { ", like \($0)" } ?? ""
    return """
      import Testing
      import WakelogModel
      import WakelogTesting

      // \(law.rawValue)\(incident): \(minimum.violation.because).
      // Cut down from a record whose event \(minimum.recorded.sequence.value) broke the law first.
      struct \(typeName)Tests {
        /// What came from outside.
        private func happen(in world: World) {
      \(lines.joined(separator: "\n"))
        }

        private func keepsTheLaw(_ rules: any Deciding) {
          // Given
          let world = World(policy: .builtIn(named: \(policy.literal)), rules: rules)
          // When
          happen(in: world)
          // Then
          #expect(!world.brokenLaws.contains(.\(law.rawValue)), "\\(world.violations())")
        }

        @Test func `the engine keeps the law`() {
          keepsTheLaw(CleanRules())
        }

        @Test func `\(behaviour) broke it`() {
          withKnownIssue { keepsTheLaw(\(rulesInSwift)) }
        }
      }

      """
  }

  private var typeName: String {
    let words = (minimum.recorded.incident ?? behaviour).split { !$0.isLetter && !$0.isNumber }
    return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      + law.rawValue.prefix(1).uppercased() + law.rawValue.dropFirst()
  }
}

/// Rules that are known to break laws.
struct Culprit {
  var name: String
  var swift: String
  var policy: String
  var rules: any Deciding

  /// All of them; first those of the host that an incident is told of.
  static func all(like incident: String?) -> [Culprit] {
    let host = incident?.prefix { $0 != "#" }
    let hosts = AsItWas.all.map {
      Culprit(
        name: $0.name, swift: "AsItWas(\(type(of: $0))())", policy: $0.policy,
        rules: AsItWas($0))
    }
    let number = incident?.split(separator: "#").last
    let rank: (Culprit) -> Int = { culprit in
      if let number, culprit.name.hasSuffix(number) { return 0 }
      if let host, culprit.name.hasPrefix(host) { return 1 }
      return 2
    }
    let mutants = Mutant.allCases.map {
      Culprit(
        name: "the bug \($0.rawValue)", swift: "Mutant.\($0.rawValue)", policy: "standard",
        rules: $0)
    }
    return (0...2).flatMap { wanted in hosts.filter { rank($0) == wanted } } + mutants
  }
}
