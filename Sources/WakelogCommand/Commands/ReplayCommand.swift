internal import WakelogForensics
internal import WakelogModel
internal import WakelogTesting

extension Command {
  static let replay = Command(
    name: "replay",
    summary: "Decide a log's facts anew under another policy, and compare",
    about: """
      Would another policy have helped? What hosts and operators did stays as it was; what follows \
      from it is decided anew. Where the replay does something else than was done, the log \
      answers: an id that never worked after a point does not work in the replay either, and a \
      fresh attempt does as the recorded ones did. Shows where each session parts from the record \
      first, what both came to, and what got worse as well as better. NAME is a policy, a JSON \
      file, or a host as it was: \(AsItWas.all.map(\.name).joined(separator: ", ")). Left out, the \
      policies of the log: then nothing should differ.
      """,
    options: [
      .log, .archive,
      Option(
        name: "--policy", value: "NAME|FILE", help: "the policy, or the host as it was, to go by"),
    ],
    examples: [
      "wakelog replay --policy standard --log /var/lib/agents/log",
      "wakelog replay --policy archon@before-1294 --log /tmp/imported",
    ],
    run: { invocation in
      let rules = try invocation.otherRules()
      return try invocation.withIncidentLog { log in
        let comparison = Comparison(try log.events(), log, rules: rules ?? OtherRules())
        printOut(
          invocation.wantsJSON ? comparison.json.text + "\n" : page(of: comparison))
        return .done
      }
    })

  private static func page(of comparison: Comparison) -> String {
    var text = ""
    if comparison.divergences.isEmpty {
      text += "All \(comparison.decisions) decisions are as recorded.\n\n"
    } else {
      var table = Table([">EVENT", "SESSION", "RECORDED", "REPLAYED", "BECAUSE"])
      for one in comparison.divergences {
        table.add([
          .init("\(one.sequence.value)"), .init(one.session), .init(one.recorded ?? "nothing"),
          .init(one.replayed ?? "nothing"), .init(one.because ?? "-", .dim),
        ])
      }
      text += table.text() + "\n"
    }
    var totals = Table(["", ">RECORDED", ">REPLAYED"])
    for (there, here) in zip(rows(comparison.recorded), rows(comparison.replayed)) {
      totals.add([.init(there.name), .init(there.value), .init(here.value)])
    }
    text += totals.text() + "\n"
    text += changes("better", comparison.better, .green)
    text += changes("worse", comparison.worse, .red)
    return text
  }

  private static func rows(_ totals: Totals) -> [(name: String, value: String)] {
    [
      ("runs", "\(totals.runs)"), ("failed runs", "\(totals.failedRuns)"),
      ("attempts", "\(totals.attempts)"), ("dead resumes", "\(totals.deadResumes)"),
      ("cold starts", "\(totals.coldStarts)"), ("stale writes", "\(totals.staleWrites)"),
      ("wedged", Span.words(seconds: totals.wedgedMilliseconds / 1_000)),
    ]
  }

  /// The largest changes; the rest are counted.
  private static func changes(
    _ word: String, _ changes: [Comparison.Change], _ style: Style
  ) -> String {
    guard !changes.isEmpty else { return "" }
    var table = Table([word.uppercased(), "SESSION", ">RECORDED", ">REPLAYED"])
    for change in changes.prefix(10) {
      let isTime = change.total == "wedgedMilliseconds"
      let name = Totals.words(change.total)
      func value(_ number: Int64) -> String {
        guard isTime else { return "\(number)" }
        return Span.words(seconds: number / 1_000)
      }
      table.add([
        .init(name, style), .init(change.session), .init(value(change.recorded)),
        .init(value(change.replayed)),
      ])
    }
    let more = changes.count > 10 ? "and \(changes.count - 10) more; --json lists them\n" : ""
    return table.text() + more + "\n"
  }
}

extension Totals {
  /// A total's name for people.
  fileprivate static func words(_ name: String) -> String {
    switch name {
    case "failedRuns": "failed runs"
    case "deadResumes": "dead resumes"
    case "coldStarts": "cold starts"
    case "staleWrites": "stale writes"
    case "wedgedMilliseconds": "time wedged"
    default: name
    }
  }
}

/// What a record is held against: a policy, or a host as it was.
struct OtherRules {
  /// The policy; nil for those of the log.
  var policy: Policy?
  /// The host; nil for the engine's own rules.
  var past: AsItWas?
}

extension Invocation {
  /// What `--policy` names; nil when it was not given.
  func otherRules() throws -> OtherRules? {
    guard let name = value("--policy") else { return nil }
    if let past = AsItWas(named: name) {
      return OtherRules(policy: Policy.builtIn(named: past.host.policy), past: past)
    }
    guard name.contains("@"), readFile(name) == nil else {
      return OtherRules(policy: try readPolicy(name))
    }
    throw CommandError.usage(
      "no host as it was is called '\(name)'; there are "
        + AsItWas.all.map(\.name).joined(separator: ", "))
  }
}

extension Comparison {
  /// Holds a record against other rules.
  init(_ record: [Event], _ texts: any SymbolTexts, rules: OtherRules) {
    self.init(
      record, texts, policy: rules.policy, rules: rules.past ?? CleanRules(),
      name: rules.past?.host.name)
  }
}
