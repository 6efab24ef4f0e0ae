// What attempts offer, prove and end as.

extension LawChecker {
  mutating func attemptStarted(_ start: AttemptStarted, _ event: Event) {
    guard isWritten(by: event) else { return }
    var book = keys[event.session] ?? KeyBook()
    release(event.session, book.attempt)
    if let failure = book.attempt.end?.failure { book.earlierFailure = failure }
    if start.ordinal > 100 {
      report(.everyWakeSettles, event.session, event.sequence, "more than 100 attempts in a run")
    }
    var attempt = AttemptBook()
    attempt.number = event.sequence
    attempt.mode = start.mode
    attempt.asked = start.identity
    attempt.from = start.from
    attempt.workspace = start.workspace
    attempt.workspaceKind = start.workspaceKind
    attempt.isOutside = start.flags.contains(.outside)
    book.attempt = attempt
    keys[event.session] = book
    guard start.identity.exists else { return }
    judgeOffer(start, book, event)
    if start.flags.contains(.mintedAnew) {
      identities[start.identity, default: IdentityBook()].isVouched = true
      mint(start.identity, event, anew: true)
    }
    hold(start.identity, by: event.session)
  }

  mutating func attemptProgressed(_ progress: AttemptProgressed, _ event: Event) {
    guard isWritten(by: event), isCurrent(progress.attempt, event) else { return }
    noteSeen(progress.reported, event, isVouched: false)
    guard progress.flags.contains(.entered), var book = keys[event.session] else { return }
    let identity = progress.reported.or(book.attempt.entered).or(book.attempt.asked)
    if book.attempt.entered != book.attempt.asked, book.attempt.entered != identity {
      identities[book.attempt.entered]?.holders.removeAll { $0 == event.session }
    }
    book.attempt.hasEntered = true
    book.attempt.entered = identity
    keys[event.session] = book
    hold(identity, by: event.session)
    noteTurns(in: identity, asked: book.attempt.asked)
    noteBoundAgain(identity, book, event)
  }

  mutating func attemptFinished(_ finish: AttemptFinished, _ event: Event) {
    guard isWritten(by: event), isCurrent(finish.attempt, event) else { return }
    guard var book = keys[event.session] else { return }
    if book.attempt.end != nil {
      report(
        .everyWakeSettles, event.session, event.sequence,
        "attempt \(finish.attempt.value) ended twice")
    }
    book.attempt.end = finish
    keys[event.session] = book
    noteSeen(finish.reported, event, isVouched: false)
    let asked = book.attempt.asked
    let isCold = finish.flags.contains(.startedCold)
    let identity = finish.reported.or(book.attempt.entered).or(isCold ? .none : asked)
    if book.attempt.proves(identity, isImported: event.flags.contains(.imported)) {
      noteTurns(in: identity, asked: asked)
      noteBoundAgain(identity, book, event)
      return noteDeath(finish, book.attempt)
    }
    guard let failure = finish.failure, book.attempt.mode == .resume, asked.exists,
      !book.attempt.hasEntered
    else { return }
    if failure.makesSuspect { noteSilence(of: asked, isBeforehand: false) }
    noteDeath(finish, book.attempt)
  }

  private mutating func isCurrent(_ attempt: SequenceNumber, _ event: Event) -> Bool {
    guard let current = keys[event.session]?.attempt.number, attempt != current else {
      return true
    }
    if event.flags.contains(.imported), !attempt.exists { return true }
    report(
      .staleWritersLose, event.session, event.sequence,
      "attempt \(attempt.value) wrote, and is not the current one", "hermes#37555")
    return false
  }

  /// A session failure of a resuming attempt proves its id dead, whether or not anybody drew
  /// that conclusion; save the two that speak of here and now alone.
  private mutating func noteDeath(_ finish: AttemptFinished, _ attempt: AttemptBook) {
    guard let failure = finish.failure, failure.family == .session, attempt.mode == .resume,
      failure != .sessionInUse, failure != .wrongWorkspace, attempt.asked.exists,
      identities[attempt.asked]?.death != .condemned
    else { return }
    identities[attempt.asked, default: IdentityBook()].death = .inferred
    identities[attempt.asked]?.deathFailure = failure
  }

  /// Turns were taken: the id is proven, and what was suspected of the one asked for is not so.
  private mutating func noteTurns(in identity: IdentitySymbol, asked: IdentitySymbol) {
    for one in asked == identity ? [identity] : [identity, asked] where one.exists {
      identities[one, default: IdentityBook()].unanswered = 0
      identities[one]?.repeated = 0
    }
    guard identity.exists else { return }
    identities[identity]?.isProven = true
    if identities[identity]?.death == .inferred { identities[identity]?.death = .none }
  }

  /// An id failed without a turn and without a word; something must change at the second time.
  ///
  /// A lease's end is told after the suspicion that it raises, everything else before.
  mutating func noteSilence(of identity: IdentitySymbol, isBeforehand: Bool) {
    guard identity.exists else { return }
    if !isBeforehand { identities[identity, default: IdentityBook()].unanswered &+= 1 }
    identities[identity, default: IdentityBook()].repeated &+= 1
  }

  mutating func judgeEnd(_ finish: RunFinished, _ book: KeyBook, _ event: Event) {
    guard finish.cause == nil else { return }
    guard let last = book.attempt.end else {
      if !event.flags.contains(.imported) {
        report(
          .lastAttemptDecides, event.session, event.sequence,
          "the run ended before its last attempt")
      }
      return
    }
    let recovered = book.earlierFailure != nil
    if finish.outcome != last.outcome || finish.failure != last.failure {
      report(
        .lastAttemptDecides, event.session, event.sequence,
        "the run is \(Self.word(finish.outcome, finish.failure)), and its last attempt was "
          + Self.word(last.outcome, last.failure),
        recovered ? "paperclip#6608" : "archon#2329")
    }
    if finish.failure?.family == .agent, last.failure?.family != .agent {
      report(
        .infrastructureIsNotTheAgent, event.session, event.sequence,
        "the agent is blamed for \(Self.word(last.outcome, last.failure))", "paperclip#6608")
    }
  }

  private static func word(_ outcome: Outcome?, _ failure: FailureKind?) -> String {
    (outcome?.name ?? "without outcome") + (failure.map { " (\($0.name))" } ?? "")
  }
}
