public import WakelogModel

// Events as sentences for somebody who was woken at night.

extension IncidentLog {
  /// What an event did, in a sentence.
  public func sentence(of event: Event) -> String {
    let run = event.run.value
    switch event.body {
    case .wakeRequested(let wake):
      return "\(wake.source?.name ?? "something") asked for a run"
        + (text(wake.reason).map { " (\($0))" } ?? "")
        + (wake.flags.contains(.forceFresh) ? ", fresh in any case" : "")
        + (wake.transcript == .missing ? ", and said that the transcript is gone" : "") + "."
    case .wakeCoalesced: return "The wake added nothing to run \(run), which was open."
    case .wakeDeferred: return "The wake had to wait for the open run's end."
    case .wakeRefused(let refused):
      return refused.because == .paused
        ? "The wake was refused: the agent is paused."
        : "The wake was refused: the provider had asked to wait."
    case .wakeCancelled: return "The waiting wake was dropped."
    case .runStarted: return "Run \(run) began."
    case .attemptStarted(let start): return sentence(start, event)
    case .attemptProgressed(let progress):
      return "The attempt \(progress.flags.contains(.entered) ? "entered" : "is in") "
        + "\(id(progress.reported) ?? "its session")."
    case .attemptFinished(let finish):
      return "The attempt \(ended(finish.outcome, finish.failure))"
        + (id(finish.reported).map { ", and reported \($0)" } ?? "")
        + (finish.flags.contains(.entered) ? " after it had entered the session." : ".")
    case .fallbackTaken(let fallback):
      return fallback.cause == .providerReplaced
        ? "The provider had started another session than the one asked for."
        : "Run \(run) fell back to another attempt, because of "
          + "\(fallback.failure?.name ?? fallback.cause?.name ?? "its end")."
    case .runFinished(let finish):
      return "Run \(run) \(ended(finish.outcome, finish.failure))"
        + (finish.cause.map { ": \($0.inWords)" } ?? "") + "."
    default: return sentenceOfSession(event)
    }
  }

  private func sentenceOfSession(_ event: Event) -> String {
    switch event.body {
    case .sessionOpened(let opened):
      return "The key was seen for the first time, for agent \(text(opened.agent) ?? "?")."
    case .sessionBound(let bound):
      return "The key was pointed to \(id(bound.identity) ?? "a session"), proven by "
        + "\(bound.proof?.inWords ?? "nobody")."
    case .sessionCleared(let cleared):
      return "The key no longer points to \(id(cleared.identity) ?? "a session"): "
        + "\(cleared.because?.inWords ?? "no cause was given")."
    case .sessionCondemned(let condemned):
      return "\(id(condemned.identity) ?? "The session") was given up for good: "
        + "\(condemned.failure?.name ?? condemned.cause?.name ?? "no cause was given")"
        + (condemned.attempt.exists ? ", seen by attempt \(condemned.attempt.value)." : ".")
    case .sessionSuspected(let suspected):
      return "\(id(suspected.identity) ?? "The session") came under suspicion: "
        + "\(suspected.failure?.name ?? "it failed without a turn")."
    case .sessionRevived(let revived):
      return "\(text(revived.by) ?? "Somebody") revived \(id(revived.identity) ?? "a session")."
    case .sessionReset(let reset):
      return "The key was reset (\(reset.cause?.name ?? "no cause was given")): nothing from "
        + "before is resumed"
        + (id(reset.previous).map { ", \($0) included." } ?? ".")
    case .sessionRepaired(let repaired):
      return "\(text(repaired.by) ?? "Somebody") repaired the key: \(text(repaired.why) ?? "?")."
    case .writeRejected(let rejected):
      return "A \(rejected.method?.name ?? "write") changed nothing: "
        + "\(rejected.because?.inWords ?? "no cause was given")."
    case .probeObserved(let probe):
      return "Somebody looked for the transcript of \(id(probe.identity) ?? "a session"): "
        + "\(probe.seen?.name ?? "?")."
    case .transcriptFlushed(let flushed):
      return "Messages \(flushed.from) to \(flushed.to) were written."
    default: return sentenceOfSystem(event)
    }
  }

  private func sentenceOfSystem(_ event: Event) -> String {
    switch event.body {
    case .hostStarted(let started):
      return "Host \(text(started.host) ?? "?") started, for the \(started.epoch). time."
    case .hostUpgraded(let upgraded):
      return "Host \(text(upgraded.host) ?? "?"): version \(text(upgraded.to) ?? "?") was "
        + "\(upgraded.step?.name ?? "?")."
    case .agentPaused(let agent): return "Agent \(text(agent.agent) ?? "?") was paused."
    case .agentUnpaused(let agent): return "Agent \(text(agent.agent) ?? "?") was let go on."
    case .policyAdopted: return "Another policy was adopted."
    case .evidenceRedacted(let redacted):
      return "What event \(redacted.target.value) had printed was removed."
    case .logTrimmed(let trimmed):
      return "The events up to \(trimmed.through.value) went to the archive."
    case .sessionForgotten: return "The session was forgotten; its names are gone."
    case .noteAdded(let note):
      return "\(text(note.by) ?? "Somebody") noted: \(text(note.text) ?? "")"
    default: return "An event of a kind that this version does not know."
    }
  }

  private func sentence(_ start: AttemptStarted, _ event: Event) -> String {
    var text = "Attempt \(event.sequence.value) began "
    text +=
      start.mode == .resume ? "by resuming \(id(start.identity) ?? "a session")" : "fresh"
    if let reset = start.reset { text += ", after a reset (\(reset.name))" }
    let refused = start.considered.filter { $0.verdict != .offered }.map { candidate in
      "\(id(candidate.identity) ?? "?") was refused (\(candidate.verdict?.name ?? "?"))"
    }
    return text + (refused.isEmpty ? "" : "; " + refused.joined(separator: ", ")) + "."
  }

  /// `failed (unknownSession)`, `succeeded`.
  func ended(_ outcome: Outcome?, _ failure: FailureKind?) -> String {
    let word =
      switch outcome {
      case .succeeded, .failed: outcome?.name ?? ""
      case .timedOut: "timed out"
      case .cancelled, .interrupted, .superseded: "was \(outcome?.name ?? "")"
      case nil: "ended"
      }
    return word + (failure.map { " (\($0.name))" } ?? "")
  }

  private func id(_ symbol: IdentitySymbol) -> String? { text(symbol) }
}

extension Proof {
  /// Who or what it was.
  var inWords: String {
    switch self {
    case .success: "an attempt that succeeded in it"
    case .entered: "an attempt that entered it"
    case .caller: "the caller's word"
    case .operator: "an operator's word"
    case .imported: "the import"
    }
  }
}

extension ClearCause {
  fileprivate var inWords: String {
    switch self {
    case .condemned: "it is condemned"
    case .noIdReported: "a fresh success named no id"
    case .rejectedId: "a success named an id that may not be bound"
    case .operator: "an operator cleared it"
    case .ended: "the run that made it ended as one whose session cannot go on"
    }
  }
}

extension RejectCause {
  fileprivate var inWords: String {
    switch self {
    case .staleFence: "its run had ended, or its key was reset"
    case .staleEpoch: "its host had been started anew"
    case .wrongAttempt: "it named an attempt that is not the current one"
    case .condemnedId: "it reported an id that is condemned"
    case .beforeReset: "it reported an id from before the reset"
    }
  }
}

extension EndCause {
  fileprivate var inWords: String {
    switch self {
    case .host: "its host came back without it"
    case .lease: "nothing was heard before its lease ran out"
    case .abandoned: "somebody abandoned it"
    case .reset: "its key was reset"
    case .imported: "it was open when the log was imported"
    }
  }
}
