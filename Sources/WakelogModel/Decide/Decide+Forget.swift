extension Decider {
  /// Takes a key out of the state. A wake that waits is dropped with it.
  mutating func forget(
    _ session: SessionSymbol, _ by: Symbol<Space.Actor>, _ why: Symbol<Space.Text>,
    _ state: inout State
  ) throws(Fault) {
    guard state.sessions[session.number].exists else {
      throw .notFound("no such session; list the keys with `sessions`")
    }
    if let run = state.openRun(of: session) {
      throw .busy(
        "run \(run.run.value) of this session is open; finish, abandon or reset it, then forget it")
    }
    var forgotten = SessionForgotten()
    forgotten.by = by
    forgotten.why = why
    emit(.sessionForgotten(forgotten), session, &state)
  }
}
