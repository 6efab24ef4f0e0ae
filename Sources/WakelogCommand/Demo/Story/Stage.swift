internal import WakelogModel

extension Demo {
  /// Who decides: a host as it was, or Wakelog.
  protocol Player {
    /// Decides on a wake; gives the attempt to run, if any.
    mutating func wake(_ wake: Wake) throws -> Attempt?
    /// Takes what an attempt left.
    mutating func end(_ attempt: Attempt, _ answer: Answer, at: Instant) throws -> Verdict
    /// Takes what else happened.
    mutating func witness(_ fact: Fact, index: Int) throws
    /// Takes notice that an attempt died with its host's process.
    mutating func lose(_ attempt: Attempt, at: Instant) throws -> Verdict
  }

  /// What a player made of an attempt's end.
  struct Verdict {
    /// The next attempt of the same run; nil when the run has ended.
    var next: Attempt?
    /// How the run ended; nil when it has not.
    var outcome: Outcome?
    /// Why, if it failed.
    var failure: FailureKind?
    /// Whether the messages of the attempt were written down.
    var hasWritten = false
  }

  /// Plays an incident before a player: facts and ends of attempts, in the order of time.
  struct Stage {
    private struct Running {
      var attempt: Attempt
      var answer: Answer
      var endsAt: Instant
    }

    private var world: World
    private var running: [Running] = []
    /// What the world saw.
    private(set) var tally = Tally()

    init(_ world: World) { self.world = world }

    /// Plays all facts, and every attempt to its end.
    mutating func play(_ facts: [Fact], before player: inout some Player) throws {
      for (index, fact) in facts.enumerated() {
        try settle(until: fact.at, &player)
        switch fact.deed {
        case .wake(let wake): try begin(try player.wake(wake))
        case .hostStarted(let host, _):
          try player.witness(fact, index: index)
          let lost = running.filter { $0.attempt.wake.host == host }
          running.removeAll { $0.attempt.wake.host == host }
          for one in lost {
            tally.ended(one.attempt.wake, try player.lose(one.attempt, at: fact.at))
          }
        case .reset(let session, _):
          try player.witness(fact, index: index)
          tally.reset(session, at: fact.at)
        case .hostUpgraded, .note: try player.witness(fact, index: index)
        }
      }
      try settle(until: nil, &player)
      tally.finish()
    }

    private mutating func begin(_ attempt: Attempt?) throws {
      guard let attempt else { return }
      let answer = try world.answer(attempt)
      tally.began(attempt, answer)
      let seconds = Instant(
        nanoseconds: attempt.startedAt.nanoseconds + answer.milliseconds * 1_000_000,
        offsetMinutes: attempt.startedAt.offsetMinutes)
      running.append(Running(attempt: attempt, answer: answer, endsAt: seconds))
    }

    private mutating func settle(until limit: Instant?, _ player: inout some Player) throws {
      while let index = running.indices.min(by: { running[$0].endsAt < running[$1].endsAt }) {
        if let limit, limit < running[index].endsAt { return }
        let one = running.remove(at: index)
        let verdict = try player.end(one.attempt, one.answer, at: one.endsAt)
        tally.ended(one.attempt, one.answer, at: one.endsAt, verdict)
        try begin(verdict.next)
      }
    }
  }
}
