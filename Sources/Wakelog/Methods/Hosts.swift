import WakelogModel
import WakelogStore

extension HostRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let symbol = core.names.symbol(host, Space.Host.self)
    let row = core.state.hosts[symbol.number]
    let own = ProcessMark.own
    if !takeOver, row.process.exists, row.process != own, row.process.isAlive {
      var error = WakelogError(
        .busy,
        "process \(row.pid) of this machine took the name of host \(host) and lives. Take another "
          + "name, end that process, or say takeOver: its runs then end as interrupted",
        field: "host")
      error.details["pid"] = .count(row.pid)
      error.details["since"] = .time(row.since, 0)
      throw error
    }
    var open: [SequenceNumber: RunRow] = [:]
    core.state.runs.forEach { _, run in
      if run.host == symbol { open[run.run] = run }
    }
    let done: (answer: Answer, events: [Event])
    do {
      done = try core.execute(
        .host(
          symbol, version: core.names.symbol(version, Space.Version.self), process: own),
        at: call.at)
    } catch {
      guard error.code == .conflict else { throw error }
      let use = core.names.text(row.versionToUse).map { "run \($0)" } ?? "verify it first"
      throw WakelogError(
        .conflict, "version \(version ?? "") was staged and never verified; \(use)",
        field: "version")
    }
    guard case .host(let epoch, let interrupted, let unfinished) = done.answer else {
      throw WakelogError(.corrupt, "a host's start was answered by something else")
    }
    var result = JSONObject()
    result.add("epoch", .count(epoch))
    var runs: [JSONValue] = []
    for ended in interrupted {
      runs.append(try core.interruptedView(ended, open[ended.run] ?? RunRow()))
    }
    result.add("interrupted", .array(runs))
    let step = core.state.step(of: unfinished, on: symbol)
    result.add(
      "unfinished",
      unfinished.exists
        ? ["to": .text(core.names.text(unfinished)), "state": .word(step)] : .null)
    return result
  }
}

extension Core {
  /// A run that a host's start ended, from its row as it was.
  fileprivate func interruptedView(
    _ ended: Answer.Ended, _ run: RunRow
  ) throws(WakelogError) -> JSONValue {
    let payloads =
      run.flags.contains(.hasPayload) ? try payloads(of: try events(ofRun: ended.run)) : []
    let session = state.sessions[ended.session.number]
    return [
      "run": .position(ended.run), "session": .text(names.text(ended.session)),
      "pending": .bool(session.pending != 0), "agent": .text(names.text(session.agent)),
      "provider": .text(names.text(run.provider)),
      "sessionId": sessionId(run.entered.or(run.asked)),
      "startedAt": .time(run.startedAt, run.offset),
      "pid": run.pid == 0 ? .null : .count(run.pid), "alive": .bool(run.process.isAlive),
      "payloads": .array(payloads.map(\.json)),
    ]
  }
}

extension UpgradeRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let symbol = core.names.symbol(host, Space.Host.self)
    let version = core.names.symbol(to, Space.Version.self)
    _ = try core.execute(
      .upgrade(
        symbol, to: version, step: step, detail: core.names.symbol(detail, Space.Text.self)),
      at: call.at)
    var result = JSONObject()
    result.add("state", .word(core.state.step(of: version, on: symbol)))
    result.add("use", .text(core.names.text(core.state.hosts[symbol.number].versionToUse)))
    return result
  }
}

extension PauseRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> AgentView {
    try core.setPaused(true, agent, by, call)
  }
}

extension UnpauseRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> AgentView {
    try core.setPaused(false, agent, by, call)
  }
}

extension Core {
  fileprivate func setPaused(
    _ isPaused: Bool, _ agent: String, _ by: String?, _ call: Call
  ) throws(WakelogError) -> AgentView {
    let symbol = try self.agent(agent)
    _ = try execute(
      .pause(symbol, isPaused: isPaused, by: names.symbol(by, Space.Actor.self)), at: call.at)
    return AgentView(self, symbol)
  }
}

extension PolicyRequest: Executable {
  var writes: Bool { adopt != nil }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    if let adopt {
      let text = adopt.json.text
      let limit = 60 << 10
      guard text.utf8.count <= limit else {
        throw WakelogError(
          .tooLarge, "a policy document has at most \(limit) bytes", field: "adopt")
      }
      _ = try core.execute(.adopt(core.names.symbol(text, Space.Policy.self)), at: call.at)
    }
    let totals = core.state.totals
    var result = JSONObject()
    result.add("policy", core.context.policy.json)
    result.add("since", .time(totals.policySince, totals.policyOffset))
    return result
  }
}

extension RedactRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let number = SequenceNumber(seq)
    try core.requireNotArchived(number)
    guard try core.event(number) != nil else {
      throw WakelogError(.notFound, "no event has this number", field: "seq")
    }
    var isThere = false
    if case .bytes = try core.evidence(of: number) { isThere = true }
    if isThere {
      _ = try core.execute(
        .redact(
          number, by: core.names.symbol(by, Space.Actor.self),
          why: core.names.symbol(why, Space.Text.self)), at: call.at)
      core.removeEvidence(of: number)
    }
    var result = JSONObject()
    result.add("redacted", .bool(isThere))
    return result
  }
}
