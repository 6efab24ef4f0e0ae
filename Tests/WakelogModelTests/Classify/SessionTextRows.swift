import WakelogModel

/// What CLIs and APIs say of sessions, text by text.
let sessionTextRows: [Row] =
  heldTexts + knownTexts + poisonedMessages + overflowTexts + toolServerRows

private let id = "0199f000-0000-7000-8000-00000000abcd"

private let heldTexts: [Row] =
  reported(
    .sessionInUse, "session.inUse.named", by: "kimi",
    [
      "Can't open \u{2014} this session is running in another terminal",
      "Thread \(id) is currently being used by another client",
      "Thread \(id) is currently active in another client",
      "Session \(id) is open in another window",
      "Session \(id) is already being processed",
      "Session \(id) already has a running prompt",
      "A prompt is already in progress for session \(id)",
      "Another instance is already using session \(id)",
      "Session \(id) is running on another host",
      "Session is in use: \(id)",
      "The conversation is locked by another process",
    ])
  + reported(
    .sessionInUse, "session.inUse.lock", by: "openclaw",
    [
      "could not acquire session lock: held by pid 12", "Session lock held by process 4242",
      "Failed to acquire lock for session \(id)",
    ])
  + [
    // A thread that runs elsewhere is not a lost one, whatever path it was asked for by.
    Row(
      .sessionInUse, "session.inUse", "codex",
      stderr: """
        Error: thread/resume: thread/resume failed: cannot resume running thread \(id) with stale \
        path: requested `/a`, active `/b` (code -32600)
        """),
    Row(
      .unclassified, "unclassified", "codex",
      stderr: """
        Error: thread/resume failed: cannot resume paginated thread \(id) with stale path: \
        requested `/a`, active `/b`; omit path and resume by thread id
        """),
    Row(
      .unclassified, "unclassified", "codex",
      stderr: """
        Error: thread/resume failed: cannot resume multi-agent v2 child \(id): parent 7 is not \
        loaded; resume the parent first
        """),
  ]

private let knownTexts: [Row] = [
  Row(
    .unknownSession, "session.unknown.codex", "codex",
    stderr: "Error: No active or archived session found matching 'nightly'"),
  Row(
    .unknownSession, "session.unknown.crush", "crush",
    stderr: "\n   ERROR  \n\n  No sessions found to continue.\n\n"),
]

private let poisonedMessages: [Row] =
  reported(
    .poisonedSession, "session.poisoned.toolPairs",
    [
      "400 messages with role 'tool' must be a response to a preceeding message with 'tool_calls'",
      """
      400 messages.9.content.2: `server_tool_use` with id srvtoolu_01 was found without a \
      corresponding `web_search_tool_result` block
      """,
    ])
  + reported(
    .poisonedSession, "session.poisoned.thinking",
    [
      "400 messages.5.content.0.thinking.signature: Field required",
      "400 Expected thinking or redacted_thinking, but found text. When thinking is enabled, …",
      "400 messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`",
    ])
  + reported(
    .poisonedSession, "session.poisoned.previousMessage", by: "codex",
    [
      "Item with id 'rs_68a' not found. Items are not persisted when `store` is set to false.",
      "Invalid 'input[12].id': 'fc_1'. Expected an ID that begins with 'msg'.",
    ])
  + reported(
    .poisonedSession, "session.poisoned.roles",
    [
      """
      400 Expected last role User or Tool (or Assistant with prefix True) for serving but got \
      assistant
      """,
      #"Error code: 400 - {'message': 'message 3 with role \'assistant\' must not be empty'}"#,
    ])
  + [
    Row(.poisonedSession, "session.poisoned.imageRequest", "codex", message: "Image poisoning"),
    Row(.poisonedSession, "session.poisoned.roles", code: "invalid_request_message_order"),
    // The system prompt is sent anew each time: it is no part of the history.
    Row(
      .invalidRequest, "status.4xx", "claude",
      stdout: "API Error: 400 system: text content blocks must be non-empty"),
    Row(
      .invalidRequest, "status.4xx", "claude",
      stdout: "API Error: 400 system.1.text: text content blocks must be non-empty"),
  ]

private let overflowTexts: [Row] =
  reported(
    .contextOverflow, "overflow.tokens",
    [
      "input length 14295 tokens exceeds the model limit",
      "422 Input validation error: `inputs` tokens + `max_new_tokens` must be <= 32768",
      "422 Input validation error: `inputs` must have less than 32768 tokens. Given: 40000",
      "prompt token count of 131072 exceeds the limit of 128000",
      "input tokens exceed the configured limit of 272000 tokens",
      "Trying to keep the first 9000 tokens when context the overflows",
    ])
  + reported(
    .contextOverflow, "overflow.prompt",
    [
      "400 Prompt has 256468 tokens, but the configured context size is 256000 tokens",
      "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
      "Please reduce the length of the messages or completion.",
      """
      The decoder prompt (length 140000) is longer than the maximum model length of 131072. Make \
      sure that `max_model_len` is no smaller than the number of text tokens.
      """,
    ])
  + reported(
    .contextOverflow, "overflow.window",
    [
      "request (130000 tokens) exceeds available context size (131072 tokens)",
      "The context limit is still exceeded after compaction. Please start a new session.",
      "auto-compaction failed due to context overflow",
    ])
  + reported(
    .contextOverflow, "overflow.chinese", ["Prompt 超长", "输入内容过长，超过模型最大上下文长度"])
  + reported(
    .contextOverflow, "overflow.size", ["400 too many total text bytes: 9437185 > 9000000"])

/// A tool server has sessions of its own: losing one costs the agent nothing.
private let toolServerRows: [Row] = [
  Row(
    .unclassified, "status.toolServer", "gemini",
    stderr: #"""
      Error connecting to MCP server 'db': Streamable HTTP error: Error POSTing to endpoint (HTTP \#
      404): {"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}
      Error: something else broke
      """#),
  Row(
    .unclassified, "unclassified", "gemini",
    stderr: "MCP error -32001: Session not found\nError: something else broke\n"),
  Row(
    .unclassified, "unclassified", "codex",
    stderr: """
      2026-11-30T08:00:00.1Z ERROR rmcp::transport::worker: worker quit with fatal: Session expired
      Error: something else broke
      """),
  Row(
    .serverError, "server.internal", "claude",
    stderr: """
      MCP server "db" error: HTTP 404: session not found
      API Error: 500 Internal server error
      """),
  // The agent's own session is lost all the same where another line says so.
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stderr: "MCP error -32001: Session not found\nNo conversation found with session ID: s-1"),
]
