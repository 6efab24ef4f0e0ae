public import WakelogModel

/// What a method gave, with names for what hosts look at first.
///
/// Everything PROTOCOL lists, and more, is in `json`.
public protocol MethodResult: Sendable {
  /// The result as it is on the wire.
  var json: JSONValue { get }
  /// Takes a result of the wire.
  init(json: JSONValue)
}

extension MethodResult {
  /// Whether this answers a call that had been carried out before.
  public var isDuplicate: Bool { json["duplicate"]?.bool == true }

  /// A number of the result.
  package func count(_ name: String) -> UInt64? { json[name]?.integer.map { UInt64(clamping: $0) } }
}

/// How an attempt begins.
public struct PlanResult: MethodResult {
  /// As it is on the wire.
  public let json: JSONValue
  /// Takes a plan of the wire.
  public init(json: JSONValue) { self.json = json }

  /// Whether a provider session is resumed.
  public var isResume: Bool { json["mode"]?.string == "resume" }
  /// The id to resume; nil for a fresh attempt.
  public var sessionId: String? { json["sessionId"]?.string }
  /// The directory to run in; nil when nobody named one.
  public var workspace: WorkspaceName? {
    guard let path = json["workspace"]?["path"]?.string,
      let kind = json["workspace"]?["kind"]?.string.flatMap(WorkspaceKind.init(name:))
    else { return nil }
    return WorkspaceName(path: path, kind: kind)
  }
  /// The opaque parameters that the provider reported with the session.
  public var params: JSONObject? { json["params"]?.object }
  /// The generation of the key.
  public var generation: UInt64 { json["generation"]?.integer.map { UInt64(clamping: $0) } ?? 0 }
  /// Why this wake reset the key; nil when it did not.
  public var reset: ResetCause? {
    json["reset"]?["because"]?.string.flatMap(ResetCause.init(name:))
  }
  /// Whether it runs beside a session that somebody else is in: what it reports is not bound.
  public var isBeside: Bool { json["beside"]?.bool == true }
  /// The names in which the configuration drifted.
  public var drift: [String] { json["drift"]?.array?.compactMap(\.string) ?? [] }
  /// Why, in a sentence.
  public var because: String { json["because"]?.string ?? "" }
}

/// What became of a wake.
public struct WakeResult: MethodResult {
  /// As it is on the wire.
  public let json: JSONValue
  /// Takes a result of the wire.
  public init(json: JSONValue) { self.json = json }

  /// `started`, `coalesced`, `deferred`, `refused`; of `next` also `none` and `busy`.
  public var disposition: String { json["disposition"]?.string ?? "" }
  /// Whether the host is to run the agent now.
  public var isStarted: Bool { disposition == "started" }
  /// The run's number; nil when there is none.
  public var run: UInt64? { count("run") }
  /// The attempt to run; nil unless started.
  public var attempt: UInt64? { count("attempt") }
  /// The right to write for the run; nil unless started.
  public var fence: String? { json["fence"]?.string }
  /// How to begin; nil unless started.
  public var plan: PlanResult? {
    json["plan"].flatMap { $0.isNull ? nil : PlanResult(json: $0) }
  }
  /// Why it was refused.
  public var because: String? { json["because"]?.string }
  /// What the run's wakes ask for, in their order.
  public var payloads: [String] {
    json["payloads"]?.array?.compactMap { $0["payload"]?.string } ?? []
  }
}

/// What became of an attempt's end.
public struct FinishResult: MethodResult {
  /// As it is on the wire.
  public let json: JSONValue
  /// Takes a result of the wire.
  public init(json: JSONValue) { self.json = json }

  /// Whether the run has ended. If not, run `nextPlan` and finish `nextAttempt`.
  public var isSettled: Bool { json["settled"]?.bool == true }
  /// How the attempt ended.
  public var outcome: Outcome? { json["outcome"]?.string.flatMap(Outcome.init(name:)) }
  /// Why it failed; nil when it did not.
  public var failure: FailureKind? {
    json["failure"]?["kind"]?.string.flatMap(FailureKind.init(name:))
  }
  /// The next attempt of this run; nil when it has ended.
  public var nextAttempt: UInt64? {
    json["next"]?["attempt"]?.integer.map { UInt64(clamping: $0) }
  }
  /// How the next attempt begins; nil when the run has ended.
  public var nextPlan: PlanResult? { json["next"]?["plan"].map { PlanResult(json: $0) } }
  /// Whether a deferred wake waits for `next`.
  public var isPending: Bool { json["pending"]?.bool == true }
  /// The session after it.
  public var session: SessionResult { SessionResult(json: json["session"] ?? .null) }
}

/// A session as it stands.
public struct SessionResult: MethodResult {
  /// As it is on the wire.
  public let json: JSONValue
  /// Takes a session of the wire.
  public init(json: JSONValue) { self.json = json }

  /// The key.
  public var key: String { json["key"]?.string ?? "" }
  /// `idle`, `running` or `queued`.
  public var status: String { json["status"]?.string ?? "" }
  /// The generation.
  public var generation: UInt64 { count("generation") ?? 0 }
  /// The id that the key points to; nil for none.
  public var sessionId: String? { json["bound"]?["sessionId"]?.string }
  /// The ids that it points to, by provider.
  public var sessionIds: [String: String] {
    var ids: [String: String] = [:]
    for binding in json["bindings"]?.array ?? [] {
      if let provider = binding["provider"]?.string { ids[provider] = binding["sessionId"]?.string }
    }
    return ids
  }
  /// The ids that cannot be resumed.
  public var condemned: [String] {
    json["condemned"]?.array?.compactMap { $0["sessionId"]?.string } ?? []
  }
  /// The open run; nil for none.
  public var openRun: UInt64? { count("openRun") }
  /// Whether a wake waits.
  public var isPending: Bool { json["pending"]?.bool == true }
  /// The flush cursor.
  public var cursor: UInt64 { count("cursor") ?? 0 }
}

/// A result that is looked at through its JSON.
public struct PlainResult: MethodResult {
  /// As it is on the wire.
  public let json: JSONValue
  /// Takes a result of the wire.
  public init(json: JSONValue) { self.json = json }
}
