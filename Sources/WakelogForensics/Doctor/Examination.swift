public import Wakelog
public import WakelogModel
internal import WakelogProviders

/// What is wrong with a log's sessions on this machine, and what would settle it.
public struct Examination: Sendable {
  /// What was found.
  public enum Kind: String, Sendable {
    /// A key points to an id whose transcript is gone.
    case transcriptGone
    /// A key points to an id whose transcript has no content.
    case transcriptEmpty
    /// A key points to an id whose transcript lies in the folder of another workspace.
    case transcriptElsewhere
    /// A wake waits, and nothing holds it back.
    case stuckQueue
    /// A run's lease ran out.
    case leaseExpired
    /// A run's host has been started anew since.
    case deadEpoch
    /// Nothing was heard of an open run for long.
    case silentRun
    /// Ids of a key are condemned at their first resume, one after the other.
    case condemnedLoop
    /// Condemnations or resets of a key that nobody asked for come thick and fast.
    case flapping
    /// Runs of a key resume, succeed and take no turn, one after the other.
    case noProgress
    /// Times of the log came from a clock that is ahead of this one.
    case clock
    /// A process holds the writer's lock for long.
    case writerBlocked
    /// A reader keeps much of the file from being used again, or for long.
    case oldReader
  }

  /// One thing.
  public struct Finding: Sendable {
    /// What it is.
    public var kind: Kind
    /// The session key; empty for what concerns the log, or several keys.
    public var session: String
    /// The run concerned.
    public var run: SequenceNumber?
    /// The provider session concerned.
    public var sessionId: String?
    /// Since when, as far as the log says.
    public var since: Instant?
    /// What was seen.
    public var because: String
    /// The method that settles it, with its parameters; nil when a person has to.
    public var remedy: (method: String, params: JSONValue)?
    /// What settles it, or what a person could do, in words.
    public var advice: String
    /// What was done once the remedy is carried out, in words; empty without one.
    public var deed = ""
  }

  /// What was found.
  public var findings: [Finding] = []
  /// How many ids were looked for, by the CLI that keeps them.
  public var looked: [(name: String, home: String, ids: Int)] = []
  /// Why some ids could not be looked for.
  public var notes: [String] = []

  /// A number of ids, in words.
  static func ids(_ count: Int) -> String { count == 1 ? "1 id" : "\(count) ids" }
}

/// Where to look for transcripts, and who asks.
public struct Practice: Sendable {
  /// The user's home.
  public var home: String
  /// The homes of CLIs that are elsewhere, by the provider's name.
  public var homes: [String: String] = [:]
  /// Only ids made on this host, and those of no known host; nil for all.
  public var host: String?
  /// Who settles things, as the log will say.
  public var by: String

  /// Looks below a user's home, on somebody's behalf.
  public init(home: String, by: String) {
    self.home = home
    self.by = by
  }

  func home(of provider: Provider, _ layout: TranscriptLayout) -> String {
    homes[provider.name] ?? layout.home(below: home, variable: nil)
  }
}

extension IncidentLog {
  /// Looks for what is wrong as of a time; reads only, the log and the homes.
  public func examine(_ practice: Practice, at now: Instant) throws(WakelogError) -> Examination {
    var state = try state()
    var found = Examination()
    examineTranscripts(state, practice, &found)
    examineEpochs(state, practice, &found)
    let attention = try call("attention", in: &state, at: now).array ?? []
    for entry in attention + reader.machineAttention() { take(entry, state, practice, &found) }
    try checkDamage()
    return found
  }

  private func examineTranscripts(
    _ state: State, _ practice: Practice, _ found: inout Examination
  ) {
    var wanted: [String: [(key: SessionSymbol, id: IdentitySymbol)]] = [:]
    var unknown: [String: Int] = [:]
    state.sessions.forEach { number, session in
      let identity = state.identities[session.bound.number]
      guard session.bound.exists, identity.condemned == nil,
        practice.host == nil || !identity.host.exists || text(identity.host) == practice.host
      else { return }
      let provider = text(identity.provider) ?? ""
      if let row = Provider.named(provider), row.transcripts != nil {
        wanted[row.name, default: []].append((SessionSymbol(number), session.bound))
      } else {
        unknown[provider, default: 0] += 1
      }
    }
    for (provider, count) in unknown.sorted(by: { $0.key < $1.key }) {
      found.notes.append(
        "\(Examination.ids(count)) of \(provider) not looked for: its layout is not known")
    }
    for provider in Provider.all {
      guard let ids = wanted[provider.name], let layout = provider.transcripts else { continue }
      let home = practice.home(of: provider, layout)
      do throws(Transcripts.CannotTell) {
        let transcripts = try Transcripts(layout, home: home)
        found.looked.append((provider.name, home, ids.count))
        for (session, id) in ids { look(for: id, session, transcripts, state, practice, &found) }
      } catch {
        found.notes.append(
          "\(Examination.ids(ids.count)) of \(provider.name) not looked for: \(error.because)")
      }
    }
  }

  private func look(
    for symbol: IdentitySymbol, _ session: SessionSymbol, _ transcripts: Transcripts,
    _ state: State, _ practice: Practice, _ found: inout Examination
  ) {
    let row = state.sessions[session.number]
    let identity = state.identities[symbol.number]
    let id = text(symbol) ?? ""
    let key = text(session) ?? ""
    var kind = Examination.Kind.transcriptGone
    var because = "no file below \(transcripts.home)"
    switch transcripts.find(id, workspace: text(identity.workspace)) {
    case .there: return
    case .unsafe:
      found.notes.append("\(key): its id is no name of a file, and was not looked for")
      return
    case .gone: break
    case .empty:
      kind = .transcriptEmpty
      because = "its file below \(transcripts.home) is empty"
    case .unanswered:
      kind = .transcriptEmpty
      because = "no model has answered in its file below \(transcripts.home)"
    case .elsewhere(let folder):
      kind = .transcriptElsewhere
      because = "its file lies in \(transcripts.home)/\(transcripts.layout.root)/\(folder)"
    }
    let isGone = kind != .transcriptElsewhere
    let params: JSONValue = [
      "session": .string(key), "sessionId": .string(id), "exists": false,
      "detail": .string("\(practice.by): \(because)"),
    ]
    found.findings.append(
      Examination.Finding(
        kind: kind, session: key, run: nil, sessionId: id,
        since: Instant(nanoseconds: row.boundAt, offsetMinutes: row.boundOffset),
        because: because, remedy: isGone ? ("probe", params) : nil,
        advice: isGone
          ? "condemn the id, so that the next run starts fresh"
          : "wake it in the workspace that it was made in, or move the file",
        deed: isGone ? "condemned the id; the next run starts fresh" : ""))
  }

  private func examineEpochs(_ state: State, _ practice: Practice, _ found: inout Examination) {
    state.runs.forEach { _, run in
      let epoch = state.hosts[run.host.number].epoch
      guard run.host.exists, run.epoch < epoch else { return }
      let host = text(run.host) ?? ""
      found.findings.append(
        finding(
          .deadEpoch, text(run.session) ?? "", run.run,
          Instant(nanoseconds: run.startedAt, offsetMinutes: run.offset),
          "it began in epoch \(run.epoch) of \(host), which is in epoch \(epoch)", practice))
    }
  }

  private func take(
    _ entry: JSONValue, _ state: State, _ practice: Practice, _ found: inout Examination
  ) {
    let session = entry["session"]?.string ?? ""
    let run = SequenceNumber(UInt64(clamping: entry["run"]?.integer ?? 0))
    let since = entry["since"]?.string.flatMap { Instant($0) }
    let because = entry["because"]?.string ?? ""
    guard let kind = entry["kind"]?.string.flatMap({ AttentionKind(rawValue: $0) }) else { return }
    // That its lease ran out says more than that it is silent, and may come after it.
    if kind == .leaseExpired {
      found.findings.removeAll { $0.run == run && $0.kind == .silentRun }
    }
    let isKnown = run.exists && found.findings.contains { $0.run == run }
    switch kind {
    case .leaseExpired:
      guard !isKnown else { return }
      found.findings.append(finding(.leaseExpired, session, run, since, because, practice))
    case .stuckQueue:
      found.findings.append(stuck(session, run, since, state, practice))
    case .silentRun where isKnown: break
    case .silentRun, .condemnedLoop, .flapping, .noProgress, .clock, .writerBlocked, .oldReader:
      let process = entry["pid"]?.integer
      found.findings.append(
        Examination.Finding(
          kind: Examination.Kind(kind), session: session, run: run.exists ? run : nil,
          sessionId: nil, since: since, because: because, remedy: nil,
          advice: Examination.advice(kind, session: session, run: run, process: process)))
    }
  }

  /// A queue is settled by dropping it: `next` would start a run that nobody here carries out.
  private func stuck(
    _ session: String, _ run: SequenceNumber, _ since: Instant?, _ state: State,
    _ practice: Practice
  ) -> Examination.Finding {
    var pending = PendingRow()
    state.pendings.forEach { _, row in if row.run == run { pending = row } }
    let reason = text(pending.reason).map { " (\($0))" } ?? ""
    let wake = "the wake by \(pending.source?.name ?? "event")\(reason)"
    let more = pending.wakes > 1 ? ", merged of \(pending.wakes)," : ""
    return Examination.Finding(
      kind: .stuckQueue, session: session, run: run, sessionId: nil, since: since,
      because: "\(wake)\(more) waits; no run is open and nothing holds it back",
      remedy: ("cancel", ["session": .string(session), "by": .string(practice.by)]),
      advice: "drop it, unless its host still comes for it: `next` starts it",
      deed: "dropped \(wake)\(more.isEmpty ? "" : more.dropLast()); it starts no run")
  }

  private func finding(
    _ kind: Examination.Kind, _ session: String, _ run: SequenceNumber, _ since: Instant?,
    _ because: String, _ practice: Practice
  ) -> Examination.Finding {
    Examination.Finding(
      kind: kind, session: session, run: run, sessionId: nil, since: since, because: because,
      remedy: (
        "abandon",
        [
          "run": .integer(Int64(clamping: run.value)), "by": .string(practice.by),
          "why": .string(because),
        ]
      ), advice: "end the run as interrupted; what it resumed stays",
      deed: "ended the run as interrupted; what it resumed stays")
  }
}

extension Examination.Kind {
  /// What the doctor calls what `attention` tells of.
  init(_ kind: AttentionKind) {
    self =
      switch kind {
      case .silentRun: .silentRun
      case .leaseExpired: .leaseExpired
      case .stuckQueue: .stuckQueue
      case .condemnedLoop: .condemnedLoop
      case .flapping: .flapping
      case .noProgress: .noProgress
      case .clock: .clock
      case .writerBlocked: .writerBlocked
      case .oldReader: .oldReader
      }
  }
}

extension Examination {
  /// What a person could do about something that `attention` tells of.
  static func advice(
    _ kind: AttentionKind, session: String, run: SequenceNumber, process: Int64?
  ) -> String {
    let process = process.map { "\($0)" } ?? "PID"
    return switch kind {
    case .silentRun:
      "ask its host; if nobody works on it, `wakelog abandon \(run.value)` ends it as interrupted"
    case .leaseExpired: "end the run as interrupted; what it resumed stays"
    case .stuckQueue: "drop it, unless its host still comes for it: `next` starts it"
    case .condemnedLoop:
      "look with `wakelog timeline` whether its CLI runs where its sessions are kept: home, "
        + "workspace, container"
    case .flapping: "look with `wakelog why` at what resets it, and at its policy"
    case .noProgress:
      "look at what its program prints; if the session is worn out, `wakelog reset \(session)` "
        + "lets the next run start fresh"
    case .clock:
      "set the clock that is wrong; where this one is right, the next call for each key corrects it"
    case .writerBlocked:
      "continue it with `kill -CONT \(process)` if it is stopped, or end it: its transaction is "
        + "then undone"
    case .oldReader:
      "continue it with `kill -CONT \(process)` if it is stopped, or end it: it only reads"
    }
  }
}
