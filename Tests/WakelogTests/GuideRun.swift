// The guide's run: a test finds each of its pieces here, line for line.

import Wakelog

func answer(_ text: String) throws {
  var options = Engine.Options()
  options.host = "gateway-1"  // a process of this host that was killed finds its runs ended
  let engine = try Engine.open("/var/lib/my-host/wakelog", options: options)
  var wake = WakeRequest(
    session: "agent:main:telegram:direct:42", agent: "main", provider: "claude", source: .message)
  wake.workspace = WorkspaceName(path: "/srv/app", kind: .project)
  let woken = try engine.wake(wake)
  guard var plan = woken.plan, var attempt = woken.attempt, let fence = woken.fence else {
    return  // coalesced, deferred or refused: `woken.disposition` and `woken.because` say which
  }
  while true {
    let cli = runClaude(text, resuming: plan.sessionId, in: plan.workspace?.path)
    var finish = FinishRequest(attempt: attempt, fence: fence)
    finish.exitCode = cli.exitCode
    finish.stderr = cli.stderr
    finish.sessionId = cli.sessionId
    finish.turns = cli.turns
    let end = try engine.finish(finish)
    guard let nextPlan = end.nextPlan, let next = end.nextAttempt else { break }
    (plan, attempt) = (nextPlan, next)  // the fallback: a dead id is never offered again
  }
}

/// A stand-in for a CLI: one that knows no session but those it started itself.
private struct ClaudeRun {
  var exitCode: Int32
  var stderr: String
  var sessionId: String?
  var turns: Int32
}

private func runClaude(_ text: String, resuming id: String?, in path: String?) -> ClaudeRun {
  if let id {
    return ClaudeRun(
      exitCode: 1, stderr: "No conversation found with session ID: \(id)", sessionId: nil, turns: 0)
  }
  return ClaudeRun(exitCode: 0, stderr: "", sessionId: "fresh-\(text.utf8.count)", turns: 1)
}
