internal import WakelogModel

/// Answers attempts that the record does not have, by what the record proved.
///
/// An id that never worked after a point does not work in the replay either. Before it, and where
/// nothing speaks against it, a resume does as the resume of that id did that is nearest in time;
/// a fresh attempt does as the nearest fresh attempt of that key, else of that provider.
struct RecordedWorld {
  /// What an attempt comes to.
  struct Answer {
    /// The end; its attempt and request are to be filled in.
    var finish: AttemptFinished
    /// How long it takes, nanoseconds.
    var duration: Int64
    /// Whether the id reported has to be a new one.
    var isNewSession: Bool
  }

  private let attempts: [RecordedAttempt]
  private var resumes: [IdentitySymbol: [Int]] = [:]
  private var mints: [IdentitySymbol: Int] = [:]
  private var fresh: [SessionSymbol: [Int]] = [:]
  private var freshOfProvider: [ProviderSymbol: [Int]] = [:]
  /// When somebody looked and found no transcript.
  private var missing: [IdentitySymbol: [Int64]] = [:]
  /// Sessions that only the replay began, with the answer that began them.
  private var invented: [IdentitySymbol: Answer] = [:]

  init(_ attempts: [RecordedAttempt], _ events: [Event]) {
    self.attempts = attempts
    for place in attempts.indices where attempts[place].finish != nil {
      let attempt = attempts[place]
      if attempt.asked.exists {
        resumes[attempt.asked, default: []].append(place)
      } else {
        fresh[attempt.session, default: []].append(place)
        freshOfProvider[attempt.provider, default: []].append(place)
      }
      let identity = attempt.identity
      if attempt.worked, identity.exists, identity != attempt.asked, mints[identity] == nil {
        mints[identity] = place
      }
    }
    for event in events {
      switch event.body {
      case .probeObserved(let observed) where observed.seen == .missing:
        missing[observed.identity, default: []].append(event.at.nanoseconds)
      case .sessionCondemned(let condemned) where condemned.cause == .imported:
        missing[condemned.identity, default: []].append(event.at.nanoseconds)
      default: break
      }
    }
  }

  /// What an attempt comes to that begins now.
  func answer(
    _ start: AttemptStarted, _ session: SessionSymbol, _ provider: ProviderSymbol, at now: Int64
  ) -> Answer {
    start.identity.exists
      ? resume(start.identity, in: start.workspace, at: now)
      : freshAnswer(session, provider, at: now)
  }

  /// Remembers a session that only the replay began.
  mutating func note(_ identity: IdentitySymbol, begunBy answer: Answer) {
    invented[identity] = answer
  }

  private func resume(
    _ identity: IdentitySymbol, in workspace: WorkspaceSymbol, at now: Int64
  ) -> Answer {
    let all = resumes[identity] ?? []
    let here = all.filter { attempts[$0].mayHaveRun(in: workspace) }
    let known = here.isEmpty ? all : here
    if let death = death(of: identity, known), now >= death { return dead(known, at: now) }
    if let place = nearest(known.filter { !attempts[$0].provesDeath }, to: now) {
      return answer(place, reporting: identity, isNewSession: false)
    }
    if let place = mints[identity] {
      return answer(place, reporting: identity, isNewSession: false)
    }
    if var answer = invented[identity] {
      if answer.finish.reported.exists { answer.finish.reported = identity }
      answer.isNewSession = false
      return answer
    }
    return dead(known, at: now)
  }

  /// The first sign that an id cannot be resumed after the last that it can; nil without one.
  private func death(of identity: IdentitySymbol, _ known: [Int]) -> Int64? {
    var lastWork = Int64.min
    for place in known + (mints[identity].map { [$0] } ?? []) where attempts[place].worked {
      lastWork = max(lastWork, attempts[place].endedAt)
    }
    let failures = known.filter { attempts[$0].provesDeath }.map { attempts[$0].startedAt }
    return (failures + (missing[identity] ?? [])).filter { $0 >= lastWork }.min()
  }

  private func dead(_ known: [Int], at now: Int64) -> Answer {
    if let place = nearest(known.filter { attempts[$0].provesDeath }, to: now) {
      return answer(place, reporting: nil, isNewSession: false)
    }
    var finish = AttemptFinished()
    finish.outcome = .failed
    finish.failure = .unknownSession
    finish.turns = 0
    return Answer(finish: finish, duration: 1_000_000_000, isNewSession: false)
  }

  private func freshAnswer(
    _ session: SessionSymbol, _ provider: ProviderSymbol, at now: Int64
  ) -> Answer {
    if let place = nearest(fresh[session] ?? [], to: now)
      ?? nearest(freshOfProvider[provider] ?? [], to: now)
    {
      return answer(place, reporting: nil, isNewSession: true)
    }
    // The record has no fresh attempt with this provider: nothing says that one would fail.
    var finish = AttemptFinished()
    finish.outcome = .succeeded
    finish.turns = 1
    finish.flags = [.entered, .hadOutput]
    return Answer(finish: finish, duration: 1_000_000_000, isNewSession: true)
  }

  private func answer(
    _ place: Int, reporting identity: IdentitySymbol?, isNewSession: Bool
  ) -> Answer {
    let attempt = attempts[place]
    var finish = attempt.finish ?? AttemptFinished()
    if attempt.isOutside, finish.failure == .wrongWorkspace { finish.failure = .unknownSession }
    if attempt.hasEntered { finish.turns = max(finish.turns ?? 1, 1) }
    if let identity, finish.reported.exists { finish.reported = identity }
    return Answer(
      finish: finish, duration: attempt.endedAt - attempt.startedAt, isNewSession: isNewSession)
  }

  /// The attempt that began nearest to a time; of two the earlier.
  private func nearest(_ places: [Int], to now: Int64) -> Int? {
    places.min { left, right in
      distance(left, now) < distance(right, now)
    }
  }

  private func distance(_ place: Int, _ now: Int64) -> UInt64 {
    let (difference, isFar) = attempts[place].startedAt.subtractingReportingOverflow(now)
    return isFar ? .max : difference.magnitude
  }
}
