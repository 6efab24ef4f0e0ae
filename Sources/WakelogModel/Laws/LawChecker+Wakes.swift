// Every wake settles; one open run; stale writers lose.

extension LawChecker {
  mutating func wakeRequested(_ wake: WakeRequested, _ event: Event) {
    var book = keys[event.session] ?? KeyBook()
    if book.arriving.exists {
      report(.everyWakeSettles, event.session, book.arriving, "a wake was never disposed of")
    }
    book.arriving = event.sequence
    book.generation = event.generation
    book.arrivingLeavesNone = wake.flags.contains(.leavesNoSession)
    keys[event.session] = book
    noteSeen(wake.resume, event, isVouched: false, mayBeNew: false)
  }

  mutating func settle(_ wake: SequenceNumber, _ event: Event) {
    if keys[event.session]?.arriving == wake, wake.exists {
      keys[event.session]?.arriving = .none
    } else {
      report(
        .everyWakeSettles, event.session, event.sequence,
        "wake \(wake.value) was disposed of twice, or never asked for")
    }
  }

  /// The wake waits, alone or with others: a session is left unless none of them leaves one.
  mutating func wakeDeferred(_ deferred: WakeDeferred, _ event: Event) {
    settle(deferred.wake, event)
    let book = keys[event.session] ?? KeyBook()
    keys[event.session]?.waitingLeaveNone =
      (book.waitingLeaveNone ?? true) && book.arrivingLeavesNone
  }

  mutating func runStarted(_ start: RunStarted, _ event: Event) {
    var book = keys[event.session] ?? KeyBook()
    if book.run.exists {
      report(
        .oneOpenRun, event.session, event.sequence,
        "run \(event.run.value) began while run \(book.run.value) was open", "archon#1830")
      release(event.session, book.attempt)
    }
    if let current = epochs[start.host], start.host.exists, start.epoch < current {
      report(
        .staleWritersLose, event.session, event.sequence,
        "a run of epoch \(start.epoch) began in epoch \(current) of its host", "hermes#37555")
    }
    let isArriving = book.arriving == start.wake && book.arriving.exists
    book.leavesNoSession =
      (book.waitingLeaveNone ?? true) && (isArriving ? book.arrivingLeavesNone : true)
    book.waitingLeaveNone = nil
    if isArriving { book.arriving = .none }
    book.run = event.run
    book.host = start.host
    book.epoch = start.epoch
    book.attempt = AttemptBook()
    book.earlierFailure = nil
    keys[event.session] = book
  }

  mutating func runFinished(_ finish: RunFinished, _ event: Event) {
    var book = keys[event.session] ?? KeyBook()
    guard book.run.exists, book.run == event.run else {
      return report(
        .everyWakeSettles, event.session, event.sequence,
        "run \(event.run.value) ended, and was not open")
    }
    judgeEnd(finish, book, event)
    if finish.cause == .lease, book.attempt.mode == .resume, !book.attempt.hasEntered {
      noteSilence(of: book.attempt.asked, isBeforehand: true)
    }
    release(event.session, book.attempt)
    book.ended = book.run
    book.run = .none
    keys[event.session] = book
  }

  /// Whether the event is of the key's open run; else a stale writer was let in.
  mutating func isWritten(by event: Event) -> Bool {
    let book = keys[event.session] ?? KeyBook()
    guard event.run.exists else {
      // What a host says outside any run is not fenced; ours says nothing outside one.
      if event.flags.contains(.imported) { return true }
      report(
        .staleWritersLose, event.session, event.sequence, "a write that belongs to no run",
        "hermes#37555")
      return false
    }
    if book.run != event.run {
      let isOld = event.run < book.wall
      report(
        .staleWritersLose, event.session, event.sequence,
        "run \(event.run.value) wrote, and is not open", isOld ? "hermes#3210" : "hermes#37555")
      return false
    }
    if let current = epochs[book.host], book.host.exists, book.epoch < current {
      report(
        .staleWritersLose, event.session, event.sequence,
        "a run of epoch \(book.epoch) wrote in epoch \(current) of its host", "hermes#37555")
    }
    return true
  }

  mutating func transcriptFlushed(_ flushed: TranscriptFlushed, _ event: Event) {
    guard isWritten(by: event) else { return }
    let cursor = keys[event.session]?.cursor ?? 0
    if flushed.from != cursor {
      report(
        .staleWritersLose, event.session, event.sequence,
        "messages written from \(flushed.from), and the transcript ends at \(cursor)",
        "hermes#3210")
    }
    keys[event.session, default: KeyBook()].cursor = flushed.to
  }

  mutating func hold(_ identity: IdentitySymbol, by session: SessionSymbol) {
    guard identity.exists else { return }
    if identities[identity, default: IdentityBook()].holders.contains(session) { return }
    identities[identity, default: IdentityBook()].holders.append(session)
  }

  mutating func release(_ session: SessionSymbol, _ attempt: AttemptBook) {
    if attempt.asked.exists { identities[attempt.asked]?.holders.removeAll { $0 == session } }
    if attempt.entered.exists, attempt.entered != attempt.asked {
      identities[attempt.entered]?.holders.removeAll { $0 == session }
    }
  }
}
