/// Lines that are no report of a lost session although they read like one.
let unknownSessionDecoys = [
  // Printed by runs that succeed (openai/codex#19475).
  "failed to record rollout items",
  // A hook, a tool or a file is missing, not the session.
  "command not found", "module not found", "module @ not found", "plugin @ not found", "hook",
  "modelnotfound", "model not found", "session storage", "session manager",
  // A tool server has sessions of its own.
  "^mcp", "<mcp server", "<mcp error", "<mcp client", "<mcp connection", "<mcp transport",
  "<mcp @ error", "mcp-session", "mcp_session", "mcperror", "rmcp", "streamable http",
  "worker quit with",
  // Credentials.
  "oauth", "sign in", "log in", "login", "authenticat", "credential", "cookie",
]

/// Sessions that nobody knows, by texts that mean it whoever prints them.
let unknownSessionEntries: [FailureEntry] = [
  FailureEntry(
    "session.unknown.claude", .unknownSession,
    [
      "no conversation found with session id", "no conversation found to continue",
      "session not found on disk",
    ],
    certain: true, source: "anthropics/claude-code#1967, #62851, #69652"),
  FailureEntry(
    "session.unknown.codex", .unknownSession,
    [
      "no rollout found for thread", "no archived rollout found", "rollout not found",
      "thread not loaded", "no saved session found with id",
      "no saved session found", "no rollout found for conversation",
      "no active or archived session found",
    ],
    exclude: ["active writer"], certain: true,
    source: "openai/codex#22064; t3code#6671; stoneforge#130; qwen-code#3606"),
  FailureEntry(
    "session.unknown.codexState", .unknownSession,
    [
      "missing rollout path for thread", "state db missing rollout path",
      "stale rollout path for thread",
    ],
    source: "paperclipai/paperclip packages/adapters/codex-local/src/server/parse.ts"),
  FailureEntry(
    "session.unknown.paperclip", .unknownSession,
    ["is unavailable; retrying with a fresh session"],
    source: "paperclipai/paperclip packages/adapters, the log line of a fallback"),
  FailureEntry(
    "session.unknown.gemini", .unknownSession,
    ["invalid session identifier", "error resuming session: no previous sessions found"],
    certain: true, source: "google-gemini/gemini-cli packages/cli/src/utils/sessionUtils.ts"),
  FailureEntry(
    "session.unknown.geminiLatest", .unknownSession,
    ["no previous sessions found for this project"],
    source: "google-gemini/gemini-cli packages/cli/src/gemini.tsx"),
  FailureEntry(
    "session.unknown.copilot", .unknownSession,
    ["no session, task, or name matched"], certain: true, source: "kinncj/MAPLE#24"),
  FailureEntry(
    "session.unknown.crush", .unknownSession,
    ["no sessions found to continue", "no session found to continue"], certain: true,
    source: "charmbracelet/crush internal/cmd/run.go"),
  FailureEntry(
    "session.unknown.goose", .unknownSession,
    ["no session found with name", "no session found with id", "no such session exists"],
    certain: true,
    source: "coder/registry#744; block/goose crates/goose-cli/src/session/builder.rs"),
  FailureEntry(
    "session.unknown.opencode", .unknownSession,
    [
      "notfounderror * session not found", "session not found: ses_", "session not found: \"ses_",
      "resource not found: */session/*.json", "resource not found: *\\session\\*.json",
    ],
    certain: true, source: "anomalyco/opencode#27559, #34715"),
  FailureEntry(
    "session.unknown.notFound", .unknownSession,
    codes: ["session_not_found", "thread_not_found", "conversation_not_found", "unknown_session"],
    [
      "session not found", "session id not found", "session @ not found", "session was not found",
      "session @ was not found", "session could not be found", "session @ could not be found",
      "could not find session with", "could not find session id", "could not find session '",
      "could not find session \"", "couldn't find session with", "conversation not found",
      "conversation id not found", "conversation @ not found", "thread not found",
      "thread @ not found", "chat not found", "chat @ not found", "chat session @ not found",
    ],
    exclude: unknownSessionDecoys,
    source: "openclaw/openclaw src/agents/failover/message-patterns.ts; host regex banks"),
  FailureEntry(
    "session.unknown.named", .unknownSession,
    [
      "unknown session", "unknown thread", "unknown conversation", "unknown chat",
      "no such session",
      "no such thread", "no such conversation", "no conversation found",
    ],
    exclude: unknownSessionDecoys,
    source: "paperclipai/paperclip packages/adapters/*/src/server/parse.ts"),
  FailureEntry(
    "session.unknown.gone", .unknownSession, codes: ["session_expired", "conversation_expired"],
    [
      "session does not exist", "session @ does not exist", "session doesn't exist",
      "session @ doesn't exist", "<session expired", "<session has expired", "<session @ expired",
      "<session @ has expired", "<session is expired", "<session no longer exists",
      "<session @ no longer exists", "conversation does not exist", "conversation @ does not exist",
      "conversation expired", "conversation has expired", "conversation @ has expired",
      "conversation invalid", "thread does not exist", "thread @ does not exist",
      "thread no longer exists",
    ],
    exclude: unknownSessionDecoys + ["token"],
    source: "openclaw/openclaw src/agents/failover/message-patterns.ts"),
  FailureEntry(
    "session.unknown.invalid", .unknownSession,
    ["<session invalid", "<invalid session>", "<invalid conversation>"],
    exclude: unknownSessionDecoys + ["invalid session key", "token"],
    source: "openclaw/openclaw src/agents/failover/message-patterns.ts"),
]
