import WakelogModel

extension Mutant {
  /// Every mutant.
  public static let all: [Mutant] = [
    keepsDeadIdAfterFallback, statusStaysFailed, blamesTheAgent, homeTakenForWorkspace,
    resetGuardBypassedByAgentFallback, bindsFailingResult, bindsEcho, staleWriterAccepted,
    cursorOfBeforeTheReset, writesIntoTheOldSession, timeoutNeverCondemns,
    missingTranscriptResumed, shellRunBindsSession, explicitRequestBeatsCondemnation,
    otherProjectResumed, secondRunStarts, heldSessionResumed, wakeLost, cacheKeepsBinding,
  ]

  /// The fallback worked, and the dead id stayed: neither condemned nor replaced.
  public static let keepsDeadIdAfterFallback = Mutant(
    name: "keepsDeadIdAfterFallback", incident: "paperclip#6608", breaks: .deadStaysDead
  ) { deciding in
    let before = deciding.before
    deciding.silence { body in
      switch body {
      case .sessionCondemned, .sessionCleared: return true
      case .sessionBound(let bound):
        return before.openRuns.contains { $0.hasFallback && $0.provider == bound.provider }
      default: return false
      }
    }
  }

  /// The run recovered, and its status stayed that of the first attempt.
  public static let statusStaysFailed = Mutant(
    name: "statusStaysFailed", incident: "paperclip#6608", breaks: .lastAttemptDecides
  ) { deciding in
    deciding.change { body in
      guard case .runFinished(var end) = body, end.via == .fallback, end.attempts > 1 else {
        return
      }
      end.outcome = .failed
      end.failure = .unknownSession
      body = .runFinished(end)
    }
  }

  /// Whatever failed, the agent is to blame, until a second one is hired.
  public static let blamesTheAgent = Mutant(
    name: "blamesTheAgent", incident: "paperclip#6608", breaks: .infrastructureIsNotTheAgent
  ) { deciding in
    deciding.change { body in
      guard case .runFinished(var end) = body, end.failure != nil, end.cause == nil else { return }
      end.failure = .agentError
      body = .runFinished(end)
    }
  }

  /// A timer's wake resumes a project's session in the agent's home.
  public static let homeTakenForWorkspace = Mutant(
    name: "homeTakenForWorkspace", incident: "paperclip#1907", breaks: .sessionInItsWorkspace
  ) { deciding in
    guard case .wake(let wake) = deciding.command, wake.workspace?.kind == .home else { return }
    deciding.change { body in
      guard case .attemptStarted(var start) = body, start.mode == .resume else { return }
      start.workspace = wake.workspace?.path ?? .none
      start.workspaceKind = .home
      body = .attemptStarted(start)
    }
  }

  /// The wake resets, and the agent's latest session is offered past the wall.
  public static let resetGuardBypassedByAgentFallback = Mutant(
    name: "resetGuardBypassedByAgentFallback", incident: "paperclip#1907", breaks: .resetIsAWall
  ) { $0.ignore(.reset, from: .agent) }

  /// The id in a failing result is kept.
  public static let bindsFailingResult = Mutant(
    name: "bindsFailingResult", incident: "archon#1280", breaks: .proofBeforeResume
  ) { deciding in
    for event in deciding.events {
      guard case .attemptFinished(let end) = event.body, end.failure != nil,
        end.reported.exists, !end.flags.contains(.entered),
        case .runFinished = deciding.events.last?.body
      else { continue }
      return deciding.bind(end.reported, event)
    }
  }

  /// The id that a process was started with is taken for one that it is in.
  public static let bindsEcho = Mutant(
    name: "bindsEcho", incident: "archon#1280", breaks: .proofBeforeResume
  ) { deciding in
    for event in deciding.events {
      guard case .attemptProgressed(let progress) = event.body, progress.reported.exists,
        !progress.flags.contains(.entered)
      else { continue }
      return deciding.bind(progress.reported, event)
    }
  }

  /// A writer whose run has ended binds what it reports.
  public static let staleWriterAccepted = Mutant(
    name: "staleWriterAccepted", incident: "hermes#3210", breaks: .staleWritersLose
  ) { deciding in
    guard case .finish(let finish) = deciding.command, case .failure(.staleFence) = deciding.answer
    else { return }
    let before = deciding.before
    deciding.change { body in
      guard case .writeRejected(let rejected) = body, rejected.reported.exists else { return }
      body = .sessionBound(before.binding(of: rejected.reported))
    }
    for index in deciding.events.indices { deciding.events[index].run = finish.fence.run }
  }

  /// A cached writer goes on where it stood before the reset.
  public static let cursorOfBeforeTheReset = Mutant(
    name: "cursorOfBeforeTheReset", incident: "hermes#3210", breaks: .staleWritersLose
  ) { deciding in
    guard case .flush(let session, let fence, let from, let to) = deciding.command,
      case .failure(.cursor) = deciding.answer
    else { return }
    var flushed = TranscriptFlushed()
    flushed.from = from
    flushed.to = to
    deciding.write(.transcriptFlushed(flushed), session, run: fence.run)
  }

  /// A run after the reset reports the session of before, and it is bound.
  public static let writesIntoTheOldSession = Mutant(
    name: "writesIntoTheOldSession", incident: "hermes#3210", breaks: .resetIsAWall
  ) { deciding in
    let before = deciding.before
    deciding.change { body in
      guard case .writeRejected(let rejected) = body, rejected.because == .beforeReset else {
        return
      }
      body = .sessionBound(before.binding(of: rejected.reported))
    }
  }

  /// A session that hangs is resumed for ever: no text, no consequence.
  public static let timeoutNeverCondemns = Mutant(
    name: "timeoutNeverCondemns", incident: "openclaw#77011", breaks: .everyWakeSettles
  ) { deciding in
    deciding.silence { body in
      if case .sessionSuspected = body { true } else { false }
    }
  }

  /// The transcript is gone, as the host knows, and the session is resumed all the same.
  public static let missingTranscriptResumed = Mutant(
    name: "missingTranscriptResumed", incident: "openclaw#77011", breaks: .deadStaysDead
  ) { $0.ignore(.transcript) }

  /// A run of a shell alone leaves a session behind that never was.
  public static let shellRunBindsSession = Mutant(
    name: "shellRunBindsSession", incident: "openclaw#77104", breaks: .proofBeforeResume
  ) { deciding in
    for event in deciding.events {
      guard case .attemptFinished(let end) = event.body, end.reported.exists,
        let run = deciding.before.openRun(of: event.session), !run.leavesSession
      else { continue }
      return deciding.bind(end.reported, event)
    }
  }

  /// Whoever asks for a condemned id by name gets it.
  public static let explicitRequestBeatsCondemnation = Mutant(
    name: "explicitRequestBeatsCondemnation", incident: "paperclip#6608", breaks: .deadStaysDead
  ) { $0.ignore(.condemned) }

  /// A session is resumed in another project than its own.
  public static let otherProjectResumed = Mutant(
    name: "otherProjectResumed", incident: "paperclip#1907", breaks: .sessionInItsWorkspace
  ) { $0.ignore(.workspace) }

  /// A wake that should wait starts a second run of its key.
  public static let secondRunStarts = Mutant(
    name: "secondRunStarts", incident: "archon#1830", breaks: .oneOpenRun
  ) { deciding in
    for index in deciding.events.indices {
      guard case .wakeDeferred(let deferred) = deciding.events[index].body else { continue }
      var started = RunStarted()
      started.wake = deferred.wake
      deciding.events[index].run = deferred.wake
      deciding.events[index].body = .runStarted(started)
    }
  }

  /// A session that another run is in is resumed beside it.
  public static let heldSessionResumed = Mutant(
    name: "heldSessionResumed", incident: "archon#1830", breaks: .oneOpenRun
  ) { $0.ignore(.inUse) }

  /// A wake that should wait is forgotten.
  public static let wakeLost = Mutant(
    name: "wakeLost", incident: "hermes#37555", breaks: .everyWakeSettles
  ) { deciding in
    deciding.silence { body in
      if case .wakeDeferred = body { true } else { false }
    }
  }

  /// A cache that does not hear of a cleared binding answers otherwise than the log.
  public static let cacheKeepsBinding = Mutant(
    name: "cacheKeepsBinding", incident: "hermes#6761", breaks: .replayEqualsLive,
    rewrite: { _ in },
    reduces: { if case .sessionCleared = $0.body { false } else { true } })
}

extension Mutant.Deciding {
  /// Binds an id to the run of an event.
  fileprivate mutating func bind(_ identity: IdentitySymbol, _ event: Event) {
    let isBound = events.contains {
      if case .sessionBound(let bound) = $0.body { bound.identity == identity } else { false }
    }
    guard !isBound else { return }
    write(.sessionBound(before.binding(of: identity)), event.session, run: event.run)
  }
}

extension State {
  fileprivate var openRuns: [RunRow] {
    var found: [RunRow] = []
    runs.forEach { found.append($1) }
    return found
  }

  /// A binding as a host without rules would write it.
  fileprivate func binding(of identity: IdentitySymbol) -> SessionBound {
    var bound = SessionBound()
    bound.identity = identity
    bound.provider = identities[identity.number].provider
    bound.proof = .success
    return bound
  }
}
