public import WakelogModel

/// A call to the engine: the parameters of one method of PROTOCOL as a value.
///
/// Properties have PROTOCOL's names; what may be left out is a variable that is nil or has its
/// default. A request made in Swift is as valid as its texts and numbers are; `validate` says so.
public protocol Request: Sendable {
  /// The method's name on the wire.
  static var method: String { get }

  /// The time of the call; nil for the engine's clock.
  var at: Instant? { get set }

  /// Takes the parameters of a call.
  ///
  /// Strict: throws `invalidParameter` or `tooLarge`, whose `field` is the dotted path of the
  /// first parameter that is unknown, missing, of the wrong type or out of range. A parameter that
  /// is null counts as left out, save where null says something (`repair`).
  init(json: JSONObject) throws(WakelogError)

  /// The parameters as canonical JSON: two calls that ask for the same thing give the same text.
  ///
  /// Members stand in a fixed order, `at` and `key` last; what is left out or has its default is
  /// absent; names within `fingerprint`, `transcripts` and `params` are sorted by their bytes.
  var json: JSONObject { get }
}

/// A call that changes what the log says.
public protocol WritingRequest: Request {
  /// The idempotency key, 1 to 1,024 bytes, unique in the log: the same call with the same key
  /// is carried out once.
  var key: String? { get set }
}

extension Request {
  /// Checks a request that was made in Swift as `init(json:)` checks one from the wire.
  public func validate() throws(WakelogError) { _ = try Self(json: json) }
}

/// Every request there is.
public enum Requests {
  /// The types in PROTOCOL's order.
  public static let types: [any Request.Type] = [
    HelloRequest.self, WakeRequest.self, ProgressRequest.self, FinishRequest.self,
    NextRequest.self, CancelRequest.self, ResetRequest.self, AbandonRequest.self,
    ProbeRequest.self, CheckRequest.self, FlushRequest.self, HostRequest.self,
    UpgradeRequest.self, PauseRequest.self, UnpauseRequest.self, RepairRequest.self,
    SessionRequest.self, AgentRequest.self, RunRequest.self, SessionsRequest.self,
    AgentsRequest.self, AttentionRequest.self, WhyRequest.self, EventsRequest.self,
    SubscribeRequest.self, PolicyRequest.self, RedactRequest.self, ForgetRequest.self,
    AdoptRequest.self, ReviveRequest.self,
  ]

  /// Takes a call by its method's name; throws `unknownMethod`, or what `init(json:)` throws.
  public static func read(
    _ method: String, _ params: JSONObject
  ) throws(WakelogError) -> any Request {
    try executable(method, params)
  }

  /// A call, ready to be carried out.
  static func executable(
    _ method: String, _ params: JSONObject
  ) throws(WakelogError) -> any Executable {
    // A dictionary takes canonically equivalent spellings for equal.
    guard let type = executables[method], type.method.hasSameBytes(as: method) else {
      throw WakelogError(
        .unknownMethod,
        "there is no method \(ParameterReader.shown(method)); the methods are "
          + types.map { $0.method }.joined(separator: ", "))
    }
    return try type.init(json: params)
  }

  private static let executables: [String: any Executable.Type] = Dictionary(
    uniqueKeysWithValues: types.compactMap { type in
      (type as? any Executable.Type).map { (type.method, $0) }
    })
}
