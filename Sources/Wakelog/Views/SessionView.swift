import WakelogModel

/// A session as PROTOCOL shows it.
struct SessionView: ObjectResult {
  let core: Core
  let session: SessionSymbol

  init(_ core: Core, _ session: SessionSymbol) {
    self.core = core
    self.session = session
  }

  func show<Sink: Members>(in view: inout Sink) {
    let names = core.names
    let row = core.state.sessions[session.number]
    let run = core.state.openRun(of: session)?.run ?? .none
    view.add("key", names.text(session))
    view.add("agent", names.text(row.agent))
    view.add("provider", names.text(row.provider))
    view.add("generation", row.generation.value)
    view.add("status", run.exists ? "running" : row.pending != 0 ? "queued" : "idle")
    view.add("bound", BindingView(core, row))
    view.add("bindings", objects: core.state.bindings(of: session)) { binding, item in
      BindingView(core, binding)?.show(in: &item)
    }
    view.add("condemned", objects: condemned(row)) { identity, item in
      let condemned = core.state.identities[identity.number]
      item.add("sessionId", names.text(identity))
      item.add("because", condemned.whyCondemned)
      item.add("at", time: condemned.condemnedAt, condemned.condemnedOffset)
    }
    view.add("openRun", run)
    view.add("pending", row.pending != 0)
    view.add("notBefore", time: row.notBefore, row.notBeforeOffset)
    view.add("cursor", row.cursor)
    showLast(row, in: &view)
    view.add("counters") { counters in
      counters.add("wakes", row.wakes)
      counters.add("runs", row.runs)
      counters.add("attempts", row.attempts)
      counters.add("fallbacks", row.fallbacks)
      counters.add("resets", row.resets)
    }
    view.add("head", row.head)
  }

  /// The condemned ids of the key, the first condemned first.
  private func condemned(_ row: SessionRow) -> [IdentitySymbol] {
    var found: [IdentitySymbol] = []
    var link = row.condemnations
    while link != 0 {
      let entry = core.state.condemnations[link]
      if core.state.identities[entry.identity.number].condemned != nil {
        found.append(entry.identity)
      }
      link = entry.next
    }
    return found.reversed()
  }

  private func showLast<Sink: Members>(_ row: SessionRow, in view: inout Sink) {
    if row.lastRun.exists {
      view.add("lastRun") { run in
        run.add("run", row.lastRun)
        run.add("outcome", row.lastRunOutcome)
        run.add("attempts", row.lastRunAttempts)
        run.add("via", row.lastRunVia)
        run.add("failure", row.lastRunFailure, because: core.names.text(row.lastRunBecause))
      }
    } else {
      view.addNull("lastRun")
    }
    view.add(
      "lastError", row.lastErrorKind, because: core.names.text(row.lastErrorBecause),
      time: row.lastErrorAt, row.lastErrorOffset)
  }
}

/// What a key points to for a provider.
struct BindingView: ObjectResult {
  let core: Core
  let binding: Binding

  /// The binding that a key used last; nil when it points to nothing.
  init?(_ core: Core, _ row: SessionRow) { self.init(core, Binding(row)) }

  /// A binding; nil for none.
  init?(_ core: Core, _ binding: Binding) {
    guard binding.exists else { return nil }
    self.core = core
    self.binding = binding
  }

  func show<Sink: Members>(in view: inout Sink) {
    let identity = core.state.identities[binding.identity.number]
    view.add("sessionId", core.names.text(binding.identity))
    view.add("provider", core.names.text(identity.provider))
    view.add("displayId", core.names.text(identity.display))
    view.add("params", core.params(identity.params))
    view.add(
      "workspace", core.names.text(identity.workspace), kind: identity.workspaceKind)
    view.add("generation", binding.generation.value)
    view.add("provenBy", binding.proof)
    view.add("since", time: binding.since, binding.offset)
  }
}
