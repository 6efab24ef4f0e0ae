/// A host process started.
public struct HostStarted: EventPayload {
  /// The host.
  public var host = HostSymbol.none
  /// Its epoch from here on.
  public var epoch: UInt32 = 0
  /// The version it runs.
  public var version = Symbol<Space.Version>.none
  /// The process that took the host's name.
  public var process = ProcessMark.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("host", &host)
    visitor.number("epoch", &epoch)
    visitor.symbol("version", &version)
    visitor.number("pid", &process.pid)
    visitor.wide("processStarted", &process.started)
    visitor.digest("machine", &process.machine)
  }
}

/// An upgrade of a host went one step.
public struct HostUpgraded: EventPayload {
  /// The host.
  public var host = HostSymbol.none
  /// The new version.
  public var to = Symbol<Space.Version>.none
  /// The step.
  public var step: UpgradeStep?
  /// In their words.
  public var detail = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("host", &host)
    visitor.symbol("to", &to)
    visitor.code("step", &step)
    visitor.symbol("detail", &detail)
  }
}

/// An agent was paused or unpaused.
public struct AgentSwitched: EventPayload {
  /// The agent.
  public var agent = AgentSymbol.none
  /// Who did it.
  public var by = Symbol<Space.Actor>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("agent", &agent)
    visitor.symbol("by", &by)
  }
}

/// A policy is in force from here on.
public struct PolicyAdopted: EventPayload {
  /// The document.
  public var policy = Symbol<Space.Policy>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("policy", &policy)
  }
}

/// An event's evidence was removed for good.
public struct EvidenceRedacted: EventPayload {
  /// The event.
  public var target = SequenceNumber.none
  /// Who.
  public var by = Symbol<Space.Actor>.none
  /// Why.
  public var why = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("target", &target)
    visitor.symbol("by", &by)
    visitor.symbol("why", &why)
  }
}

/// Words in the log that change nothing.
public struct NoteAdded: EventPayload {
  /// Who.
  public var by = Symbol<Space.Actor>.none
  /// The words.
  public var text = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("by", &by)
    visitor.symbol("text", &text)
  }
}
