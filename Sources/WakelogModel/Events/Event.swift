/// One line of the log: a fixed header, and the fields of its kind.
///
/// A value of bits alone: reducing one allocates nothing.
public struct Event: Hashable, Sendable, BitwiseCopyable {
  /// Its position. The key in the log, no part of the record.
  public var sequence: SequenceNumber
  /// When, with the offset of the wall clock there.
  public var at: Instant
  /// The stream it belongs to; none for events of hosts, agents and policies.
  public var session: SessionSymbol
  /// The run it belongs to: the number of its first wake; none outside runs.
  public var run: SequenceNumber
  /// The session's generation with this event; 0 without a session.
  public var generation: Generation
  /// The previous event of the same stream; none for the first.
  public var previous: SequenceNumber
  /// Booleans.
  public var flags: EventFlags
  /// What it says.
  public var body: EventBody

  /// Makes an event of its parts.
  public init(
    sequence: SequenceNumber, at: Instant, session: SessionSymbol, run: SequenceNumber,
    generation: Generation, previous: SequenceNumber, flags: EventFlags = [], body: EventBody
  ) {
    self.sequence = sequence
    self.at = at
    self.session = session
    self.run = run
    self.generation = generation
    self.previous = previous
    self.flags = flags
    self.body = body
  }
}

/// What every event can say of itself, yes or no.
public struct EventFlags: FieldFlags, Hashable {
  /// The bits.
  public var rawValue: UInt8
  /// Makes flags of their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It was imported from another store, not decided here.
  public static let imported = Self(rawValue: 1)

  /// The members with their names on the wire.
  public static let names: [(name: StaticString, flag: Self)] = [("imported", .imported)]
}
