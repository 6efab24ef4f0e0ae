/// A session key was seen for the first time.
public struct SessionOpened: EventPayload {
  /// The agent it belongs to.
  public var agent = AgentSymbol.none
  /// The provider of its first wake.
  public var provider = ProviderSymbol.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("agent", &agent)
    visitor.symbol("provider", &provider)
  }
}

/// The key points to a provider session from here on.
public struct SessionBound: EventPayload {
  /// The provider session.
  public var identity = IdentitySymbol.none
  /// Its provider.
  public var provider = ProviderSymbol.none
  /// Who proved it.
  public var proof: Proof?
  /// What its workspace is.
  public var workspaceKind: WorkspaceKind?
  /// The workspace it lives in.
  public var workspace = WorkspaceSymbol.none
  /// The wake's fingerprint.
  public var fingerprint = FingerprintSymbol.none
  /// The host of the run.
  public var host = HostSymbol.none
  /// The id to show.
  public var display = Symbol<Space.Display>.none
  /// The opaque parameters to resume with.
  public var params = Symbol<Space.Params>.none
  /// Who asserted it, where somebody did by name.
  public var by = Symbol<Space.Actor>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("identity", &identity)
    visitor.symbol("provider", &provider)
    visitor.code("provenBy", &proof)
    visitor.code("workspaceKind", &workspaceKind)
    visitor.symbol("workspace", &workspace)
    visitor.symbol("fingerprint", &fingerprint)
    visitor.symbol("host", &host)
    visitor.symbol("displayId", &display)
    visitor.symbol("params", &params)
    visitor.symbol("by", &by)
  }
}

/// The key points to no provider session from here on.
public struct SessionCleared: EventPayload {
  /// The session it pointed to.
  public var identity = IdentitySymbol.none
  /// Why.
  public var because: ClearCause?

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("identity", &identity)
    visitor.code("because", &because)
  }
}

/// An id cannot be resumed, for its provider on every key.
public struct SessionCondemned: EventPayload {
  /// The id.
  public var identity = IdentitySymbol.none
  /// Why.
  public var cause: CondemnCause?
  /// The failure that says so.
  public var failure: FailureKind?
  /// The attempt that failed.
  public var attempt = SequenceNumber.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("identity", &identity)
    visitor.code("cause", &cause)
    visitor.code("failure", &failure)
    visitor.sequence("attempt", &attempt)
  }
}

/// An id failed without a turn, in a way that may be its own fault.
public struct SessionSuspected: EventPayload {
  /// The id.
  public var identity = IdentitySymbol.none
  /// The failure.
  public var failure: FailureKind?
  /// Where it was not found, for `wrongWorkspace`.
  public var workspace = WorkspaceSymbol.none
  /// On which host it was not found.
  public var host = HostSymbol.none
  /// Whether it counts towards condemning; a refusal here and now does not.
  public var counts: UInt32 = 0

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("identity", &identity)
    visitor.code("failure", &failure)
    visitor.symbol("workspace", &workspace)
    visitor.symbol("host", &host)
    visitor.number("counts", &counts)
  }
}

/// An operator took back a condemnation.
public struct SessionRevived: EventPayload {
  /// The id.
  public var identity = IdentitySymbol.none
  /// Who.
  public var by = Symbol<Space.Actor>.none
  /// Why.
  public var why = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("identity", &identity)
    visitor.symbol("by", &by)
    visitor.symbol("why", &why)
  }
}

/// A wall: the header's generation begins here.
public struct SessionReset: EventPayload {
  /// Why.
  public var cause: ResetCause?
  /// What the key pointed to.
  public var previous = IdentitySymbol.none
  /// Why, in the words of who asked.
  public var because = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.code("cause", &cause)
    visitor.symbol("previous", &previous)
    visitor.symbol("because", &because)
  }
}

/// An operator set a key right; what it changed follows as events of its own.
public struct SessionRepaired: EventPayload {
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

/// A write changed nothing.
public struct WriteRejected: EventPayload {
  /// What was called.
  public var method: WritingMethod?
  /// Why it was rejected.
  public var because: RejectCause?
  /// The attempt it named.
  public var attempt = SequenceNumber.none
  /// The id it reported.
  public var reported = IdentitySymbol.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.code("method", &method)
    visitor.code("because", &because)
    visitor.sequence("attempt", &attempt)
    visitor.symbol("reported", &reported)
  }
}

/// Somebody looked whether an id's transcript exists.
public struct ProbeObserved: EventPayload {
  /// The id.
  public var identity = IdentitySymbol.none
  /// What was seen.
  public var seen: Seen?
  /// In their words.
  public var detail = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("identity", &identity)
    visitor.code("seen", &seen)
    visitor.symbol("detail", &detail)
  }
}

/// The host wrote transcript messages `from..<to` of this generation.
public struct TranscriptFlushed: EventPayload {
  /// The first message written.
  public var from: UInt64 = 0
  /// The message after the last one written: the cursor from here on.
  public var to: UInt64 = 0

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.wide("from", &from)
    visitor.wide("to", &to)
  }
}
