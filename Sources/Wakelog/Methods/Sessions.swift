import WakelogModel
import WakelogStore

extension CheckRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> OkView {
    let symbol = try core.session(session)
    _ = try core.execute(.check(session: symbol, fence: core.claimOrNone(fence)), at: call.at)
    return OkView()
  }
}

/// What `check` gives.
struct OkView: ObjectResult {
  func show<Sink: Members>(in view: inout Sink) { view.add("ok", true) }
}

extension FlushRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let symbol = try core.session(session)
    _ = try core.execute(
      .flush(session: symbol, fence: core.claimOrNone(fence), from: from, to: to), at: call.at)
    var result = JSONObject()
    result.add("cursor", .count(core.state.sessions[symbol.number].cursor))
    return result
  }
}

extension ResetRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let symbol = try core.session(session)
    let previous = BindingView(core, core.state.sessions[symbol.number])?.value ?? .null
    _ = try core.execute(
      .reset(
        session: symbol, because: core.names.symbol(because, Space.Text.self),
        ifGeneration: ifGeneration.map { Generation($0) }), at: call.at)
    let row = core.state.sessions[symbol.number]
    var result = JSONObject()
    result.add("generation", .count(row.generation.value))
    result.add("previous", previous)
    result.add("pending", .bool(row.pending != 0))
    return result
  }
}

extension AbandonRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> SessionView {
    let number = SequenceNumber(run)
    guard let wake = try core.event(number), case .wakeRequested = wake.body else {
      throw WakelogError(
        .notFound, "no run has this number; list them with `events`", field: "run")
    }
    try core.requireRun(number, of: wake.session)
    _ = try core.execute(
      .abandon(
        session: wake.session, run: number, by: core.names.symbol(by, Space.Actor.self),
        why: core.names.symbol(why, Space.Text.self)), at: call.at)
    return SessionView(core, wake.session)
  }
}

extension Core {
  /// Throws for a wake that never became a run of its own.
  fileprivate func requireRun(
    _ number: SequenceNumber, of session: SessionSymbol
  ) throws(WakelogError) {
    if state.openRun(of: session)?.run == number { return }
    if let waiting = state.pending(of: session), waiting.run <= number, number <= waiting.last,
      try merged(waiting.run, session, []).contains(number.value)
    {
      throw WakelogError(
        .conflict, "this wake waits and has not begun; drop it with `cancel`", field: "run")
    }
    guard try events(ofRun: number).isEmpty else { return }
    throw WakelogError(
      .conflict,
      "wake \(number.value) never began a run of its own: it was coalesced, refused, cancelled or "
        + "merged into another; look at it with `why`", field: "run")
  }
}

extension ProbeRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> SessionView {
    let symbol = try core.session(session)
    _ = try core.execute(
      .probe(
        session: symbol, identity: core.identity(sessionId, on: symbol).identity,
        exists: exists, detail: core.names.symbol(detail, Space.Text.self)), at: call.at)
    return SessionView(core, symbol)
  }
}

extension RepairRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> SessionView {
    let symbol = try core.session(session)
    var command = RepairCommand(
      session: symbol, by: core.names.symbol(by, Space.Actor.self),
      why: core.names.symbol(why, Space.Text.self))
    switch expect.sessionId {
    case .leftOut: break
    case .nothing: command.expectedIdentity = .exactly(nil)
    case .value(let id):
      // The id is compared as it is shown: whatever the provider of the binding.
      let bound = core.state.sessions[symbol.number].bound
      let isBound = core.names.session(bound)?.id.hasSameBytes(as: id) == true
      command.expectedIdentity = .exactly(isBound ? bound : core.identity(id, on: symbol).identity)
    }
    if let outcome = expect.lastRun { command.expectedOutcome = .exactly(outcome) }
    switch set.sessionId {
    case .leftOut: break
    case .nothing: command.setting = .clear
    case .value(let id):
      let found = core.identity(id, on: symbol)
      command.setting = .bind(found.identity, found.provider)
    }
    if let id = set.revive { command.revive = core.identity(id, on: symbol).identity }
    _ = try core.execute(.repair(command), at: call.at)
    return SessionView(core, symbol)
  }
}

extension Core {
  /// What a fence claims; for what no engine gave out, a claim that nobody holds.
  func claimOrNone(_ text: String) -> FenceClaim {
    FenceText(text)?.claim ?? FenceClaim(run: .none, digest: .none)
  }
}
