// Which ids are offered and bound, and what speaks for and against them.

extension LawChecker {
  /// Holds an offer against every law that speaks of offers.
  mutating func judgeOffer(_ start: AttemptStarted, _ book: KeyBook, _ event: Event) {
    let identity = start.identity
    let known = identities[identity] ?? IdentityBook()
    let session = event.session
    if known.death != .none {
      report(
        .deadStaysDead, session, event.sequence,
        "an id is offered again after \(known.deathFailure?.name ?? "its condemnation")",
        Self.incidentOfDeath(known))
    }
    judgeProof(start, known, event)
    let isAsserted = start.flags.contains(.mintedAnew) && start.from == .explicit
    if !isAsserted, known.firstSeen.exists, minted(identity, for: session) < book.wall {
      report(
        .resetIsAWall, session, event.sequence, "an id of before the reset is offered",
        Self.incidentOfWall(start, book))
    }
    judgeWorkspace(start, known, event)
    if known.holders.contains(where: { $0 != session }) {
      report(
        .oneOpenRun, session, event.sequence, "an id is offered that another open run holds",
        "archon#1830")
    }
    if known.unanswered >= 2 || known.repeated >= suspectLimit {
      report(
        .everyWakeSettles, session, event.sequence,
        "an id is offered again after it failed twice without a turn", "openclaw#77011")
    }
    noteSeen(identity, event, isVouched: start.flags.contains(.vouched))
  }

  private mutating func judgeProof(
    _ start: AttemptStarted, _ known: IdentityBook, _ event: Event
  ) {
    let isNew = !known.firstSeen.exists
    if known.isProven || known.isVouched { return }
    // A host's log begins somewhere: what it resumed before is taken on trust.
    if isNew, start.from == .explicit || event.flags.contains(.imported) {
      identities[start.identity, default: IdentityBook()].isVouched = true
      return
    }
    report(
      .proofBeforeResume, event.session, event.sequence,
      "an id is offered that no attempt ever entered", "archon#1280")
  }

  private mutating func judgeWorkspace(
    _ start: AttemptStarted, _ known: IdentityBook, _ event: Event
  ) {
    guard known.lastBound.exists, let made = known.workspaceKind else { return }
    if start.workspaceKind == nil, event.flags.contains(.imported) { return }
    let isThere = start.workspaceKind != nil && start.workspace == known.workspace
    let moves = made == .home && start.workspaceKind != nil && start.workspaceKind != .home
    guard !isThere, !moves else { return }
    report(
      .sessionInItsWorkspace, event.session, event.sequence,
      start.workspaceKind == .home
        ? "a session is resumed in the fallback directory" : "a session is resumed elsewhere",
      start.workspaceKind == .home ? "paperclip#1907" : nil)
  }

  mutating func sessionBound(_ bound: SessionBound, _ event: Event) {
    let isWord = bound.proof == .operator || bound.proof == .caller || bound.proof == .imported
    let book = keys[event.session] ?? KeyBook()
    let isLate = event.flags.contains(.imported) && book.ended == event.run
    if !isWord, event.run.exists, !isLate { guard isWritten(by: event) else { return } }
    noteSeen(bound.identity, event, isVouched: false)
    let known = identities[bound.identity] ?? IdentityBook()
    if known.death != .none {
      report(
        .deadStaysDead, event.session, event.sequence, "a condemned id is bound",
        book.attempt.end?.failure == nil ? "paperclip#6608" : "archon#1280")
    }
    if !isWord { judgeBinding(bound, book, event) }
    if isWord { identities[bound.identity]?.isProven = true }
    mint(bound.identity, event, anew: bound.proof == .operator || bound.proof == .caller)
    identities[bound.identity]?.lastBound = event.sequence
    identities[bound.identity]?.workspace = bound.workspace
    identities[bound.identity]?.workspaceKind = bound.workspaceKind
  }

  private mutating func judgeBinding(_ bound: SessionBound, _ book: KeyBook, _ event: Event) {
    let isImported = event.flags.contains(.imported)
    let isForeign = isImported && !book.attempt.number.exists
    if isForeign {
      identities[bound.identity]?.isProven = true
    } else if !book.attempt.proves(bound.identity, isImported: isImported) {
      identities[bound.identity]?.wasBoundUnproven = true
      report(
        .proofBeforeResume, event.session, event.sequence,
        "an id is bound that the attempt never entered",
        book.leavesNoSession ? "openclaw#77104" : "archon#1280")
    }
    if book.leavesNoSession, !isImported, book.run == event.run {
      report(
        .proofBeforeResume, event.session, event.sequence,
        "a run that leaves no session bound one", "openclaw#77104")
    }
    if minted(bound.identity, for: event.session) < book.wall {
      report(
        .resetIsAWall, event.session, event.sequence, "an id of before the reset is bound",
        "hermes#3210")
    }
    if !isForeign, bound.workspaceKind == .home, let ran = book.attempt.workspaceKind, ran != .home
    {
      report(
        .sessionInItsWorkspace, event.session, event.sequence,
        "the fallback directory is taken for the session's workspace", "paperclip#1907")
    }
  }

  mutating func sessionCondemned(_ condemned: SessionCondemned) {
    identities[condemned.identity, default: IdentityBook()].death = .condemned
    identities[condemned.identity]?.deathFailure = condemned.failure
    identities[condemned.identity]?.isVouched = false
    identities[condemned.identity]?.unanswered = 0
    identities[condemned.identity]?.repeated = 0
  }

  mutating func sessionRevived(_ revived: SessionRevived) {
    identities[revived.identity, default: IdentityBook()].death = .none
    identities[revived.identity]?.isProven = true
    identities[revived.identity]?.repeated = 0
  }

  mutating func sessionReset(_ event: Event) {
    let isOpen = keys[event.session]?.run.exists == true
    keys[event.session, default: KeyBook()].wall = event.sequence
    keys[event.session]?.wallStoodInRun = isOpen
    keys[event.session]?.cursor = 0
  }

  mutating func noteSeen(
    _ identity: IdentitySymbol, _ event: Event, isVouched: Bool, mayBeNew: Bool = true
  ) {
    guard identity.exists, mayBeNew || identities[identity] != nil else { return }
    var known = identities[identity] ?? IdentityBook()
    if !known.firstSeen.exists { known.firstSeen = event.sequence }
    if isVouched { known.isVouched = true }
    identities[identity] = known
  }

  /// Where this key first bound an id or its caller asserted it, else where any key last bound
  /// it, else where it was first seen.
  func minted(_ identity: IdentitySymbol, for session: SessionSymbol) -> SequenceNumber {
    if let here = mintings[Minting(identity: identity, session: session)] { return here }
    let known = identities[identity] ?? IdentityBook()
    return known.lastBound.exists ? known.lastBound : known.firstSeen
  }

  /// A session that its key had bound was entered again: it is bound anew without a word.
  mutating func noteBoundAgain(
    _ identity: IdentitySymbol, _ book: KeyBook, _ event: Event
  ) {
    guard !book.leavesNoSession, identities[identity]?.death == IdentityBook.Death.none,
      let here = mintings[Minting(identity: identity, session: event.session)],
      here >= book.wall
    else { return }
    identities[identity]?.lastBound = event.sequence
  }

  mutating func mint(_ identity: IdentitySymbol, _ event: Event, anew: Bool) {
    let place = Minting(identity: identity, session: event.session)
    if anew || mintings[place] == nil { mintings[place] = event.sequence }
  }

  /// Who offered it went past the wake's own reset, or had kept it through one, or dug it out.
  private static func incidentOfWall(_ start: AttemptStarted, _ book: KeyBook) -> String {
    if start.from == .agent || start.from == nil || book.wall > book.run {
      return "paperclip#1907"
    }
    return book.wallStoodInRun ? "hermes#3210" : "hermes#61993"
  }

  private static func incidentOfDeath(_ known: IdentityBook) -> String {
    if known.wasBoundUnproven { return "archon#1280" }
    switch known.deathFailure {
    // Somebody had looked and said so; who resumed it never asked.
    case .missingTranscript where known.death == .condemned: return "openclaw#77030"
    case .missingTranscript, .timeout, .emptyResponse, .processLost, .interrupted:
      return "openclaw#77011"
    default: return "paperclip#6608"
    }
  }
}
