import WakelogModel
import WakelogStore

extension AdoptRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> SessionView {
    let names = core.names
    var command = AdoptCommand(
      session: names.symbol(session, Space.Session.self),
      agent: names.symbol(agent, Space.Agent.self),
      provider: names.symbol(provider, Space.Provider.self),
      identity: core.identity(sessionId, provider), by: names.symbol(by, Space.Actor.self))
    command.workspace = workspace.map { workspace in
      Workspace(
        path: names.symbol(workspace.path, Space.Workspace.self), kind: workspace.kind)
    }
    command.display = names.symbol(displayId, Space.Display.self)
    command.fingerprint = core.fingerprint(fingerprint)
    _ = try core.execute(.adoptId(command), at: call.at)
    return SessionView(core, command.session)
  }
}

extension ReviveRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> RevivedView {
    let names = core.names
    var command = ReviveCommand(
      since: since.nanoseconds, by: names.symbol(by, Space.Actor.self),
      why: names.symbol(why, Space.Text.self))
    command.until = until?.nanoseconds ?? .max
    command.because = because
    command.isDry = dryRun
    // A name that the log does not know is nobody's.
    if let provider {
      command.provider = names.known(provider, Space.Provider.self) ?? Symbol(.max)
    }
    if let agent { command.agent = names.known(agent, Space.Agent.self) ?? Symbol(.max) }
    let done = try core.execute(.revive(command), at: call.at)
    guard case .revived(let items) = done.answer else { return RevivedView(core: core, items: []) }
    return RevivedView(core: core, items: items)
  }
}

/// What `revive` returns.
struct RevivedView: ObjectResult {
  let core: Core
  let items: [Answer.Revived]

  func show<Sink: Members>(in view: inout Sink) {
    view.add("items", objects: items) { found, item in
      item.add("sessionId", core.names.text(found.identity))
      item.add("session", core.names.text(found.session))
      item.add("condemnedAt", time: found.row.condemnedAt, found.row.condemnedOffset)
      item.add("because", found.row.whyCondemned)
    }
  }
}
