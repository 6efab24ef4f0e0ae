import Wakelog
import WakelogModel

/// The runs of a trajectory: `session.started` to `session.ended`, by run id.
///
/// The recorder's own sequence begins anew with every process, so that a line's place in the file is
/// its name.
struct OpenClawTrajectory {
  private let gathering: Gathering
  private let entries: OpenClawEntries
  private let row: String

  /// A run, as far as the file tells of it.
  private struct Run {
    var started: Fact
    var session: String?
    var hasOutput = false
    var usage: JSONValue?
    var ended: (at: Instant, data: JSONValue)?
  }

  /// How many runs of one file are kept in memory; OpenClaw cuts its files long before.
  private static let mostRuns = 100_000

  init(_ gathering: Gathering, _ entries: OpenClawEntries, row: String) {
    self.gathering = gathering
    self.entries = entries
    self.row = row
  }

  func read(_ file: Lines) throws {
    var runs: [Run] = []
    var open: [String: Int] = [:]
    while let (event, place, _) = gathering.nextRecord(of: file, row: row) {
      guard let at = gathering.time.read(event["ts"]), let type = event["type"]?.string else {
        gathering.skip(place, "has no type, or no time that can be read", field: "ts")
        continue
      }
      let id = event["runId"]?.string ?? event["sessionId"]?.string ?? ""
      switch type {
      case "session.started":
        guard runs.count < Self.mostRuns, let started = start(event, place, at) else { continue }
        open[id] = runs.count
        runs.append(Run(started: started, session: event["sessionId"]?.string))
      case "model.completed":
        guard let index = open[id] else { continue }
        let texts = event["data"]?["assistantTexts"]?.array ?? []
        if texts.contains(where: { $0.string?.isEmpty == false }) { runs[index].hasOutput = true }
        runs[index].usage = event["data"]?["usage"]
      case "session.ended":
        guard let index = open.removeValue(forKey: id) else {
          gathering.skip(place, "ends a run whose beginning is not in the file")
          continue
        }
        runs[index].ended = (at, event["data"] ?? .null)
      default: break
      }
    }
    if let fault = file.fault { gathering.skip(row, fault) }
    try tell(runs)
  }

  /// Tells the runs.
  ///
  /// Which session of its CLI a run resumed is not recorded. But only a run with output leaves
  /// another one: the last such run left what the entry has now, and all runs since were to resume
  /// that.
  private func tell(_ runs: [Run]) throws {
    let last = runs.lastIndex { $0.hasOutput && held(by: $0) != nil }
    for (index, run) in runs.enumerated() {
      var run = run
      if let held = held(by: run), index > last ?? -1 {
        run.started.asked = held
        run.started.mode = Mode.resume.name
      }
      try gathering.add(run.started)
      if let ended = run.ended {
        try end(run, ended.data, ended.at, leaving: index == last ? held(by: run) : nil)
      }
    }
  }

  /// The CLI's id that the entry of a run's key has, while it is still the run's session.
  private func held(by run: Run) -> String? {
    guard let entry = entries.entries[run.started.session], entry.id == run.session,
      entry.cli?.provider == run.started.provider
    else { return nil }
    return entry.cli?.id
  }

  private func start(_ event: JSONValue, _ place: String, _ at: Instant) -> Fact? {
    let session = event["sessionId"]?.string
    guard let key = event["sessionKey"]?.string ?? session.flatMap({ entries.keys[$0] }) else {
      gathering.skip(place, "names no session key")
      return nil
    }
    let provider = event["provider"]?.string
    let lane = entries.lane(key, provider: provider)
    var started = Fact(.started, "started", of: lane, row: place, at: at)
    started.run = place
    started.source = Self.source(event["data"]?["trigger"]?.string)
    started.reason = event["data"]?["trigger"]?.string
    if let path = event["workspaceDir"]?.string, !path.isEmpty {
      started.workspace = path
      started.workspaceKind = WorkspaceKind.other.name
    }
    return started
  }

  private func end(
    _ run: Run, _ data: JSONValue, _ at: Instant, leaving id: String?
  ) throws {
    var ended = run.started
    ended.kind = .ended
    ended.name = "\(run.started.row)#ended"
    ended.at = max(at, run.started.at)
    (ended.source, ended.reason) = (nil, nil)
    if data["timedOut"]?.bool == true {
      ended.outcome = Outcome.timedOut.name
    } else {
      ended.outcome =
        switch data["status"]?.string {
        case "success": Outcome.succeeded.name
        case "error": Outcome.failed.name
        case "interrupted":
          data["aborted"]?.bool == true ? Outcome.cancelled.name : Outcome.interrupted.name
        default: nil
        }
    }
    ended.message = data["promptError"]?.string ?? data["terminalError"]?.string
    ended.inputTokens = run.usage?["input"]?.integer
    ended.outputTokens = run.usage?["output"]?.integer
    ended.entered = run.hasOutput ? true : nil
    ended.identity = id
    ended.stores = id
    try gathering.add(ended, phase: ended.at == run.started.at ? 6 : nil)
  }

  private static func source(_ trigger: String?) -> String? {
    switch trigger {
    case "user", "message": Source.message.name
    case "heartbeat": Source.timer.name
    case "cron": Source.cron.name
    case "manual": Source.manual.name
    default: nil
    }
  }
}
