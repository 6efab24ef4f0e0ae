/// Sessions whose id is known and whose transcript the provider refuses: every resume fails again.
let unusableSessionEntries: [FailureEntry] = [
  FailureEntry(
    "session.poisoned.image", .poisonedSession,
    [
      "could not process image", "exceeds the dimension limit for many-image requests",
      "max allowed size for many-image requests", "messages.*image* exceeds * mb maximum",
      "too many images were provided", "messages.*image.source",
    ],
    certain: true,
    source: "paperclipai/paperclip packages/adapters/claude-local/src/server/parse.ts"),
  FailureEntry(
    "session.poisoned.toolPairs", .poisonedSession,
    [
      "ids were found without * blocks", "unexpected * found in * blocks",
      "each * block must have a corresponding", "must be followed by tool messages",
      "tool_call_ids did not have response messages", "no tool output found for function call",
      "no tool call found for function call output", "tool_use ids must be unique",
      "tool_use` ids must be unique", "must be a response to a preced",
    ],
    certain: true, source: "charmbracelet/crush#1206; MoonshotAI/kimi-code#660"),
  FailureEntry(
    "session.poisoned.thinking", .poisonedSession,
    [
      "invalid*signature*thinking", "thinking*signature*invalid",
      "thinking blocks in the latest assistant message cannot be modified",
      "redacted_thinking* cannot be modified", "invalid_encrypted_content",
      "encrypted content could not be",
    ],
    source: "openclaw/openclaw src/agents/failover/classification-rules.ts"),
  FailureEntry(
    "session.poisoned.previousMessage", .poisonedSession,
    codes: ["claude_poisoned_previous_message_id", "previous_response_not_found"],
    [
      "diagnostics.previous_message_id*starts with", "previous_response_id*not found",
      "previous_response_id*invalid", "previous_response_id*expired",
      "previous_response_id*does not exist", "previous response with id * not found",
      "input item id does not belong to this connection",
    ],
    source: "paperclipai/paperclip packages/adapters/claude-local/src/server/parse.ts"),
  FailureEntry(
    "session.poisoned.roles", .poisonedSession,
    [
      "roles must alternate", "incorrect role information", "text content blocks must be non-empty",
      "all messages must have non-empty content",
    ],
    source: "openclaw/openclaw src/agents/failover/classification-rules.ts"),
  FailureEntry(
    "session.poisoned.store", .poisonedSession,
    codes: ["poisoned_session", "session_corrupted"],
    [
      "thread-store internal error", "rollout * is empty", "empty session file",
      "failed to parse * rollout", "failed to read * rollout", "session file * corrupt",
      "session * is corrupt", "corrupted session", "corrupt session", "rollout file * corrupt",
    ],
    source: "omnigent#6270; openai/codex app-server"),
  FailureEntry(
    "session.poisoned.requestBody", .poisonedSession, providers: ["opencode"],
    ["failed to read request body"],
    source: "paperclipai/paperclip packages/adapters/opencode-local/src/server/parse.ts"),
]
