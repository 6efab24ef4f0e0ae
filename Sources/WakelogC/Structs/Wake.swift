public import CWakelog
internal import Wakelog

/// See wakelog.h.
@c @implementation
public func wakelog_wake(
  _ engine: wakelog_engine, _ request: UnsafePointer<wakelog_wake_request>!,
  _ result: UnsafeMutablePointer<wakelog_wake_result>!
) -> wakelog_status {
  answer { () throws(WakelogError) in
    unsafe try SizedStruct.clear(result, "result")
    let open = try engines.find(engine)
    let given = unsafe try SizedStruct.read(request, "request")
    let woken = unsafe try open.engine.wake(WakeRequest(given))
    unsafe result.pointee = wakelog_wake_result(woken, size: result.pointee.size)
  }
}

extension WakeRequest {
  /// A request as C gives it.
  init(_ given: wakelog_wake_request) throws(WakelogError) {
    let session = unsafe try Text.required(given.session, "session")
    let agent = unsafe try Text.required(given.agent, "agent")
    let provider = unsafe try Text.required(given.provider, "provider")
    let source = unsafe try Text.required(given.source, "source")
    self.init(
      session: session, agent: agent, provider: provider,
      source: try ParameterWords.source(source, at: "source"))
    unsafe reason = try Text.optional(given.reason, "reason")
    unsafe scope = try Text.optional(given.scope, "scope")
    unsafe workspace = try Self.workspace(given)
    unsafe resume = try Text.optional(given.resume, "resume")
    if let text = unsafe try Text.optional(given.fingerprint, "fingerprint") {
      let object = try Text.object(text, "fingerprint")
      fingerprint = try ParameterWords.fingerprint(object, at: "fingerprint")
    }
    if let text = unsafe try Text.optional(given.transcripts, "transcripts") {
      let object = try Text.object(text, "transcripts")
      transcripts = try ParameterWords.truths(object, at: "transcripts")
    }
    unsafe key = try Text.optional(given.key, "key")
    unsafe at = given.at.instant
    unsafe lease = given.lease.ifGiven
    forceFresh = unsafe try given.force_fresh.truth("forceFresh") ?? false
    keep = unsafe try given.keep.truth("keep")
    transcript = unsafe try given.transcript.truth("transcript")
    resumable = unsafe try given.resumable.truth("resumable") ?? true
  }

  private static func workspace(
    _ given: wakelog_wake_request
  ) throws(WakelogError) -> WorkspaceName? {
    let path = unsafe try Text.optional(given.workspace_path, "workspace.path")
    let kind = unsafe try Text.optional(given.workspace_kind, "workspace.kind")
    switch (path, kind) {
    case (nil, nil): return nil
    case (let path?, let kind?):
      return WorkspaceName(
        path: path, kind: try ParameterWords.workspaceKind(kind, at: "workspace.kind"))
    case (nil, _): throw .alone("workspace.path", "workspace.kind")
    case (_, nil): throw .alone("workspace.kind", "workspace.path")
    }
  }
}

extension WakelogError {
  /// Of two members that are given together, one is.
  fileprivate static func alone(_ missing: String, _ given: String) -> WakelogError {
    WakelogError(
      .invalidParameter, "`\(missing)` is null, but `\(given)` is not; give both or none",
      field: missing)
  }
}

extension wakelog_wake_result {
  /// What became of a wake, for C.
  init(_ result: WakeResult, size: Int) {
    var texts = TextBlock()
    let disposition = texts.add(result.disposition)
    let because = texts.add(result.because)
    let fence = texts.add(result.fence)
    let plan = texts.add(result.plan, attempt: result.attempt)
    let block = unsafe texts.allocate()
    unsafe self.init(
      size: size, memory: block, disposition: disposition.at(block), because: because.at(block),
      fence: fence.at(block), run: result.run ?? 0, plan: plan.at(block),
      duplicate: result.isDuplicate)
  }
}
