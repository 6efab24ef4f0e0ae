import WakelogModel

/// Sessions that the provider does not know, as each CLI says it.
let unknownSessionRows: [Row] = [
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stderr: "No conversation found with session ID: 0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f"),
  Row(
    .unknownSession, "session.unknown.claude", "claude_local",
    stderr: "No conversation found to continue"),
  Row(.unknownSession, "session.unknown.claude", "claude", stderr: "Session not found on disk"),
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stdout: #"""
      {"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":0,"sessi\#
      on_id":"s-1","errors":["No conversation found with session ID: s-1"]}
      """#),
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stdout: #"""
      {"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":0,"error\#
      s":[{"message":"No conversation found with session ID: s-1"}]}
      """#),
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stdout: "Error: No conversation found with session id 77"),
  Row(
    .unknownSession, "session.unknown.claude", "claude-cli",
    message: "No conversation found with session ID: s-9"),
  Row(
    .unknownSession, "session.unknown.claude", exit: nil,
    stderr: "No conversation found with session ID: s-1"),
  Row(
    .unknownSession, "session.unknown.codex", "codex",
    stderr: """
      Error: thread/resume: thread/resume failed: no rollout found for thread id \
      0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f (code -32600)
      """),
  Row(
    .unknownSession, "session.unknown.codex", "codex",
    stderr: """
      Error: thread/read: thread/read failed: thread not loaded: \
      0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f (code -32600)
      """),
  Row(
    .unknownSession, "session.unknown.codex", "codex",
    stderr: """
      ERROR: No saved session found with ID s-1. Run `codex resume` without an ID to choose \
      from existing sessions.
      """),
  Row(.unknownSession, "session.unknown.codex", "codex", stderr: "no archived rollout found"),
  Row(.unknownSession, "session.unknown.codex", "codex_local", stderr: "rollout not found"),
  Row(
    .unknownSession, "session.unknown.paperclip", "gemini_local",
    message: #"Gemini resume session "7d0d4a3e" is unavailable; retrying with a fresh session."#),
  Row(
    .unknownSession, "session.unknown.codexState", "codex",
    stderr: "missing rollout path for thread 7"),
  Row(
    .unknownSession, "session.unknown.codexState", "codex",
    stderr: "state db returned stale rollout path for thread 7"),
  Row(
    .unknownSession, "session.unknown.codexState", "codex",
    stderr: """
      2026-03-01T08:00:00Z ERROR codex_core::rollout::list: state db missing rollout path for \
      thread 0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f
      """),
  Row(.unknownSession, "session.unknown.notFound", "codex", stderr: "conversation 42 not found"),
  Row(
    .unknownSession, "session.unknown.notFound", "codex",
    stderr: "thread not found: 0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f"),
  Row(
    .unknownSession, "session.unknown.named", "codex",
    stdout: #"{"type":"error","message":"Unknown thread 0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f"}"#),
  Row(.unknownSession, "session.unknown.named", "codex", stdout: "unknown thread id"),
  Row(
    .unknownSession, "session.unknown.notFound", "codex",
    stdout: #"""
      {"type":"thread.started","thread_id":"t"}\#n{"type":"turn.failed","error":{"message":"th\#
      read t not found"}}
      """#),
  Row(
    .unknownSession, "session.unknown.gemini", "gemini", exit: 42,
    stderr: #"""
      Error resuming session: Invalid session identifier "s-1".\#n  Searched for sessions in \#
      /home/u/.gemini.\#n  Use --list-sessions to see available sessions.
      """#),
  Row(
    .unknownSession, "session.unknown.gemini", "gemini", exit: 42,
    stderr: "Error resuming session: No previous sessions found for this project."),
  Row(
    .unknownSession, "session.unknown.geminiLatest", "gemini", exit: 42,
    stderr: "No previous sessions found for this project."),
  Row(
    .unknownSession, "session.unknown.named", "gemini_local",
    stderr: "Error: unknown session 'abc-9'"),
  Row(
    .unknownSession, "session.unknown.notFound", "gemini",
    stderr: "Resumed session abc-9 not found on disk"),
  Row(
    .unknownSession, "session.unknown.notFound", "gemini",
    stdout: "Resumed session abc-9 not found on disk"),
  Row(.unknownSession, "session.unknown.resume", "gemini", stderr: "checkpoint nightly not found"),
  Row(.unknownSession, "session.unknown.resume", "gemini", stderr: "Failed to resume session"),
  Row(.unknownSession, "session.unknown.resume", "gemini", stderr: "cannot resume"),
  Row(
    .unknownSession, "session.unknown.notFound", "gemini", exit: 42,
    stderr: #"""
      {"session_id":"s","error":{"type":"Error","message":"Session not found: s","code":42}}
      """#),
  Row(
    .unknownSession, "session.unknown.codex", "qwen",
    stderr: """
      No saved session found with ID s-1. Run `qwen --resume` without an ID to choose from \
      existing sessions.
      """),
  Row(.unknownSession, "session.unknown.notFound", "opencode", stderr: "Error: Session not found"),
  Row(
    .unknownSession, "session.unknown.opencode", "opencode",
    stderr: "\u{1b}[91m\u{1b}[1mError: \u{1b}[0mSession not found: ses_1"),
  Row(
    .unknownSession, "session.unknown.opencode", "opencode",
    stderr: #"""
      NotFoundError: NotFoundError\#n data: {\#n  message: "Session not found: ses_1"\#n}
      """#),
  Row(
    .unknownSession, "session.unknown.opencode", "opencode",
    stderr: #"{"name":"NotFoundError","data":{"message":"Session not found: ses_1"}}"#),
  Row(
    .unknownSession, "session.unknown.opencode", "opencode",
    stderr: """
      NotFoundError: Resource not found: \
      /home/u/.local/share/opencode/storage/session/p/ses_1.json
      """),
  Row(.unknownSession, "session.unknown.none", "opencode", stderr: "no session selected"),
  Row(
    .unknownSession, "session.unknown.opencode", "opencode",
    stdout: #"""
      {"type":"error","error":{"name":"NotFoundError","data":{"message":"Session not found: \#
      ses_1"}}}
      """#),
  Row(.unknownSession, "session.unknown.notFound", "cursor", stderr: "chat 5f3 not found"),
  Row(.unknownSession, "session.unknown.named", "cursor", stderr: "unknown chat 5f3"),
  Row(.unknownSession, "session.unknown.resume", "cursor", stderr: "Could not resume"),
  Row(.unknownSession, "session.unknown.invalid", "cursor", stdout: "error: invalid session"),
  Row(.unknownSession, "session.unknown.resume", "grok", stderr: "resume token-7 not found"),
  Row(
    .unknownSession, "session.unknown.notFound", "grok",
    stderr: #"{"type":"error","error":{"message":"session not found"}}"#),
  Row(.unknownSession, "session.unknown.none", "pi", stderr: "no session available"),
  Row(.unknownSession, "session.unknown.notFound", "pi", stdout: "session not found: s_9"),
  Row(
    .unknownSession, "session.unknown.copilot", "copilot",
    stderr: "Error: No session, task, or name matched 'nightly'."),
  Row(
    .unknownSession, "session.unknown.goose", "goose",
    stderr: "Error: No session found with name nightly"),
  Row(
    .unknownSession, "session.unknown.notFound", "kimi",
    stderr: #"Session "0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f" not found."#),
  Row(
    .unknownSession, "session.unknown.notFound", "acp",
    stderr: #"{"code":-32602,"message":"Session \"abc\" not found"}"#),
  Row(
    .unknownSession, "session.unknown.acp", "acp",
    stderr: #"""
      {"jsonrpc":"2.0","id":3,"error":{"code":-32002,"message":"Resource not found: abc"}}
      """#),
  Row(
    .unknownSession, "session.unknown.notFound", "cursor",
    stderr: #"""
      {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"Session \"abc\" not \#
      found","data":{"sessionId":"abc"}}}
      """#),
  Row(.unknownSession, "session.unknown.gone", message: "session does not exist"),
  Row(.unknownSession, "session.unknown.gone", message: "the session has expired"),
  Row(.unknownSession, "session.unknown.gone", message: "conversation expired", status: 410),
  Row(.unknownSession, "session.unknown.notFound", message: "HTTP 404: session not found"),
  Row(.unknownSession, "session.unknown.gone", message: "410 conversation expired"),
  Row(.unknownSession, "session.unknown.invalid", message: "session invalid"),
  Row(.unknownSession, "session.unknown.named", message: "No such session: abc"),
  Row(.unknownSession, "session.unknown.gone", code: "session_expired"),
  Row(.unknownSession, "session.unknown.notFound", code: "SESSION_NOT_FOUND"),
]
