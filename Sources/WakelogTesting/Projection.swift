/// A state in plain words, as tests expect it: everything that the wire shows of sessions, agents,
/// hosts and provider sessions.
///
/// `session("s").bound = "x"` changes what is expected; a row never seen begins with zeros.
public final class Projection {
  var sessions: [String: SessionReading] = [:]
  var agents: [String: AgentReading] = [:]
  var hosts: [String: HostReading] = [:]
  var identities: [String: IdentityReading] = [:]
  /// The name of the policy in force; nil while none was adopted.
  public var policy: String?

  init() {}

  /// A session key.
  public func session(_ key: String = "s") -> Row<SessionReading> {
    Row(get: { self.sessions[key] ?? .init() }, set: { self.sessions[key] = $0 })
  }

  /// An agent.
  public func agent(_ name: String = "ada") -> Row<AgentReading> {
    Row(get: { self.agents[name] ?? .init() }, set: { self.agents[name] = $0 })
  }

  /// A host.
  public func host(_ name: String) -> Row<HostReading> {
    Row(get: { self.hosts[name] ?? .init() }, set: { self.hosts[name] = $0 })
  }

  /// A provider session.
  public func identity(_ id: String) -> Row<IdentityReading> {
    Row(get: { self.identities[id] ?? .init() }, set: { self.identities[id] = $0 })
  }

  /// One row of a projection, whose fields can be set in place.
  @dynamicMemberLookup
  public struct Row<Reading> {
    let get: () -> Reading
    let set: (Reading) -> Void

    /// A field.
    public subscript<Value>(dynamicMember field: WritableKeyPath<Reading, Value>) -> Value {
      get { get()[keyPath: field] }
      nonmutating set {
        var reading = get()
        reading[keyPath: field] = newValue
        set(reading)
      }
    }
  }

  /// Every field that is not as in a row never seen, with its path.
  var lines: [String: String] {
    var lines: [String: String] = [:]
    func add(_ name: String, _ row: Any, _ empty: Any) {
      let pairs = zip(Mirror(reflecting: row).children, Mirror(reflecting: empty).children)
      for (field, zero) in pairs {
        let value = Self.word(field.value)
        if value != Self.word(zero.value) { lines["\(name).\(field.label ?? "")"] = value }
      }
    }
    for (key, row) in sessions { add("session(\(key))", row, SessionReading()) }
    for (name, row) in agents { add("agent(\(name))", row, AgentReading()) }
    for (name, row) in hosts { add("host(\(name))", row, HostReading()) }
    for (id, row) in identities { add("identity(\(id))", row, IdentityReading()) }
    if let policy { lines["policy"] = policy }
    return lines
  }

  private static func word(_ value: Any) -> String {
    guard let optional = value as? any OptionalWord else { return "\(value)" }
    return optional.word
  }

  func copy() -> Projection {
    let copy = Projection()
    copy.sessions = sessions
    copy.agents = agents
    copy.hosts = hosts
    copy.identities = identities
    copy.policy = policy
    return copy
  }
}

private protocol OptionalWord { var word: String { get } }

extension Optional: OptionalWord {
  fileprivate var word: String { map { "\($0)" } ?? "nothing" }
}
