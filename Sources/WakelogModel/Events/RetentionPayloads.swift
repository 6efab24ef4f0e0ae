/// The log begins later from here on: the events up to a position went to the archive.
///
/// What stays of them is the state that they add up to. The hashes stand in the chain of seals, so
/// that neither the archive nor the state that was kept can be exchanged for another.
public struct LogTrimmed: EventPayload {
  /// The last event that went.
  public var through = SequenceNumber.none
  /// The seal of the commit that it ended, in hexadecimal digits.
  public var seal = Symbol<Space.Text>.none
  /// The hash of the state there, as `stats` shows it.
  public var stateHash = Symbol<Space.Text>.none
  /// The digest of the state as it was kept, in hexadecimal digits.
  public var base = Symbol<Space.Text>.none
  /// Who.
  public var by = Symbol<Space.Actor>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("through", &through)
    visitor.symbol("seal", &seal)
    visitor.symbol("stateHash", &stateHash)
    visitor.symbol("base", &base)
    visitor.symbol("by", &by)
  }
}

/// The session of the header was forgotten: its names and texts are gone, its events are numbers.
public struct SessionForgotten: EventPayload {
  /// Who.
  public var by = Symbol<Space.Actor>.none
  /// Why.
  public var why = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("by", &by)
    visitor.symbol("why", &why)
  }
}
