import WakelogModel

/// What is to be explained.
enum Question {
  /// What a key points to.
  case binding(SessionSymbol)
  /// How a key stands.
  case status(SessionSymbol)
  /// Why an event was decided, on a key of an agent.
  case decision(Event, AgentSymbol)

  /// The key that it is about.
  var session: SessionSymbol {
    switch self {
    case .binding(let session), .status(let session): session
    case .decision(let event, _): event.session
    }
  }

  /// The facts that answer it, as a state has them; nil for an event that nobody decided.
  func facts(in state: State) -> [StateFact]? {
    switch self {
    case .binding(let session): StateFact.binding(of: session, in: state)
    case .status(let session): StateFact.status(of: session, in: state)
    case .decision(let event, let agent): StateFact.basis(of: event, agent: agent)
    }
  }

  /// The same question with other numbers.
  func renumbered(_ numbers: inout Renumbering) -> Question {
    switch self {
    case .binding(let session): .binding(numbers.place(session))
    case .status(let session): .status(numbers.place(session))
    case .decision(let event, let agent): .decision(numbers.place(event), numbers.place(agent))
    }
  }
}

/// Small numbers for the symbols of a few events.
///
/// A state has a row for every number up to the largest. That of a few events of a large log, which
/// is built again for every event that may be dropped, would be as large as that of the whole.
struct Renumbering {
  private struct Name: Hashable {
    var namespace: Namespace
    var number: UInt32
  }

  private var numbers: [Name: UInt32] = [:]
  private var counts: [Namespace: UInt32] = [:]

  /// An event with small numbers for what has rows in the state.
  mutating func place(_ event: Event) -> Event {
    event.renumbered { namespace, number in place(namespace, number) }
  }

  /// A symbol with a small number.
  mutating func place<Space>(_ symbol: Symbol<Space>) -> Symbol<Space> {
    symbol.exists ? Symbol(place(Space.namespace, symbol.number)) : symbol
  }

  private mutating func place(_ namespace: Namespace, _ number: UInt32) -> UInt32 {
    guard [.session, .agent, .identity, .host].contains(namespace) else { return number }
    let name = Name(namespace: namespace, number: number)
    if let known = numbers[name] { return known }
    counts[namespace, default: 0] += 1
    numbers[name] = counts[namespace]
    return counts[namespace] ?? 0
  }
}
