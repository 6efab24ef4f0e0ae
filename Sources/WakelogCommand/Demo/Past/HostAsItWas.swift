internal import WakelogModel

extension Demo {
  /// A host's own rules of the time, as its sources and reports tell them: pure functions of what
  /// it had stored, and nothing of Wakelog's.
  protocol HostAsItWas {
    /// The rules, each in a sentence with its source.
    var rules: [String] { get }
    /// What it begins a wake with.
    mutating func choose(_ wake: Wake) -> Choice
    /// What it tries next within the run; nil when the run has ended.
    mutating func retry(_ run: PastRun) -> Choice?
    /// What it makes of a run that has ended.
    mutating func settle(_ run: PastRun) -> Ending
    /// What it makes of a run whose process was lost.
    mutating func lose(_ run: PastRun) -> Ending
    /// Forgets the conversation.
    mutating func reset(_ session: String)
    /// Which messages it writes to which place of the transcript; nil for a host that leaves that
    /// to the provider.
    mutating func flush(_ attempt: PastAttempt, _ wake: Wake) -> Range<UInt64>?
    /// The messages of history that it hands to the agent; nil when the provider keeps them.
    func history(_ wake: Wake) -> UInt64?
    /// A new version of its rules is in force.
    mutating func patch()
  }

  /// What a host begins an attempt with.
  struct Choice {
    var resume: String?
    var workspace: Place?
    var reset: ResetCause?
  }

  /// An attempt that has ended.
  struct PastAttempt {
    var choice: Choice
    var answer: Answer
    var failure: FailureKind?
    var outcome: Outcome
    var number: UInt64
  }

  /// A run with the attempts that have ended.
  struct PastRun {
    var wake: Wake
    var attempts: [PastAttempt]
  }

  /// What a host makes of a run.
  struct Ending {
    var outcome: Outcome
    var failure: FailureKind?
    /// The id that it stores now; nil when it leaves alone what it had.
    var stores: String?
    /// What it does beside that.
    var remark: String?
  }
}

extension Demo.HostAsItWas {
  mutating func retry(_ run: Demo.PastRun) -> Demo.Choice? { nil }
  mutating func reset(_ session: String) {}
  mutating func flush(_ attempt: Demo.PastAttempt, _ wake: Demo.Wake) -> Range<UInt64>? { nil }
  func history(_ wake: Demo.Wake) -> UInt64? { nil }
  mutating func patch() {}

  mutating func lose(_ run: Demo.PastRun) -> Demo.Ending {
    Demo.Ending(outcome: .interrupted, failure: .interrupted)
  }
}

extension Demo.PastRun {
  /// How the last attempt ended, taken for the run's end.
  var lastAttempt: Demo.Ending {
    Demo.Ending(
      outcome: attempts.last?.outcome ?? .failed, failure: attempts.last?.failure,
      stores: attempts.last?.answer.reported)
  }
}
