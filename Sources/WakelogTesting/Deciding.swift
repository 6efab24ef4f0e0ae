public import WakelogModel

/// What a command came to, as a world takes it: the events for the log, and the answer.
public struct Decided {
  /// The events, in order.
  public var events: [Event]
  /// The answer.
  public var answer: Result<Answer, Fault>

  /// Pairs events with an answer.
  public init(events: [Event], answer: Result<Answer, Fault>) {
    self.events = events
    self.answer = answer
  }
}

/// The two functions a world runs on. The clean ones by default; mutants wrap them.
public protocol Deciding {
  /// Decides what a command comes to; changes nothing.
  func decide(
    _ command: Command, at: Instant, on state: State, context: any Context
  ) -> Decided

  /// Adds one event to a state.
  func reduce(_ event: Event, into state: inout State)

  /// Decides what a command comes to, and takes it into the state.
  func execute(
    _ command: Command, at: Instant, on state: inout State, context: any Context
  ) -> Decided

  /// The functions from a note on: its author may be a change that was deployed.
  func following(noteBy author: String) -> any Deciding
}

extension Deciding {
  /// The engine's own decision.
  public func decide(
    _ command: Command, at: Instant, on state: State, context: any Context
  ) -> Decided {
    let decision = state.decide(command, at: at, context: context)
    return Decided(events: decision.events, answer: decision.answer)
  }

  /// The engine's own reducer.
  public func reduce(_ event: Event, into state: inout State) { state.reduce(event) }

  /// The same.
  public func following(noteBy author: String) -> any Deciding { self }

  /// The decision, reduced event by event.
  public func execute(
    _ command: Command, at: Instant, on state: inout State, context: any Context
  ) -> Decided {
    let decided = decide(command, at: at, on: state, context: context)
    for event in decided.events { reduce(event, into: &state) }
    return decided
  }
}

/// The engine as it is.
public struct CleanRules: Deciding {
  /// The engine's own functions.
  public init() {}

  /// Both at once, without a copy of the state.
  public func execute(
    _ command: Command, at: Instant, on state: inout State, context: any Context
  ) -> Decided {
    let decision = state.execute(command, at: at, context: context)
    return Decided(events: decision.events, answer: decision.answer)
  }
}
