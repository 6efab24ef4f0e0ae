import WakelogModel

/// Runs that went well while something spoke of errors, and runs that failed without saying so.
let quietRunTraps: [Row] = [
  // codex logs a lost rollout item while the turn succeeds; hosts that matched the words ran every
  // turn twice (openai/codex#19475).
  Row(
    nil, "succeeded", "codex", exit: 0,
    stdout: #"""
      {"type":"item.completed","item":{"type":"agent_message","text":"ok"}}
      {"type":"turn.completed","usage":{}}
      """#,
    stderr: "ERROR codex_core::session: failed to record rollout items: thread 019c not found"),
  // The same without a machine-readable stream: an answer stands on standard output, and that is
  // what tells a run that worked.
  Row(
    nil, "succeeded", "codex", exit: 0, stdout: "All done.",
    stderr: "2026-02-19T19:58:53Z ERROR codex_core::rollout::list: state db missing rollout path "
      + "for thread 019c775d"),
  // The log line explains nothing of a failure either: the id is alive.
  // Condemning it would have thrown the conversation away.
  Row(
    .unclassified, "unclassified", "codex",
    stderr: "ERROR codex_core::session: failed to record rollout items: thread 019c not found"),
  // An MCP server lost a session of its own and said so on standard error.
  // The agent's own session is fine.
  Row(
    nil, "succeeded", "claude", exit: 0, stdout: "Fixed.",
    stderr: "[mcp] session 7 not found, reconnecting"),
  Row(
    nil, "succeeded", "claude", exit: 0, stdout: "Fixed.", stderr: "Session 7 not found, retrying"),
  // `gemini --resume latest` warns, opens a new session and answers.
  // It is a success with another id, not a failure.
  Row(
    nil, "succeeded", "gemini", exit: 0, stdout: "Hello!",
    stderr: "No previous sessions found for this project."),
  // opencode ends with exit code 0 and an empty answer when the session is gone (#27559).
  // Hosts recorded the wake as done.
  Row(
    .unknownSession, "session.unknown.opencode", "opencode", exit: 0,
    stderr: "\u{1b}[91mError: \u{1b}[0mSession not found: ses_27"),
  // An adapter reported success for a session that did not exist (hermes-agent#80843).
  // What the CLI wrote counts for more than what the host made of it.
  Row(
    .unknownSession, "session.unknown.claude", "claude", exit: 0,
    stderr: "No conversation found with session ID: s-4", outcome: .succeeded),
  // A fresh attempt that prints nothing and reports no turn may be a shell-only job.
  // Only a resuming one is an empty response.
  Row(nil, "succeeded", exit: 0, turns: 0, resuming: false),
  // Rate limits that the CLI waited out stand on standard error of runs that succeeded.
  // They are no failure.
  Row(nil, "succeeded", "gemini", exit: 0, stdout: "Done.", stderr: "429, retrying in 3 s"),
  Row(
    nil, "succeeded", exit: 0, stderr: "npm warn deprecated\nrate limit low", turns: 2),
  // codex reports each reconnection as an error line; the turn completes all the same.
  // The last word of the stream decides.
  Row(
    nil, "succeeded", "codex", exit: 0,
    stdout: #"""
      {"type":"error","message":"stream disconnected before completion"}
      {"type":"turn.completed","usage":{}}
      """#),
  // A hook failed after the result had been given, and the CLI left with exit code 1 (#5722).
  // Copilot prints the same result for a run that its provider cut off: the exit code tells.
  Row(
    .agentError, "agentError", "claude",
    stdout: #"{"type":"result","subtype":"success","is_error":false,"num_turns":4,"result":"ok"}"#
  ),
  // Claude Code says `success` and one turn when nobody is logged in, with no token spent.
  // Neither the subtype nor the count means that a turn took place.
  Row(
    .authentication, "auth.login", "claude",
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":1,"result":\#
      "Not logged in · Please run /login","usage":{"output_tokens":0}}
      """#),
  // The process was killed while it resumed; nothing in its output explains it.
  // A host that takes a core dump for an agent's mistake blames the wrong one.
  Row(.processLost, "signal", "claude", exit: 139, stdout: "Resuming…", turns: 0),
  // A proxy answered 401 and the process still left with 0 (#12021).
  // The status lies, the message does not.
  Row(.authentication, "status.401", exit: 0, message: "401 Unauthorized"),
]
