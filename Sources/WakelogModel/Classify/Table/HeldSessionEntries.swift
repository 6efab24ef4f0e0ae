/// Sessions that exist and may not be continued: in use, archived, or asked for by no valid id.
let heldSessionEntries: [FailureEntry] = [
  FailureEntry(
    "session.inUse", .sessionInUse,
    codes: ["session_in_use", "session_locked"],
    [
      "session id @ is already in use", "session @ is already in use", "session is already in use",
      "already has an active writer", "session @ is locked by", "session is locked by",
      "another process is using * session", "session @ is in use by another",
      "thread @ is already running",
    ],
    certain: true, source: "anthropics/claude-code#5524; openai/codex, active writer"),
  FailureEntry(
    "session.exists", .sessionInUse, providers: ["gemini", "qwen"],
    ["session id @ already exists"], certain: true,
    source: "google-gemini/gemini-cli packages/cli/src/utils/sessionUtils.ts"),
  FailureEntry(
    "session.archived", .archivedSession,
    codes: ["session_archived", "thread_archived"],
    [
      "thread is archived", "session is archived", "conversation is archived",
      "thread @ is archived",
      "session @ is archived", "conversation @ is archived", "archived and cannot be continued",
      "archived session cannot be resumed",
    ],
    certain: true, source: "egoist/waku#177"),
  FailureEntry(
    "session.malformed.gemini", .malformedSession,
    ["invalid session id * only alphanumeric characters"], certain: true,
    source: "google-gemini/gemini-cli packages/cli/src/utils/sessionUtils.ts"),
  FailureEntry(
    "session.malformed.claude", .malformedSession,
    [
      "--resume requires a valid session", "session ids must be in uuid format",
      "<not a valid uuid", "<is not a uuid>", "does not match any session title",
      "invalid session id: must be a valid uuid", "invalid session id * must be a valid uuid",
    ],
    certain: true, source: "Ngxba/claude-code-cli-ui#33; anthropics/claude-code#91268"),
  FailureEntry(
    "session.malformed", .malformedSession,
    codes: ["malformed_session", "invalid_session_id"],
    [
      "malformed session id", "session id is malformed", "session id is not valid",
      "invalid session id format", "invalid thread id", "invalid conversation id",
      "session id @ has an invalid format", "failed to parse thread id", "invalid uuid && thread",
      "invalid uuid && session",
    ],
    exclude: ["rollout file"], source: "openai/codex app-server, thread/resume"),
]
