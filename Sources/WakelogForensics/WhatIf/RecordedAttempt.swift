internal import WakelogModel

/// An attempt as the record tells it.
struct RecordedAttempt {
  /// Its number.
  var number: SequenceNumber
  /// The key.
  var session: SessionSymbol
  /// The run.
  var run: SequenceNumber
  /// With which provider.
  var provider: ProviderSymbol
  /// The session that it resumed; none for a fresh one.
  var asked: IdentitySymbol
  /// Where.
  var workspace: WorkspaceSymbol
  /// When it began.
  var startedAt: Int64
  /// When it ended.
  var endedAt: Int64 = 0
  /// How it ended; nil when the record does not tell.
  var finish: AttemptFinished?
  /// Whether it ran outside the place that its session was made in.
  var isOutside = false
  /// Whether it was seen in its session before its end.
  var hasEntered = false

  /// Whether it showed that its session could be worked in.
  var worked: Bool {
    guard let finish else { return hasEntered }
    return finish.failure == nil || hasEntered || finish.flags.contains(.entered)
      || (finish.turns ?? 0) > 0
  }

  /// Whether it showed that its session cannot be resumed: by a word that says so, or by a failure
  /// without a turn that may mean it.
  var provesDeath: Bool {
    guard asked.exists, !worked, let failure = finish?.failure else { return false }
    switch failure {
    case .sessionInUse: return false
    case .timeout, .emptyResponse, .processLost, .unclassified: return true
    default: return failure.family == .session
    }
  }

  /// Whether it ran there, as far as the record tells: many hosts do not say where.
  func mayHaveRun(in workspace: WorkspaceSymbol) -> Bool {
    !self.workspace.exists || self.workspace == workspace
  }

  /// The session that it was in.
  var identity: IdentitySymbol {
    guard let finish else { return asked }
    return finish.reported.or(finish.flags.contains(.startedCold) ? .none : asked)
  }
}

/// Reads the attempts of a record.
struct AttemptReader {
  /// All, in order.
  private(set) var attempts: [RecordedAttempt] = []
  /// The places of the attempts of a run.
  private(set) var places: [SequenceNumber: [Int]] = [:]
  private var numbers: [SequenceNumber: Int] = [:]
  private var current: [SessionSymbol: Int] = [:]
  private var providers: [SessionSymbol: ProviderSymbol] = [:]

  init(_ events: [Event]) {
    for event in events { read(event) }
  }

  private mutating func read(_ event: Event) {
    switch event.body {
    case .wakeRequested(let wake): providers[event.session] = wake.provider
    case .attemptStarted(let start):
      current[event.session] = attempts.count
      places[event.run, default: []].append(attempts.count)
      numbers[event.sequence] = attempts.count
      attempts.append(
        RecordedAttempt(
          number: event.sequence, session: event.session, run: event.run,
          provider: providers[event.session] ?? .none, asked: start.identity,
          workspace: start.workspace, startedAt: event.at.nanoseconds,
          isOutside: start.flags.contains(.outside)))
    case .attemptProgressed(let progress) where progress.flags.contains(.entered):
      if let place = current[event.session] { attempts[place].hasEntered = true }
    case .attemptFinished(let finish):
      guard let place = place(of: finish.attempt, event) else { return }
      attempts[place].finish = finish
      attempts[place].endedAt = max(event.at.nanoseconds, attempts[place].startedAt)
    default: break
    }
  }

  /// The place of an attempt.
  func place(of number: SequenceNumber) -> Int? { numbers[number] }

  /// The place of the attempt that an event names; of the key's latest where it names none.
  func place(of attempt: SequenceNumber, _ event: Event) -> Int? {
    guard let place = current[event.session] else { return nil }
    if !attempt.exists { return place }
    return places[event.run]?.last { attempts[$0].number == attempt }
  }
}
