import WakelogModel

/// What the world outside remembers: open runs as their hosts see them, calls that may come
/// again, and which provider sessions are dead.
struct HistoryWorld: Sendable {
  /// A run as its host sees it.
  struct Held: Sendable {
    var session: SessionSymbol
    var claim: FenceClaim
    var attempt: SequenceNumber
    var asked: IdentitySymbol
    var provider: ProviderSymbol
  }

  /// Runs that their hosts believe open, whether they are or not.
  var held: [Held] = []
  /// Runs that ended, for writers who do not know.
  var stale: [Held] = []
  /// The last `finish` of each key.
  var finishes: [SessionSymbol: FinishCommand] = [:]
  /// Ids that the provider has forgotten.
  var dead: Set<IdentitySymbol> = []
  /// Whose each id is; the id's number is the index plus one.
  var providers: [ProviderSymbol] = []

  /// A new id of a provider.
  mutating func newIdentity(_ provider: ProviderSymbol) -> IdentitySymbol {
    providers.append(provider)
    return IdentitySymbol(UInt32(providers.count))
  }

  /// The ids of a provider.
  func identities(of provider: ProviderSymbol) -> [IdentitySymbol] {
    providers.indices.filter { providers[$0] == provider }.map { IdentitySymbol(UInt32($0 + 1)) }
  }

  /// Takes in what a command came to.
  mutating func note(_ step: History.Step, _ state: State) {
    switch step.command {
    case .wake(let wake): begin(step, wake.session, wake.fence, state)
    case .next(let next): begin(step, next.session, next.fence, state)
    case .finish(let finish): end(step, finish, state)
    default: break
    }
    let ended = held.filter { state.openRun(of: $0.session)?.run != $0.claim.run }
    // Three in four hosts learn that their run was ended from outside; the others go on writing.
    for run in ended where run.claim.digest.low % 4 != 0 || held.count > 12 {
      held.removeAll { $0.claim == run.claim }
      stale.append(run)
    }
    if stale.count > 8 { stale.removeFirst(stale.count - 8) }
  }

  private mutating func begin(
    _ step: History.Step, _ session: SessionSymbol, _ fence: FenceDigest, _ state: State
  ) {
    guard case .success(.wake(.started, let run, let attempt)) = step.decision.answer,
      let open = state.openRun(of: session)
    else { return }
    held.append(
      Held(
        session: session, claim: FenceClaim(run: run, digest: fence), attempt: attempt,
        asked: open.asked, provider: open.provider))
  }

  private mutating func end(_ step: History.Step, _ finish: FinishCommand, _ state: State) {
    finishes[finish.session] = finish
    guard case .success(.finished(_, _, let isSettled)) = step.decision.answer else { return }
    guard let index = held.firstIndex(where: { $0.claim == finish.fence }) else { return }
    if isSettled {
      stale.append(held.remove(at: index))
    } else if let open = state.openRun(of: finish.session) {
      held[index].attempt = open.attempt
      held[index].asked = open.asked
    }
  }
}
