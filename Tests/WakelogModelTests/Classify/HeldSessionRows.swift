import WakelogModel

/// Sessions that exist and cannot be continued.
let heldSessionRows: [Row] = [
  Row(
    .sessionInUse, "session.inUse", "claude",
    stderr: "Error: Session ID 0f6d1c9e-7a43-4c0e-9f53-2b1d3a4c5e6f is already in use."),
  Row(
    .sessionInUse, "session.inUse", "codex",
    stderr: "Error: thread/resume failed: thread 7 already has an active writer"),
  Row(.sessionInUse, "session.inUse", "codex", message: "session is locked by another process"),
  Row(
    .sessionInUse, "session.exists", "gemini", exit: 42,
    stderr: #"""
      Error starting session: Session ID "x" already exists. Use --resume to resume it, or \#
      provide a different ID.
      """#),
  Row(
    .archivedSession, "session.archived", "amp",
    stderr: "Error: This thread is archived and cannot be continued."),
  Row(.archivedSession, "session.archived", "codex", message: "session abc is archived"),
  Row(
    .malformedSession, "session.malformed.gemini", "gemini", exit: 42,
    stderr: #"""
      Invalid session ID "a/../b": Only alphanumeric characters, dashes, and underscores are \#
      allowed.
      """#),
  Row(
    .malformedSession, "session.malformed.claude", "claude",
    stderr: #"""
      Error: --resume requires a valid session ID when used with --print. Session IDs must be \#
      in UUID format. Provided value "x" is not a valid UUID
      """#),
  Row(
    .malformedSession, "session.malformed.claude", "claude",
    stdout: #"""
      Error: --resume requires a valid session ID or session title when used with --print. \#
      Usage: claude -p --resume <session-id|title>. Provided value "x" is not a UUID and does \#
      not match any session title.
      """#),
  Row(.malformedSession, "session.malformed", "codex", message: "invalid thread id: x"),
  Row(
    .poisonedSession, "session.poisoned.image", "claude",
    stdout: "API Error: 400 Could not process image: image source URL has expired"),
  Row(
    .poisonedSession, "session.poisoned.image", "claude",
    stdout: "could not process image attached to message"),
  Row(
    .poisonedSession, "session.poisoned.image", "claude",
    message: """
      messages.84.content.1.image.source.base64.data: At least one of the image dimensions \
      exceed max allowed size for many-image requests: 2000 pixels
      """),
  Row(
    .poisonedSession, "session.poisoned.toolPairs", "crush",
    stderr: """
      400 messages.12: `tool_use` ids were found without `tool_result` blocks immediately \
      after: toolu_01
      """),
  Row(
    .poisonedSession, "session.poisoned.toolPairs", "kimi",
    stderr: """
      400 An assistant message with 'tool_calls' must be followed by tool messages responding \
      to each 'tool_call_id'.
      """),
  Row(
    .poisonedSession, "session.poisoned.toolPairs", "codex",
    message: "No tool output found for function call call_7"),
  Row(
    .poisonedSession, "session.poisoned.thinking", "claude",
    message: "messages.3.content.0: Invalid `signature` in `thinking` block"),
  Row(
    .poisonedSession, "session.poisoned.thinking", "codex",
    message: "invalid_encrypted_content: The encrypted content could not be verified"),
  Row(
    .poisonedSession, "session.poisoned.previousMessage", "claude",
    stdout: #"""
      {"type":"result","is_error":true,"subtype":"success","num_turns":1,"result":"API Error: \#
      400 diagnostics.previous_message_id: must be a string that starts with `msg_`"}
      """#),
  Row(
    .poisonedSession, "session.poisoned.previousMessage", "codex",
    message: "Previous response with id 'resp_1' not found."),
  Row(
    .poisonedSession, "session.poisoned.previousMessage", "openai",
    code: "previous_response_not_found"),
  Row(
    .poisonedSession, "session.poisoned.roles",
    message: #"messages: roles must alternate between "user" and "assistant""#),
  Row(
    .poisonedSession, "session.poisoned.store", "codex",
    stderr: "Error: thread/resume failed: thread-store internal error: row 3 (code -32603)"),
  Row(
    .poisonedSession, "session.poisoned.store", "codex",
    stderr: "Failed to resume session from /home/u/.codex/rollout-1.jsonl: empty session file"),
  Row(
    .poisonedSession, "session.poisoned.requestBody", "opencode",
    stderr: "Error: failed to read request body", status: 400),
  Row(
    .poisonedSession, "session.poisoned.toolPairs", "claude",
    stderr: "API Error: 400 messages.7: `tool_use` ids were found without `tool_result` blocks",
    turns: 3),
  Row(
    .malformedSession, "session.malformed.claude", "claude",
    stdout: #"{"type":"result","is_error":true,"result":"x does not match any session title"}"#),
]
