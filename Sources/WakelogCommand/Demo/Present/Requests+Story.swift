internal import Wakelog
internal import WakelogModel

extension WakeRequest {
  /// The call that a recorded wake becomes.
  init(_ wake: Demo.Wake) {
    self.init(
      session: wake.session, agent: wake.agent, provider: wake.provider, source: wake.source)
    reason = wake.reason
    scope = wake.scope
    workspace = wake.workspace.map { WorkspaceName(path: $0.path, kind: $0.kind) }
    transcript = wake.transcript
    resumable = !wake.leavesNoSession
    host = wake.host
    at = wake.at
  }
}

extension FinishRequest {
  /// The call that hands over what an attempt left.
  init(
    _ attempt: Demo.Attempt, _ answer: Demo.Answer, _ fence: String, _ at: Instant
  ) throws(WakelogError) {
    var json = answer.leaves
    json["attempt"] = .integer(Int64(clamping: attempt.number))
    json["fence"] = .string(fence)
    json["at"] = .string(at.description)
    try self.init(json: json)
  }
}
