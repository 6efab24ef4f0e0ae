public import WakelogModel

/// Bugs that public hosts have shipped, each put back around the engine's own decisions.
///
/// For tests only: they show that laws and rules would notice. The engine's code knows none of
/// them. An event is never taken out but replaced by a note, so that positions stay true.
public enum Mutant: String, CaseIterable, Sendable {
  /// The fallback succeeds, and the dead id stays bound (Paperclip #6608).
  case keepsTheDeadId
  /// A recovered run stays failed (Paperclip #6608).
  case keepsTheLastError
  /// What failed around the agent is its own fault (Paperclip #6608).
  case blamesTheAgent
  /// A wake that resets falls back to the session of before (Paperclip PR #1907).
  case fallsBackRoundTheReset
  /// The wake's fallback directory is taken for the session's workspace (Paperclip PR #1907).
  case takesHomeForTheWorkspace
  /// The id of a failing result is bound (Archon #1280).
  case bindsAFailingResult
  /// A cached writer goes on writing after a reset (Hermes #3210).
  case letsStaleWritersIn
  /// A session that hangs is resumed for ever (OpenClaw #77011).
  case neverSuspects
  /// Runs that leave no session register one (OpenClaw #77104).
  case registersShellRuns
  /// What is in memory is not what the log says.
  case remembersAnError
}

extension Mutant: Deciding {
  /// The engine's decision with the bug in it.
  public func decide(
    _ command: Command, at: Instant, on state: State, context: any Context
  ) -> Decided {
    let context: any Context = self == .neverSuspects ? Unsuspecting(context) : context
    let decision = state.decide(command, at: at, context: context)
    var decided = Decided(events: decision.events, answer: decision.answer)
    for index in decided.events.indices {
      decided.events[index].body = body(of: decided.events[index], state)
    }
    switch self {
    case .bindsAFailingResult, .registersShellRuns: bind(command, state, &decided)
    case .letsStaleWritersIn: letIn(command, state, &decided)
    default: break
    }
    return decided
  }

  /// The engine's reducer, or one that keeps an error that the log took back.
  public func reduce(_ event: Event, into state: inout State) {
    guard self == .remembersAnError, case .runFinished(var finish) = event.body,
      finish.outcome == .succeeded, finish.via == .fallback
    else { return state.reduce(event) }
    var altered = event
    finish.outcome = .failed
    finish.failure = .unknownSession
    altered.body = .runFinished(finish)
    state.reduce(altered)
  }

  private func body(of event: Event, _ state: State) -> EventBody {
    let nothing = EventBody.noteAdded(NoteAdded())
    let run = state.openRun(of: event.session)
    switch (self, event.body) {
    case (.keepsTheDeadId, .sessionCondemned), (.keepsTheDeadId, .sessionCleared): return nothing
    case (.keepsTheDeadId, .sessionBound) where run?.hasFallback == true: return nothing
    case (.neverSuspects, .sessionSuspected): return nothing
    case (.keepsTheLastError, .runFinished(var finish))
    where finish.via == .fallback && finish.outcome == .succeeded:
      finish.outcome = .failed
      finish.failure = .unknownSession
      return .runFinished(finish)
    case (.blamesTheAgent, .runFinished(var finish))
    where finish.failure?.family == .infrastructure:
      finish.failure = .agentError
      return .runFinished(finish)
    case (.fallsBackRoundTheReset, .attemptStarted(var start)) where start.reset != nil:
      let before = state.sessions[event.session.number].bound
      guard before.exists else { return event.body }
      start.mode = .resume
      start.from = .agent
      start.identity = before
      return .attemptStarted(start)
    case (.takesHomeForTheWorkspace, .attemptStarted(var start)) where start.mode == .resume:
      start.workspace = WorkspaceSymbol(start.workspace.number &+ 1)
      start.workspaceKind = .home
      return .attemptStarted(start)
    default: return event.body
    }
  }

  /// Binds what a `finish` reported, just before its run ends.
  private func bind(_ command: Command, _ state: State, _ decided: inout Decided) {
    guard case .finish(let finish) = command, finish.reported.exists,
      let run = state.openRun(of: finish.session), let last = decided.events.last,
      case .runFinished(let end) = last.body
    else { return }
    let isMeant =
      self == .registersShellRuns ? !run.leavesSession : end.outcome != .succeeded
    guard isMeant else { return }
    var bound = SessionBound()
    bound.identity = finish.reported
    bound.provider = run.provider
    bound.proof = .success
    bound.workspace = run.workspace
    bound.workspaceKind = run.workspaceKind
    var event = last
    event.body = .sessionBound(bound)
    decided.events[decided.events.count - 1] = event
    event.previous = event.sequence
    event.sequence = event.sequence.next
    event.body = last.body
    decided.events.append(event)
  }

  /// Writes what the engine rejected.
  private func letIn(_ command: Command, _ state: State, _ decided: inout Decided) {
    guard case .flush(_, let fence, let from, let to) = command,
      let index = decided.events.firstIndex(where: { $0.body.kind == .writeRejected })
    else { return }
    var flushed = TranscriptFlushed()
    flushed.from = from
    flushed.to = to
    decided.events[index].body = .transcriptFlushed(flushed)
    decided.events[index].run = fence.run
    decided.answer = .success(.done)
  }
}

/// The rules in force, save that no failure is ever one too many.
private final class Unsuspecting: Context {
  private let inner: any Context

  init(_ inner: any Context) { self.inner = inner }

  func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules {
    var rules = inner.rules(session: session, agent: agent, provider: provider)
    rules.fallback.suspectLimit = .max
    return rules
  }

  func text(of reason: ReasonSymbol) -> String { inner.text(of: reason) }
  func text(of provider: ProviderSymbol) -> String { inner.text(of: provider) }
  func symbol(ofCode code: String) -> Symbol<Space.Code> { inner.symbol(ofCode: code) }
  func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    inner.fingerprint(symbol)
  }
}
