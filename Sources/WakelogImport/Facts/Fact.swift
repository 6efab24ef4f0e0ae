import WakelogModel

/// One thing that a host's store says happened, in words that all hosts share.
///
/// Flat on purpose: every kind uses the fields it needs, and whatever the store does not say stays
/// nil. Nothing here is a decision of ours.
struct Fact {
  /// What happened.
  enum Kind: String, CaseIterable {
    /// A wake was asked for and its run began, with its first attempt.
    case started
    /// An attempt failed and another one followed in the same run.
    case retried
    /// The run's last attempt ended, and the run with it.
    case ended
    /// A wake was asked for and led to no run of its own; `disposition` says why.
    case waked
    /// The key points to a provider session from here on.
    case bound
    /// The key points to nothing from here on.
    case cleared
    /// The conversation began anew.
    case reset
    /// Messages were written into the transcript of a provider session.
    case flushed
    /// The store's own copy of the binding, looked at when it was imported.
    case observed
    /// The transcript of a bound session was looked for when it was imported.
    case probed
    /// Something that no event can say.
    case noted
  }

  var kind: Kind
  /// The row it comes from, and which of the row's facts it is: the same in every import.
  var name: String
  /// The row it comes from, as a person finds it.
  var row: String
  var at: Instant
  var session: String
  var agent: String
  var provider: String

  /// The name that the store has for the run.
  var run: String?
  /// A word of `Source`.
  var source: String?
  var reason: String?
  var scope: String?
  var workspace: String?
  /// A word of `WorkspaceKind`.
  var workspaceKind: String?
  /// A word of `Mode`; nil when the store does not say whether the attempt resumed.
  var mode: String?
  /// The id that the attempt asked for.
  var asked: String?
  /// The id that is bound, flushed to or looked at, or that the attempt reported.
  var identity: String?
  /// The id that the end of the run left in the key, when the store says so.
  var stores: String?
  /// A word of `Proof`.
  var proof: String?
  /// A word of `Outcome`.
  var outcome: String?
  /// A word of `ResetCause`.
  var cause: String?
  /// How a wake went without a run: `coalesced` `deferred` `cancelled`.
  var disposition: String?
  /// Why, in the words of the store.
  var because: String?
  var host: String?
  var errorCode: String?
  /// The texts of an error that the store kept.
  var message: String?
  var stderr: String?
  var stdout: String?
  /// The store's opaque parameters of the binding, and the id to show.
  var params: String?
  var display: String?

  var exitCode: Int64?
  var signal: Int64?
  var status: Int64?
  var turns: Int64?
  var inputTokens: Int64?
  var outputTokens: Int64?
  var costMicros: Int64?
  /// Messages `from..<to` of the transcript, counted from its beginning.
  var from: Int64?
  var to: Int64?

  var forceFresh: Bool?
  /// The attempt was in its session.
  var entered: Bool?
  /// What the provider said of resuming.
  var resumed: Bool?
  /// The run leaves no session.
  var leavesNoSession: Bool?
  /// What a probe saw.
  var exists: Bool?

  init(
    _ kind: Kind, name: String, row: String, at: Instant, session: String, agent: String,
    provider: String
  ) {
    self.kind = kind
    self.name = name
    self.row = row
    self.at = at
    self.session = session
    self.agent = agent
    self.provider = provider
  }

  /// A fact of the same row, another of its kinds.
  init(_ kind: Kind, _ suffix: String, of key: SourceKey, row: String, at: Instant) {
    self.init(
      kind, name: "\(row)#\(suffix)", row: row, at: at, session: key.session, agent: key.agent,
      provider: key.provider)
  }
}

/// One lane of a host: its session key, with whose it is.
struct SourceKey: Hashable {
  var session: String
  var agent: String
  var provider: String
}

extension Fact {
  private static var texts: [(name: String, path: WritableKeyPath<Fact, String?>)] {
    [
      ("run", \.run), ("source", \.source), ("reason", \.reason), ("scope", \.scope),
      ("workspace", \.workspace), ("workspaceKind", \.workspaceKind), ("mode", \.mode),
      ("asked", \.asked), ("identity", \.identity), ("stores", \.stores), ("proof", \.proof),
      ("outcome", \.outcome), ("cause", \.cause), ("disposition", \.disposition),
      ("because", \.because), ("host", \.host), ("errorCode", \.errorCode),
      ("message", \.message), ("stderr", \.stderr), ("stdout", \.stdout), ("params", \.params),
      ("display", \.display),
    ]
  }
  private static var numbers: [(name: String, path: WritableKeyPath<Fact, Int64?>)] {
    [
      ("exitCode", \.exitCode), ("signal", \.signal), ("status", \.status), ("turns", \.turns),
      ("inputTokens", \.inputTokens), ("outputTokens", \.outputTokens),
      ("costMicros", \.costMicros), ("from", \.from), ("to", \.to),
    ]
  }
  private static var truths: [(name: String, path: WritableKeyPath<Fact, Bool?>)] {
    [
      ("forceFresh", \.forceFresh), ("entered", \.entered), ("resumed", \.resumed),
      ("leavesNoSession", \.leavesNoSession), ("exists", \.exists),
    ]
  }

  /// The fields that not every fact has, as the stage keeps them.
  var rest: JSONValue {
    get {
      var object = JSONObject()
      for field in Self.texts {
        if let value = self[keyPath: field.path] { object.append(field.name, .string(value)) }
      }
      for field in Self.numbers {
        if let value = self[keyPath: field.path] { object.append(field.name, .integer(value)) }
      }
      for field in Self.truths {
        if let value = self[keyPath: field.path] { object.append(field.name, .bool(value)) }
      }
      return .object(object)
    }
    set {
      for field in Self.texts { self[keyPath: field.path] = newValue[field.name]?.string }
      for field in Self.numbers { self[keyPath: field.path] = newValue[field.name]?.integer }
      for field in Self.truths { self[keyPath: field.path] = newValue[field.name]?.bool }
    }
  }

  /// Which of the facts of one moment come first: ends before beginnings, so that a clock of
  /// seconds does not make runs overlap, and what is looked at last.
  var phase: Int64 {
    switch kind {
    case .reset, .cleared: 1
    case .ended: 0
    case .bound: 2
    case .waked, .started, .noted: 3
    case .retried: 4
    case .flushed: 5
    case .observed, .probed: 8
    }
  }
}

extension JSONObject {
  /// Appends a member whose name is new.
  mutating func append(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
  }
}
