/// What asked for a wake.
///
/// The raw value is the number kept in the log: never renumbered, never reused.
public enum Source: UInt8, CaseIterable, Hashable, Sendable, BitwiseCopyable {
  /// A heartbeat of the host.
  case timer = 1
  /// A person or another agent wrote.
  case message = 2
  /// The agent was given a task.
  case assignment = 3
  /// A schedule came due.
  case cron = 4
  /// An operator pressed the button.
  case manual = 5
  /// The host is making up for something that was lost.
  case recovery = 6
  /// Something happened in a system that the agent watches.
  case event = 7
}

extension Source {
  /// The source's name on the wire.
  public var name: String {
    switch self {
    case .timer: "timer"
    case .message: "message"
    case .assignment: "assignment"
    case .cron: "cron"
    case .manual: "manual"
    case .recovery: "recovery"
    case .event: "event"
    }
  }

  /// The source of that name; nil for any other text.
  public init?(name: String) {
    guard let source = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = source
  }
}
