internal import WakelogModel

extension Demo {
  /// The Hermes gateway's agent cache of March 2026, before PR #3220.
  struct Hermes3210: HostAsItWas {
    /// The agent kept in memory for a chat: the id it was built with, and its flush cursor.
    private struct Cached {
      var id: String
      var flushed: UInt64
    }

    private var cache: [String: Cached] = [:]
    /// The session that the store was last told of.
    private var known: [String: String] = [:]
    private var transcripts: [String: UInt64] = [:]
    /// The session that the chat is routed to; none until the new one is first written.
    private var routes: [String: String] = [:]

    let rules = [
      "The agent is cached under the chat's key; its session id is no part of the cache's "
        + "signature, and a reset does not drop it (#3210).",
      "History is loaded from the chat's new session, and flushed to the cached agent's own "
        + "(_flush_messages_to_session_db writes to agent.session_id).",
    ]

    mutating func choose(_ wake: Wake) -> Choice { Choice(resume: cache[wake.session]?.id) }

    mutating func settle(_ run: PastRun) -> Ending {
      let ending = run.lastAttempt
      guard let id = ending.stores, known[run.wake.session] != id else {
        return Ending(outcome: ending.outcome, failure: ending.failure)
      }
      known[run.wake.session] = id
      return ending
    }

    mutating func reset(_ session: String) { routes[session] = nil }

    mutating func flush(_ attempt: PastAttempt, _ wake: Wake) -> Range<UInt64>? {
      guard let id = attempt.answer.reported, attempt.answer.messages > 0 else { return nil }
      var agent = cache[wake.session] ?? Cached(id: id, flushed: 0)
      if cache[wake.session] == nil { routes[wake.session] = id }
      let start = agent.flushed
      agent.flushed += attempt.answer.messages
      cache[wake.session] = agent
      transcripts[agent.id] = agent.flushed
      return start..<agent.flushed
    }

    func history(_ wake: Wake) -> UInt64? {
      routes[wake.session].flatMap { transcripts[$0] } ?? 0
    }
  }
}
