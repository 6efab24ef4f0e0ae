/// Sessions whose id is known and whose transcript the provider refuses: every resume fails again.
///
/// Only texts known to be about what the session holds. Other requests that a provider refuses are
/// `invalidRequest`, which makes a session suspect and condemns it the second time.
let unusableSessionEntries: [FailureEntry] = [
  FailureEntry(
    "session.poisoned.claude", .poisonedSession, codes: ["tool_history_mismatch"],
    [
      "due to tool use concurrency issues", "orphaned tool_result in conversation history",
      "duplicate tool_use id in conversation history",
      "in the conversation could not be processed", "not created in this conversation",
      "bound to a different conversation", "this conversation cannot continue as is",
    ],
    exclude: ["request too large"],
    source: "Claude Code 2.1.332, which words 400s about a history anew; "
      + "anthropics/claude-code#16861"),
  FailureEntry(
    "session.poisoned.image", .poisonedSession,
    [
      "could not process image", "exceeds the dimension limit for many-image requests",
      "max allowed size for many-image requests", "messages.*image* exceeds * mb maximum",
      "too many images were provided", "messages.*image.source", "unable to process input image",
      "does not represent a valid image", "^image was too large", "^api error: image was too large",
      "messages.*image* exceeds the maximum", "too many images and documents",
    ],
    certain: true,
    source: "paperclipai/paperclip packages/adapters/claude-local/src/server/parse.ts; "
      + "Claude Code 2.1.332; ai.google.dev and platform.openai.com, errors of images"),
  FailureEntry(
    "session.poisoned.imageRequest", .poisonedSession, providers: ["codex", "openai"],
    ["^image poisoning$"],
    source: "openai/codex codex-rs/protocol/src/error.rs, InvalidImageRequest"),
  FailureEntry(
    "session.poisoned.document", .poisonedSession,
    [
      "pdf specified was not valid", "pdf specified is password protected",
      "a maximum of * pdf pages", "maximum of * pdf pages may be provided", "^pdf too large",
      "^pdf is password protected", "^the pdf file was not valid", "messages.*document.source",
    ],
    source: "Claude Code 2.1.332; docs.anthropic.com, PDF support"),
  // Half of a surrogate pair, cut out of a text in the history, makes every later body invalid.
  FailureEntry(
    "session.poisoned.json", .poisonedSession,
    [
      "request body is not valid json", "no low surrogate in string",
      "unexpected end of hex escape", "lone leading surrogate in hex escape",
    ],
    source: "anthropics/claude-code#1709; Claude Code 2.1.332, request_body_invalid_json"),
  FailureEntry(
    "session.poisoned.toolPairs", .poisonedSession,
    [
      "ids were found without * blocks", "unexpected * found in * blocks",
      "each * block must have a corresponding", "must be followed by tool messages",
      "tool_call_ids did not have response messages", "no tool output found for function call",
      "no tool call found for function call output", "tool_use ids must be unique",
      "tool_use` ids must be unique", "must be a response to a prece",
      "tool_use*was found without a corresponding",
      "no tool output found for * call", "no tool call found for * call output",
      "tool call output is missing for call id", "without its required following item",
      "without its required *reasoning* item", "duplicate item found with id",
      "toolresult blocks exceeds the number of tooluse", "expected toolresult blocks at",
      "toolresult blocks at messages.", "function call turn comes immediately after",
      "function response parts is equal to the number of function call parts",
      "function response parts equal to", "missing a `thought_signature`",
      "missing a thought_signature", "thought_signature* not valid",
      "thought signature is not valid",
      "corrupted thought signature", "not the same number of function calls and responses",
      "tool result is missing for tool call", "tool results are missing for tool call",
      "reasoning_content is missing in assistant tool call", "tool_call_id* is not found",
      "`reasoning_content` in the thinking mode must be passed back", "dangling_tool_call",
      "unexpected role 'tool' after role", "unexpected role 'user' after role",
    ],
    exclude: ["must use * tool to"],
    certain: true,
    source: "charmbracelet/crush#1206; MoonshotAI/kimi-code#660; openclaw/openclaw "
      + "failover-classification.corpus.test.ts; ai.google.dev, Bedrock, Mistral, Moonshot and "
      + "DeepSeek on pairs of calls and results"),
  FailureEntry(
    "session.poisoned.thinking", .poisonedSession,
    [
      "invalid*signature*thinking", "thinking*signature*invalid",
      "thinking blocks in the latest assistant message cannot be modified",
      "redacted_thinking* cannot be modified", "thinking blocks cannot be modified",
      "invalid_encrypted_content", "encrypted content could not be",
      "encrypted content * could not be verified", "expected thinking or redacted_thinking",
      "expected `thinking` or `redacted_thinking`",
      "expected 'thinking' or 'redacted_thinking'",
      "messages.*thinking.signature:",
    ],
    source: "openclaw/openclaw src/agents/failover/classification-rules.ts; api.anthropic.com, "
      + "400s about thinking"),
  FailureEntry(
    "session.poisoned.previousMessage", .poisonedSession,
    codes: ["claude_poisoned_previous_message_id", "previous_response_not_found"],
    [
      "diagnostics.previous_message_id*starts with", "previous_response_id*not found",
      "previous_response_id*invalid", "previous_response_id*expired",
      "previous_response_id*does not exist", "previous response with id * not found",
      "input item id does not belong to this connection", "items are not persisted when *store",
      "invalid 'input[*].id'*expected an id that begins with",
    ],
    source: "paperclipai/paperclip packages/adapters/claude-local/src/server/parse.ts; "
      + "platform.openai.com, Responses API on items"),
  FailureEntry(
    "session.poisoned.roles", .poisonedSession, codes: ["invalid_request_message_order"],
    [
      "roles must alternate", "incorrect role information", "text content blocks must be non-empty",
      "text content blocks must contain non-whitespace", "all messages must have non-empty content",
      "messages: at least one message is required", "must not end with trailing whitespace",
      "cannot end with trailing whitespace", "must alternate between user and",
      "multiturn requests alternate between", "contents.parts must not be empty",
      "with role 'assistant' must not be empty", "with role \\'assistant\\' must not be empty",
      "expected last role user or tool", "expected last role to be",
      "in the contentblock object at messages.* is blank",
      "conversation must start with a user message",
    ],
    // The system prompt is no part of the history.
    exclude: ["<system: text content", "<system.*: text content", "<system.*.text: text content"],
    source: "openclaw/openclaw src/agents/failover/classification-rules.ts; Bedrock, Gemini, "
      + "Mistral and Moonshot on roles"),
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
