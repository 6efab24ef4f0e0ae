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
    Paperclip2026517(), PaperclipIssue6608(), PaperclipBefore1907(), PaperclipWith1907(),
    ArchonBefore1294(), HermesBefore3220(), OpenClaw202652(),
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
    case .host(let name, let version, _):
      guard let ending = host.endingOfLostRun else { fallthrough }
      startHost(name, version, ending, &log)
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

  /// A host that looks at nothing starts whatever version is there; its lost runs end its way.
  private func startHost(
    _ name: HostSymbol, _ version: Symbol<Space.Version>, _ ending: EndingAsItWas,
    _ log: inout LogAsItWas
  ) {
    var started = HostStarted()
    started.host = name
    started.epoch = log.state.hosts[name.number].epoch + 1
    started.version = version
    // What the process ran died with it, before the new one came.
    var lost: [RunRow] = []
    log.state.runs.forEach { _, run in
      if run.run.exists, run.host == name, run.epoch < started.epoch { lost.append(run) }
    }
    lost.sort { $0.run < $1.run }
    for run in lost {
      var finish = AttemptFinished()
      finish.attempt = run.attempt
      finish.outcome = .interrupted
      finish.failure = .processLost
      log.emit(.attemptFinished(finish), run.session, run: run.run)
      log.close(run, ending)
    }
    log.emit(.hostStarted(started), .none)
    let ended = lost.map { Answer.Ended(run: $0.run, session: $0.session) }
    log.answer = .success(
      .host(epoch: started.epoch, interrupted: ended, unfinished: .none))
  }

  private func view(_ run: RunRow, _ context: any Context, _ state: State) -> RunAsItWas {
    let key = state.sessions[run.session.number]
    let bound = state.identities[key.bound.number]
    let rules = context.rules(session: run.session, agent: key.agent, provider: run.provider)
    let reason = context.text(of: run.reason)
    return RunAsItWas(
      run: run, key: key, context: context,
      boundWorkspace: bound.workspaceKind.map { Workspace(path: bound.workspace, kind: $0) },
      isFreshDemanded: run.reason.exists && rules.reset.reasons.contains(reason))
  }
}
