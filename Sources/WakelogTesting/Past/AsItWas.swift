public import WakelogModel

/// A host's rules of a time, in the place of the engine's decisions.
///
/// What is read and what is asked is the engine's: how a wake is disposed of, how an attempt's
/// traces are classified, what events say. What follows from it is the host's.
public struct AsItWas: Deciding {
  /// The host.
  public let host: any HostAsItWas

  /// The rules of a host.
  public init(_ host: any HostAsItWas) { self.host = host }

  /// The hosts whose rules are known, by name.
  public static let all: [any HostAsItWas] = [
    Paperclip2026517(), PaperclipBefore1907(), PaperclipWith1907(), ArchonBefore1294(),
    HermesBefore3220(), OpenClaw202652(),
  ]

  /// The host of that name; nil when there is none.
  public init?(named name: String) {
    guard let host = Self.all.first(where: { $0.name == name }) else { return nil }
    self.init(host)
  }

  /// What the host decides.
  public func decide(
    _ command: Command, at: Instant, on state: State, context: any Context
  ) -> Decided {
    var log = LogAsItWas(state: state, at: at, rules: self)
    let decision = state.decide(command, at: at, context: context)
    switch command {
    case .wake, .next: start(decision, context, &log)
    case .finish(let finish): end(finish, decision, context, &log)
    case .reset(let session, _, _) where !host.obeysResets:
      log.append(decision.events.filter { $0.body.kind == .sessionReset }, of: session)
    case .flush(let session, let fence, let from, let to) where !host.obeysResets:
      guard log.state.sessions[session.number].exists else { break }
      var flushed = TranscriptFlushed()
      flushed.from = from
      flushed.to = to
      log.emit(.transcriptFlushed(flushed), session, run: fence.run)
      return Decided(events: log.events, answer: .success(.done))
    case .host: startHost(decision, &log)
    default: return Decided(events: decision.events, answer: decision.answer)
    }
    return Decided(events: log.events, answer: log.answer ?? decision.answer)
  }

  /// The engine's reducer; a host whose memory does not obey resets still holds the session.
  public func reduce(_ event: Event, into state: inout State) {
    let before = state.sessions[event.session.number].bound
    state.reduce(event)
    guard !host.obeysResets, case .sessionReset = event.body, before.exists else { return }
    let known = state.identities[before.number]
    var held = SessionBound()
    held.identity = before
    held.provider = known.provider
    held.workspace = known.workspace
    held.workspaceKind = known.workspaceKind
    var event = event
    event.body = .sessionBound(held)
    state.reduce(event)
  }

  /// The rules after a change that a note tells of.
  public func following(noteBy author: String) -> any Deciding {
    host.following(noteBy: author).map { AsItWas($0) } ?? self
  }

  private func start(_ decision: Decision, _ context: any Context, _ log: inout LogAsItWas) {
    var session = SessionSymbol.none
    for event in decision.events {
      log.append([event], of: event.session)
      guard case .runStarted = event.body else { continue }
      session = event.session
      break
    }
    guard session.exists, let run = log.state.openRun(of: session) else { return }
    let choice = host.choose(view(run, context, log.state))
    if let cause = choice.reset {
      var reset = SessionReset()
      reset.cause = cause
      reset.previous = log.state.sessions[session.number].bound
      let generation = log.state.sessions[session.number].generation.next
      log.emit(.sessionReset(reset), session, run: run.run, generation: generation)
    }
    let attempt = log.begin(choice, run.run, ordinal: 1, session)
    log.answer = .success(.wake(.started, run: run.run, attempt: attempt))
  }

  private func end(
    _ command: FinishCommand, _ decision: Decision, _ context: any Context,
    _ log: inout LogAsItWas
  ) {
    let session = command.session
    guard let first = decision.events.first, case .attemptFinished(let finish) = first.body,
      let run = log.state.openRun(of: session)
    else { return log.append(decision.events, of: session) }
    log.append([first], of: session)
    let known = view(run, context, log.state)
    if let choice = host.retry(known, after: finish) {
      var taken = FallbackTaken()
      taken.from = run.attempt
      taken.to = log.state.position.next.next
      taken.cause = .failure
      taken.failure = finish.failure
      log.emit(.fallbackTaken(taken), session, run: run.run)
      log.begin(choice, run.run, ordinal: run.attempts + 1, session)
      log.answer = .success(.finished(attempt: run.attempt, run: run.run, settled: false))
      return
    }
    log.close(run, host.settle(known, after: finish))
    log.answer = .success(.finished(attempt: run.attempt, run: run.run, settled: true))
  }

  private func startHost(_ decision: Decision, _ log: inout LogAsItWas) {
    guard let ending = host.endingOfLostRun else {
      return log.append(decision.events, of: .none)
    }
    for event in decision.events {
      guard case .runFinished = event.body, let run = log.state.openRun(of: event.session) else {
        log.append([event], of: event.session)
        continue
      }
      var finish = AttemptFinished()
      finish.attempt = run.attempt
      finish.outcome = .interrupted
      finish.failure = .processLost
      log.emit(.attemptFinished(finish), event.session, run: run.run)
      log.close(run, ending)
    }
  }

  private func view(_ run: RunRow, _ context: any Context, _ state: State) -> RunAsItWas {
    let key = state.sessions[run.session.number]
    let bound = state.identities[key.bound.number]
    let rules = context.rules(session: run.session, agent: key.agent, provider: run.provider)
    let reason = context.text(of: run.reason)
    return RunAsItWas(
      run: run, key: key,
      boundWorkspace: bound.workspaceKind.map { Workspace(path: bound.workspace, kind: $0) },
      isFreshDemanded: run.reason.exists && rules.reset.reasons.contains(reason))
  }
}

/// The events that a host's decision comes to, in the order of its telling.
struct LogAsItWas {
  var state: State
  let at: Instant
  let rules: AsItWas
  var events: [Event] = []
  var answer: Result<Answer, Fault>?

  /// Takes over events of the engine's, under the numbers that they have here.
  mutating func append(_ taken: [Event], of session: SessionSymbol) {
    for event in taken {
      emit(event.body, event.session, run: event.run, generation: event.generation)
    }
  }

  @discardableResult
  mutating func emit(
    _ body: EventBody, _ session: SessionSymbol, run: SequenceNumber = .none,
    generation: Generation? = nil
  ) -> SequenceNumber {
    let row = state.sessions[session.number]
    let event = Event(
      sequence: state.position.next, at: at, session: session, run: run,
      generation: generation ?? row.generation,
      previous: session.exists ? row.head : state.totals.systemHead, body: body)
    rules.reduce(event, into: &state)
    events.append(event)
    return event.sequence
  }

  @discardableResult
  mutating func begin(
    _ choice: ChoiceAsItWas, _ run: SequenceNumber, ordinal: UInt32, _ session: SessionSymbol
  ) -> SequenceNumber {
    var started = AttemptStarted()
    started.ordinal = ordinal
    started.mode = choice.resume.exists ? .resume : .fresh
    started.from = choice.resume.exists ? .bound : nil
    started.identity = choice.resume
    started.reset = choice.reset
    started.workspace = choice.workspace?.path ?? .none
    started.workspaceKind = choice.workspace?.kind
    return emit(.attemptStarted(started), session, run: run)
  }

  mutating func close(_ run: RunRow, _ ending: EndingAsItWas) {
    if ending.stores.exists {
      var bound = SessionBound()
      bound.identity = ending.stores
      bound.provider = run.provider
      bound.proof = ending.outcome == .succeeded ? .success : nil
      bound.workspace = run.workspace
      bound.workspaceKind = run.workspaceKind
      emit(.sessionBound(bound), run.session, run: run.run)
    }
    var finished = RunFinished()
    finished.outcome = ending.outcome
    finished.failure = ending.failure
    finished.via = run.attempts > 1 ? .fallback : run.mode == .resume ? .resume : .fresh
    finished.attempts = run.attempts
    emit(.runFinished(finished), run.session, run: run.run)
  }
}
