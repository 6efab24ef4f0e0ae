public import CWakelog
internal import Wakelog

/// See wakelog.h.
@c @implementation
public func wakelog_finish(
  _ engine: wakelog_engine, _ request: UnsafePointer<wakelog_finish_request>!,
  _ result: UnsafeMutablePointer<wakelog_finish_result>!
) -> wakelog_status {
  answer { () throws(WakelogError) in
    unsafe try SizedStruct.clear(result, "result")
    let open = try engines.find(engine)
    let given = unsafe try SizedStruct.read(request, "request")
    let end = unsafe try open.engine.finish(FinishRequest(given))
    unsafe result.pointee = wakelog_finish_result(end, size: result.pointee.size)
  }
}

extension FinishRequest {
  /// A request as C gives it.
  init(_ given: wakelog_finish_request) throws(WakelogError) {
    unsafe self.init(attempt: given.attempt, fence: try Text.required(given.fence, "fence"))
    if let word = unsafe try Text.optional(given.outcome, "outcome") {
      outcome = try ParameterWords.outcome(word, at: "outcome")
    }
    unsafe sessionId = try Text.optional(given.session_id, "sessionId")
    unsafe displayId = try Text.optional(given.display_id, "displayId")
    if let text = unsafe try Text.optional(given.params, "params") {
      params = try Text.object(text, "params")
    }
    let printed = unsafe Text.printed([given.message, given.standard_error, given.standard_output])
    (message, stderr, stdout) = (printed[0], printed[1], printed[2])
    unsafe errorCode = try Text.optional(given.error_code, "errorCode")
    unsafe key = try Text.optional(given.key, "key")
    unsafe at = given.at.instant
    usage = unsafe try Self.usage(given)
    unsafe exitCode = given.exit_code.ifKnown
    unsafe signal = given.signal.ifKnown.map { .number($0) }
    unsafe status = given.status.ifKnown
    unsafe turns = given.turns.ifKnown
    unsafe retryAfterSeconds = given.retry_after_seconds.ifGiven
    resumed = unsafe try given.resumed.truth("resumed")
  }

  private static func usage(_ given: wakelog_finish_request) throws(WakelogError) -> Usage? {
    let input = unsafe try given.input_tokens.used("usage.inputTokens")
    let output = unsafe try given.output_tokens.used("usage.outputTokens")
    let cost = unsafe try given.cost_micros.used("usage.costMicros")
    guard input != nil || output != nil || cost != nil else { return nil }
    return Usage(inputTokens: input, outputTokens: output, costMicros: cost)
  }
}

extension wakelog_finish_result {
  /// What became of an attempt's end, for C.
  init(_ result: FinishResult, size: Int) {
    let failure = result.json["failure"]
    var texts = TextBlock()
    let outcome = texts.add(result.json["outcome"]?.string)
    let kind = texts.add(failure?["kind"]?.string)
    let family = texts.add(failure?["family"]?.string)
    let because = texts.add(failure?["because"]?.string)
    let sessionId = texts.add(result.session.sessionId)
    let next = texts.add(result.nextPlan, attempt: result.nextAttempt)
    let block = unsafe texts.allocate()
    unsafe self.init(
      size: size, memory: block, outcome: outcome.at(block), failure_kind: kind.at(block),
      failure_family: family.at(block), failure_because: because.at(block),
      session_id: sessionId.at(block), run: result.count("run") ?? 0, next: next.at(block),
      settled: result.isSettled, pending: result.isPending, duplicate: result.isDuplicate)
  }
}
