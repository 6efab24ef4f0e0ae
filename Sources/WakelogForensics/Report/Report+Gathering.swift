public import Wakelog
import WakelogModel

extension IncidentLog {
  /// Looks through the log for a report.
  ///
  /// Takes memory for the events between the moments of the options. Throws `notFound` for a key
  /// that the log does not know.
  ///
  /// - Parameters:
  ///   - comparison: The facts of the log under other rules, to be shown beside the record.
  ///   - progress: Is told now and then how many events were read.
  public func report(
    _ options: Report.Options = .init(), beside comparison: Comparison? = nil,
    progress: (UInt64) -> Void = { _ in }
  ) throws(WakelogError) -> Report {
    var chosen: Set<SessionSymbol> = []
    for key in options.sessions { chosen.insert(try session(key)) }
    let diagnosis = try diagnose(progress: progress)
    let events = try shownEvents(options)
    let end = try state(at: events.last?.sequence ?? last)
    var report = Report(options: options, names: identityNames(options, end), state: end)
    let shown = events.filter { chosen.isEmpty || chosen.contains($0.session) }
    report.comparison = comparison
    report.count(shown)
    try addFindings(of: diagnosis, on: chosen, to: &report)
    report.sortRows()
    try draw(events, in: &report)
    return report
  }

  private func shownEvents(_ options: Report.Options) throws(WakelogError) -> [Event] {
    var events: [Event] = []
    try forEachEvent { event in
      if options.since.map({ event.at < $0 }) != true,
        options.until.map({ $0 < event.at }) != true
      {
        events.append(event)
      }
      return true
    }
    return events
  }

  private func identityNames(_ options: Report.Options, _ state: State) -> IdentityNames {
    guard !options.keepsFullIDs else { return IdentityNames() }
    let count = UInt32(state.identities.count)
    return IdentityNames(
      shortening: (0...count).lazy.compactMap { self.text(IdentitySymbol($0)) })
  }

  private func addFindings(
    of diagnosis: Diagnosis, on chosen: Set<SessionSymbol>, to report: inout Report
  ) throws(WakelogError) {
    let places = Dictionary(
      uniqueKeysWithValues: report.rows.enumerated().map { ($1.session, $0) })
    for finding in diagnosis.findings {
      let symbol = try finding.session.map { key throws(WakelogError) in try self.session(key) }
      let session = symbol ?? .none
      guard chosen.isEmpty || chosen.contains(session) else { continue }
      guard report.covers(finding.since) else {
        if report.isBefore(finding.since) { report.earlierFindings += 1 }
        continue
      }
      let isExplained = report.findings.count < report.options.explainedFindings
      if let place = places[session] { report.rows[place].findings.append(report.findings.count) }
      report.findings.append(
        Report.Finding(
          diagnosis: finding, session: session,
          explanation: isExplained ? try why(finding.sequence) : nil))
    }
  }

  /// Draws the sessions that come first, until so many events are drawn.
  private func draw(_ events: [Event], in report: inout Report) throws(WakelogError) {
    var rest = report.options.drawnEvents
    var sessions: [SessionSymbol] = []
    for row in report.rows {
      guard rest > 0 else { break }
      sessions.append(row.session)
      rest -= row.events
    }
    guard let first = events.first else { return }
    var findings: [SequenceNumber: [(place: Int, session: SessionSymbol)]] = [:]
    for (place, finding) in report.findings.enumerated() {
      findings[finding.diagnosis.sequence, default: []].append((place, finding.session))
    }
    let before = try state(at: SequenceNumber(first.sequence.value - 1))
    var reader = LaneReader(sessions, after: before, findings: findings)
    for event in events { reader.observe(event) }
    for (session, lane) in reader.lanes {
      let lane = lane.condensed(listing: report.options.drawnEvents)
      report.listed.formUnion(lane.listed.map(\.sequence))
      report.lanes[session] = lane
    }
  }
}

extension Report {
  fileprivate init(options: Options, names: IdentityNames, state: State) {
    self.options = options
    self.names = names
    self.state = state
  }

  fileprivate func covers(_ moment: Instant) -> Bool {
    !isBefore(moment) && options.until.map { $0 < moment } != true
  }

  fileprivate func isBefore(_ moment: Instant) -> Bool {
    options.since.map { moment < $0 } == true
  }

  fileprivate mutating func count(_ events: [Event]) {
    self.events = events.count
    first = events.map(\.at).min()
    last = events.map(\.at).max()
    let tally = Tally(events)
    totals = tally.sum
    activity = Activity(events, from: first, to: last)
    var counts: [SessionSymbol: Int] = [:]
    var order: [SessionSymbol] = []
    for event in events {
      if counts[event.session] == nil { order.append(event.session) }
      counts[event.session, default: 0] += 1
    }
    rows = order.map {
      Row(session: $0, events: counts[$0] ?? 0, totals: tally.totals[$0] ?? Totals())
    }
    agents = Set(rows.map { state.sessions[$0.session.number].agent }.filter(\.exists)).count
  }

  /// Sessions with findings first, then those with failures; what belongs to no session at the end.
  fileprivate mutating func sortRows() {
    func rank(_ row: Row) -> Int {
      !row.findings.isEmpty ? 0 : row.totals.failedRuns > 0 ? 1 : row.session.exists ? 2 : 3
    }
    rows = rows.enumerated().sorted { left, right in
      (rank(left.element), left.offset) < (rank(right.element), right.offset)
    }.map(\.element)
  }
}
