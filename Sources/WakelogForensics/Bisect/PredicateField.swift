import WakelogModel

/// A session in a state, for fields to be read of.
struct PredicatePlace {
  let session: SessionSymbol
  let state: State
  let names: (Namespace, UInt32) -> String?

  var row: SessionRow { state.sessions[session.number] }
  var bound: IdentityRow { state.identities[row.bound.number] }
  var agent: AgentRow { state.agents[row.agent.number] }

  func text<Space>(_ symbol: Symbol<Space>) -> PredicateValue {
    names(Space.namespace, symbol.number).map { .text($0) } ?? .none
  }
}

/// One thing that an expression may name.
public struct PredicateField: Sendable {
  /// The name.
  public let name: String
  /// What it is, for the help.
  public let help: String
  /// Whether it never goes back.
  let isCounter: Bool
  let read: @Sendable (borrowing PredicatePlace) -> PredicateValue

  private init(
    _ name: String, _ help: String, isCounter: Bool = false,
    _ read: @escaping @Sendable (borrowing PredicatePlace) -> PredicateValue
  ) {
    self.name = name
    self.help = help
    self.isCounter = isCounter
    self.read = read
  }

  private static func counter(
    _ name: String, _ help: String, _ read: @escaping @Sendable (SessionRow) -> UInt32
  ) -> PredicateField {
    PredicateField(name, help, isCounter: true) { .number(Int64(read($0.row))) }
  }

  private static func word<Code: FieldCode>(_ code: Code?) -> PredicateValue {
    code.map { .text($0.name) } ?? .none
  }

  /// All fields.
  public static let all: [PredicateField] = [
    PredicateField("key", "the session key") { $0.text($0.session) },
    PredicateField("agent", "its agent") { $0.text($0.row.agent) },
    PredicateField("provider", "its provider") { $0.text($0.row.provider) },
    PredicateField("status", "idle, running or queued") { place in
      .text(place.row.openRun != 0 ? "running" : place.row.pending != 0 ? "queued" : "idle")
    },
    PredicateField("generation", "how often it began anew, from 1", isCounter: true) {
      .number(Int64($0.row.generation.value))
    },
    PredicateField("bound", "the id that it resumes") { $0.text($0.row.bound) },
    PredicateField("provenBy", "who proved that id") { word($0.row.boundProof) },
    PredicateField("boundIsDead", "whether that id is condemned all the same") {
      .truth($0.row.bound.exists && $0.bound.condemned != nil)
    },
    PredicateField("suspicion", "failures in a row that speak against that id") {
      .number(Int64($0.bound.suspicion))
    },
    PredicateField("workspace", "the path that it lives in") { $0.text($0.bound.workspace) },
    PredicateField("workspaceKind", "project, home, worktree or other") {
      word($0.bound.workspaceKind)
    },
    PredicateField("condemned", "how many of its ids are condemned") { place in
      var count: Int64 = 0
      var link = place.row.condemnations
      while link != 0 {
        let entry = place.state.condemnations[link]
        if place.state.identities[entry.identity.number].condemned != nil { count += 1 }
        link = entry.next
      }
      return .number(count)
    },
    PredicateField("condemnedInARow", "ids that died at their first resume, in a row") {
      .number(Int64($0.row.condemnedInARow))
    },
    PredicateField("openRun", "the run that is open") { place in
      place.state.openRun(of: place.session).map { .number(Int64(clamping: $0.run.value)) } ?? .none
    },
    PredicateField("attempt", "which try of that run it is, from 1") { place in
      place.state.openRun(of: place.session).map { .number(Int64($0.attempts)) } ?? .none
    },
    PredicateField("pending", "whether a wake waits") { .truth($0.row.pending != 0) },
    PredicateField("cursor", "transcript messages written") {
      .number(Int64(clamping: $0.row.cursor))
    },
    PredicateField("lastRun", "the last run that ended") { place in
      place.row.lastRun.exists ? .number(Int64(clamping: place.row.lastRun.value)) : .none
    },
    PredicateField("lastOutcome", "how it ended") { word($0.row.lastRunOutcome) },
    PredicateField("lastVia", "resume, fresh or fallback") { word($0.row.lastRunVia) },
    PredicateField("lastFailure", "the kind of its failure") { word($0.row.lastRunFailure) },
    PredicateField("lastError", "the kind of the last error that stands") {
      word($0.row.lastErrorKind)
    },
    PredicateField("lastErrorFamily", "its family") { place in
      place.row.lastErrorKind.map { .text($0.family.name) } ?? .none
    },
    counter("wakes", "wakes asked for") { $0.wakes },
    counter("runs", "runs started") { $0.runs },
    counter("attempts", "attempts started") { $0.attempts },
    counter("fallbacks", "fallbacks taken") { $0.fallbacks },
    counter("resets", "generations ended") { $0.resets },
    PredicateField("agentFailures", "runs in a row that failed by the agent's fault") {
      .number(Int64($0.agent.agentFailures))
    },
    PredicateField("agentIsPaused", "whether the agent is paused") { .truth($0.agent.isPaused) },
  ]
}
