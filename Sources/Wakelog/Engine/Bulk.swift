package import WakelogModel
package import WakelogStore

/// The engine within one commit, for whoever brings many commands or events at once: importers and
/// benchmarks. Valid only within the closure it is given to.
package struct Bulk {
  let core: Core

  init(_ core: Core) { self.core = core }

  /// The number of a text, assigned now if it had none.
  package func symbol<Space>(_ text: String, _ space: Space.Type) -> Symbol<Space> {
    core.names.symbol(text, space)
  }

  /// The number of a provider's id, assigned now if it had none.
  package func identity(_ id: String, _ provider: String) -> IdentitySymbol {
    core.identity(id, provider)
  }

  /// Decides a command after those before it; its events become durable with all the others.
  package func execute(
    _ command: Command, at: Instant, evidence: [UInt8]? = nil
  ) throws(WakelogError) -> (answer: Answer, events: [Event]) {
    try core.execute(command, at: at, evidence: evidence)
  }

  /// Appends an event as it is, which must carry the next sequence number.
  package func append(_ event: Event, evidence: [UInt8]? = nil) {
    core.append(event, evidence: evidence)
  }

  /// The last event so far.
  package var position: SequenceNumber { core.state.position }
}

extension Engine {
  /// Carries out a closure within one commit, and waits until all it left is durable.
  ///
  /// What was executed before the closure throws is kept.
  package func bulk(
    _ body: @escaping (Bulk) throws(WakelogError) -> Void
  ) throws(WakelogError) {
    try perform(writes: true) { core throws(WakelogError) in
      try body(Bulk(core))
    }
  }
}

extension Engine {
  /// The directory of the log.
  package var directory: String { log.path }

  /// How large the log is.
  package func statistics() throws -> LogStatistics { try log.statistics() }
}
