public import WakelogModel

extension Engine {
  /// Carries out a method of PROTOCOL by name and waits until its events are durable.
  ///
  /// Throws `invalidParameter` and `unknownMethod` for what PROTOCOL does not know, and what the
  /// method throws; either way nothing is half-written.
  public func call(_ method: String, _ params: JSONObject = JSONObject())
    throws(WakelogError) -> JSONValue
  {
    try requireOwnProcess()
    return try perform(try Requests.executable(method, params))
  }

  /// Carries out a method by name without blocking; the closure is called once, on a thread that
  /// must not be kept.
  ///
  /// Calls entered by one thread are carried out in their order.
  public func submit(
    _ method: String, _ params: JSONObject,
    completion: @escaping @Sendable (Result<JSONValue, WakelogError>) -> Void
  ) {
    submit(try Requests.executable(method, params), completion: completion)
  }

  /// Carries out a method by name; suspends, and blocks no thread.
  public func call(_ method: String, _ params: JSONObject = JSONObject())
    async throws(WakelogError) -> JSONValue
  {
    try await withCheckedContinuation { continuation in
      submit(method, params) { continuation.resume(returning: $0) }
    }.get()
  }

  /// Carries out a method as `call` does, for whoever hands the result on as text.
  package func text(
    _ method: String, _ params: JSONObject
  ) throws(WakelogError) -> JSONText {
    try requireOwnProcess()
    return try perform(try Requests.executable(method, params))
  }

  /// Carries out a method as `submit` does, for whoever hands the result on as text.
  package func submitText(
    _ method: String, _ params: JSONObject,
    completion: @escaping @Sendable (Result<JSONText, WakelogError>) -> Void
  ) {
    submit(try Requests.executable(method, params), completion: completion)
  }
}
