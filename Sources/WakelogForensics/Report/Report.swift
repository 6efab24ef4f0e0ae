public import WakelogModel

/// What there is to say about a log, or a part of it, to somebody who was not there.
public struct Report {
  /// What goes into a report.
  public struct Options: Sendable {
    /// The keys to show; all when empty.
    public var sessions: [String] = []
    /// The first moment to show.
    public var since: Instant?
    /// The last moment to show.
    public var until: Instant?
    /// Whether ids of provider sessions are shown whole. Whoever has one can enter its session.
    public var keepsFullIDs = false
    /// How many events are drawn; sessions beyond are folded into a list.
    public var drawnEvents = 10_000
    /// How many findings are explained.
    public var explainedFindings = 200

    /// All of a log, with shortened ids.
    public init() {}
  }

  /// A broken law, and the few events that led to it.
  struct Finding {
    var diagnosis: Diagnosis.Finding
    var session: SessionSymbol
    /// Nil where there are too many to explain them all.
    var explanation: Explanation?
  }

  /// A session in figures.
  struct Row {
    var session: SessionSymbol
    var events = 0
    var totals = Totals()
    var findings: [Int] = []
  }

  let options: Options
  /// How many events lie in the part that is shown.
  var events = 0
  var first: Instant?
  var last: Instant?
  /// How many agents the sessions belong to.
  var agents = 0
  var findings: [Finding] = []
  /// How many laws had been broken first before the part that is shown.
  var earlierFindings = 0
  /// Every session, those with findings first.
  var rows: [Row] = []
  /// The sessions that are drawn.
  var lanes: [SessionSymbol: Lane] = [:]
  /// The events that are listed one by one.
  var listed: Set<SequenceNumber> = []
  var totals = Totals()
  var activity = Activity()
  /// The same facts under other rules, of the whole log.
  var comparison: Comparison?
  let names: IdentityNames
  /// The state after the last event shown.
  let state: State

  /// How many sessions there are, and how many of them are drawn.
  var sessions: Int { rows.filter { $0.session.exists }.count }
}
