import WakelogModel

/// One session's row of the report: what happened to it, from left to right.
struct Lane {
  /// The session; none for the events of hosts, agents and policies.
  var session: SessionSymbol
  /// What there is to see, in order.
  var slots: [Slot] = []
  /// What the key points to after the last slot.
  var binding = Binding()
  /// Its events, and those that are listed below the picture.
  var events: [Event] = []
  var listed: ArraySlice<Event> = []

  /// How many slots lie before and after those that are drawn.
  var skippedBefore = 0, skippedAfter = 0

  /// What a key points to.
  struct Binding: Equatable {
    var identity = IdentitySymbol.none
    /// Whether that id is condemned, or failed in a way that means the same.
    var isDead = false
  }

  /// One thing to see.
  struct Slot {
    var kind: Kind
    /// The event that it shows.
    var sequence: SequenceNumber
    var at: Instant
    /// The run that it belongs to; none outside of runs.
    var run: SequenceNumber
    /// What the key points to before it.
    var binding: Binding
    /// The places of the findings that begin here.
    var findings: [Int] = []
  }

  enum Kind {
    case attempt(Attempt)
    /// A reset, and the generation that it begins.
    case wall(ResetCause?, Generation)
    /// A wake that did not begin a run, and what became of it.
    case wake(Source?, String)
    /// Anything else, in a word, with the id that it is about.
    case mark(String, Binding)
    /// Nothing for so many nanoseconds.
    case pause(Int64)
    /// So many runs in which a single attempt worked.
    case worked(Int, through: SequenceNumber)
  }

  struct Attempt {
    /// Who asked for the run, when this is its first attempt.
    var source: Source?
    var reason = ReasonSymbol.none
    var isFirst = false
    /// What it resumes.
    var asked = Binding()
    var isFallback = false
    /// How it ended; nil while it is open.
    var outcome: Outcome?
    var failure: FailureKind?
    var reported = IdentitySymbol.none
    /// How the run ended, where that is not how the attempt did.
    var runOutcome: Outcome?
    var runFailure: FailureKind?
  }
}
