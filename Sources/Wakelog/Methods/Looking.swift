import WakelogModel
import WakelogStore

extension HelloRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    var result = JSONObject()
    result.add("protocol", 1)
    result.add("version", .string(wakelogVersion))
    result.add("log", .string(call.log))
    result.add("policy", .string(core.context.policy.name))
    result.add("readOnly", .bool(call.readOnly))
    result.add("events", .count(core.state.position.value))
    return result
  }
}

extension SessionRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> SessionView {
    SessionView(core, try core.session(session))
  }
}

extension AgentRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> AgentView {
    AgentView(core, try core.agent(agent))
  }
}

extension RunRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    try core.runView(SequenceNumber(run))
  }
}

extension SessionsRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> PageView<SessionView> {
    let only = agent.map { core.names.known($0, Space.Agent.self) ?? Symbol(.max) }
    return try core.page(after, limit, core.state.sessions.count) { number in
      let row = core.state.sessions[number]
      guard row.exists, only == nil || row.agent == only else { return nil }
      let isWanted =
        switch status {
        case nil: true
        case .running?: row.openRun != 0
        case .queued?: row.openRun == 0 && row.pending != 0
        case .idle?: row.openRun == 0 && row.pending == 0
        }
      return isWanted ? SessionView(core, SessionSymbol(number)) : nil
    }
  }
}

extension AgentsRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> PageView<AgentView> {
    let only = agent.map { core.names.known($0, Space.Agent.self) ?? Symbol(.max) }
    return try core.page(after, limit, core.state.agents.count) { number in
      let row = core.state.agents[number]
      guard row.sessions > 0, only == nil || only?.number == number,
        status == nil || status?.rawValue == row.status
      else { return nil }
      return AgentView(core, AgentSymbol(number))
    }
  }
}

extension AttentionRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> [JSONValue] {
    call.machine + core.attention(at: call.at)
  }
}

extension SubscribeRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    if let from { try core.requireNotArchived(SequenceNumber(max(from, 1))) }
    var result = JSONObject()
    result.add("from", .count(from ?? core.state.position.value + 1))
    return result
  }
}

/// One page of a listing.
struct PageView<Item: ObjectResult>: ObjectResult {
  /// The rows found, each with its place in the listing.
  var found: [(number: UInt32, item: Item)] = []
  /// From where to go on once all of them are shown; nil at the end.
  var after: UInt32?

  func show<Sink: Members>(in view: inout Sink) {
    let shown = view.add("items", objects: found, atMost: PageSize.bytes) { row, inner in
      row.item.show(in: &inner)
    }
    let last = shown < found.count ? found[shown - 1].number : after
    view.add("after", last.map { String($0) })
  }
}

extension Core {
  /// One page of a listing in the order in which rows were first seen.
  fileprivate func page<Item>(
    _ after: String?, _ limit: UInt32, _ count: Int, _ item: (UInt32) -> Item?
  ) throws(WakelogError) -> PageView<Item> {
    var number: UInt32 = 0
    if let after {
      guard let given = UInt32(after) else {
        throw WakelogError(
          .invalidParameter, "is not a cursor that a listing gave; leave it out to begin",
          field: "after")
      }
      number = given
    }
    var page = PageView<Item>()
    while number < UInt32(clamping: count), page.found.count < Int(limit) {
      number += 1
      if let row = item(number) { page.found.append((number, row)) }
    }
    if number < UInt32(clamping: count) { page.after = number }
    return page
  }
}

/// The version of the engine.
public let wakelogVersion = "0.1.0"
