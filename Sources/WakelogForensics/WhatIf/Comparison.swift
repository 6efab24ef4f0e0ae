public import WakelogModel
public import WakelogTesting

/// A record beside the replay of its facts: where they part first, and what each came to.
public struct Comparison {
  /// Where a key's replay parts from its record.
  public struct Divergence: Hashable, Sendable {
    /// The record's event; the last one of the key where the record has no more.
    public var sequence: SequenceNumber
    /// The key.
    public var session: String
    /// What was decided then; nil when nothing was.
    public var recorded: String?
    /// What is decided now; nil when nothing is.
    public var replayed: String?
    /// Why, as far as the replay's event says.
    public var because: String?
  }

  /// A total of a key that changed.
  public struct Change: Hashable, Sendable {
    /// The key.
    public var session: String
    /// The total's name.
    public var total: String
    /// As recorded.
    public var recorded: Int64
    /// As replayed.
    public var replayed: Int64
  }

  /// The policy or the host as it was.
  public var policy: String
  /// How many decisions the record has.
  public var decisions: Int
  /// The first divergence of each key, in the order of the record.
  public var divergences: [Divergence] = []
  /// What the record came to.
  public var recorded: Totals
  /// What the replay came to.
  public var replayed: Totals
  /// What got better, key by key, most first.
  public var better: [Change] = []
  /// What got worse.
  public var worse: [Change] = []
  /// The replay, as a log.
  public let replay: [Event]

  /// Decides a record's facts anew and holds the outcome against the record.
  ///
  /// Under the policies of the record and by the engine's own rules when both are left out.
  public init(
    _ record: [Event], _ texts: any SymbolTexts, policy: Policy? = nil,
    rules: any Deciding = CleanRules(), name: String? = nil
  ) {
    let symbols = SymbolTable(texts, usedIn: record)
    let replay = Counterfactual(
      record, NamedContext(symbols, policy: policy), rules: rules
    ).events
    self.policy = name ?? policy?.name ?? "as recorded"
    self.replay = replay
    let there = Tally(record)
    let here = Tally(replay)
    recorded = there.sum
    replayed = here.sum
    let old = DecisionReader(record)
    let new = DecisionReader(replay)
    decisions = old.count
    let names = Names(symbols: symbols)
    for session in Set(old.entries.keys).union(new.entries.keys) {
      let found = Self.divergence(
        old.entries[session] ?? [], new.entries[session] ?? [], names, session)
      if let found { divergences.append(found) }
      compare(
        there.totals[session] ?? Totals(), here.totals[session] ?? Totals(), names.text(session))
    }
    divergences.sort { ($0.sequence, $0.session) < ($1.sequence, $1.session) }
    better.sort(by: Self.isLarger)
    worse.sort(by: Self.isLarger)
  }

  private static func divergence(
    _ old: [DecisionReader.Entry], _ new: [DecisionReader.Entry], _ names: Names,
    _ session: SessionSymbol
  ) -> Divergence? {
    var index = 0
    while index < old.count, index < new.count,
      old[index].decision.agrees(with: new[index].decision)
    {
      index += 1
    }
    let there = index < old.count ? old[index].event : nil
    let here = index < new.count ? new[index].event : nil
    guard there != nil || here != nil else { return nil }
    return Divergence(
      sequence: there?.sequence ?? old.last?.event.sequence ?? .none,
      session: names.text(session), recorded: there?.decisionWords(names),
      replayed: here?.decisionWords(names), because: here?.decisionReason(names))
  }

  private mutating func compare(_ old: Totals, _ new: Totals, _ session: String) {
    for (there, here) in zip(old.named, new.named) where there.isBad {
      let change = Change(
        session: session, total: there.name, recorded: there.value, replayed: here.value)
      if here.value < there.value { better.append(change) }
      if here.value > there.value { worse.append(change) }
    }
  }

  private static func isLarger(_ left: Change, _ right: Change) -> Bool {
    let first = (left.replayed - left.recorded).magnitude
    let second = (right.replayed - right.recorded).magnitude
    if first != second { return first > second }
    return (left.session, left.total) < (right.session, right.total)
  }

  /// As PROTOCOL shows it, with what got better and worse besides.
  public var json: JSONValue {
    var object = JSONObject()
    object["policy"] = .string(policy)
    object["decisions"] = .integer(Int64(decisions))
    object["divergences"] = .array(divergences.map(\.json))
    object["recorded"] = recorded.json
    object["replayed"] = replayed.json
    object["better"] = .array(better.map(\.json))
    object["worse"] = .array(worse.map(\.json))
    return .object(object)
  }
}

extension Comparison.Divergence {
  /// As PROTOCOL shows it.
  public var json: JSONValue {
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return [
      "seq": .integer(Int64(clamping: sequence.value)), "session": .string(session),
      "recorded": text(recorded), "replayed": text(replayed), "because": text(because),
    ]
  }
}

extension Comparison.Change {
  /// As `replay --json` shows it.
  public var json: JSONValue {
    [
      "session": .string(session), "total": .string(total), "recorded": .integer(recorded),
      "replayed": .integer(replayed),
    ]
  }
}
