/// "The session @ is already running", with every noun and every state that CLIs put there.
private let inUsePatterns: [String] = ["session", "thread", "conversation", "chat"].flatMap {
  noun in
  [
    "<\(noun) @ is already running", "<\(noun) is already running",
    "<\(noun) @ is already active", "<\(noun) is already active",
    "<\(noun) @ is already in use", "<\(noun) is already in use",
    "<\(noun) @ is already open", "<\(noun) is already open",
    "<\(noun) @ is currently in use", "<\(noun) is currently in use",
    "<\(noun) @ is currently running", "<\(noun) is currently running",
    "<\(noun) @ is currently processing", "<\(noun) is currently processing",
    "<\(noun) @ is being used by", "<\(noun) is being used by",
    "<\(noun) @ is locked", "<\(noun) is locked", "<\(noun) @ is busy>", "<\(noun) is busy>",
    "<\(noun) @ is currently busy>", "<\(noun) is currently busy>",
    "<\(noun) @ is in use by", "<\(noun) is in use by",
    "<\(noun) @ is still running", "<\(noun) is still running",
    "<\(noun) @ already has an active", "<\(noun) already has an active",
    "<\(noun) @ has an active turn", "<\(noun) already has a turn in progress",
    "<\(noun) @ already has a running", "<\(noun) already has a running",
    "<\(noun) @ is currently being used", "<\(noun) is currently being used",
    "<\(noun) @ is already being processed", "<\(noun) is already being processed",
    "<\(noun) @ is already being used", "<\(noun) is already being used",
    "<\(noun) @ is in use:", "<\(noun) is in use:",
    "<\(noun) is in use$", "<\(noun) @ is in use$",
    "already in progress for \(noun)", "already in progress for this \(noun)",
    "already in progress in this \(noun)",
    "another * already using \(noun)", "another * already using this \(noun)",
    "another * is using this \(noun)",
  ]
    + ["running", "active", "currently active", "open", "in use", "locked"].flatMap { state in
      ["in another", "on another", "by another", "elsewhere"].flatMap { place in
        ["<\(noun) is \(state) \(place)", "<\(noun) @ is \(state) \(place)"]
      }
    }
}

/// Sessions, threads and locks of other things than a conversation.
private let heldDecoys = [
  "port", "address", "callback", "database", "daemon", "postgres", "mysql", "redis", "advisory",
  "browser", "chrome", "debug session", "login session", "ssh session", "tmux", "screen session",
  "terminal session", "mcp server", "worker thread", "thread pool", "assert", "<expected",
]

/// Sessions that exist and may not be continued: in use, archived, or asked for by no valid id.
let heldSessionEntries: [FailureEntry] = [
  FailureEntry(
    "session.inUse", .sessionInUse,
    codes: ["session_in_use", "session_locked"],
    [
      "session id @ is already in use", "session @ is already in use", "session is already in use",
      "already has an active writer", "session @ is locked by", "session is locked by",
      "another process is using * session", "session @ is in use by another",
      "already open in another running", "with history while it is already running",
      "is already being served by another", "is closing; retry", "running in another process",
      "cannot resume running thread", "cannot resume running session",
    ],
    exclude: ["<port>", "address", "callback"], certain: true,
    source: "anthropics/claude-code#5524; Claude Code 2.1.332, resume_session_live_elsewhere; "
      + "codex-cli 0.163.0, thread/resume"),
  FailureEntry(
    "session.inUse.named", .sessionInUse, codes: ["sessionbusyerror", "session_busy"],
    inUsePatterns, exclude: heldDecoys,
    source: "openai/codex, claude-code, anomalyco/opencode, charmbracelet/crush: the same sentence "
      + "with other nouns"),
  FailureEntry(
    "session.inUse.lock", .sessionInUse,
    [
      "acquire session lock: held by", "acquire session lock: already held",
      "acquire the session lock: held by", "acquire lock for session", "acquire lock on session",
      "acquire a lock on session", "<session lock held by process", "<session lock held by pid",
      "<session lock is held by",
    ],
    exclude: heldDecoys,
    source: "hosts and CLIs that keep a lock file beside a session, with its holder's process id"),
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
      "archived session cannot be resumed", "archived and cannot accept", "has been archived",
    ],
    exclude: ["project", "repository", "not archived"],
    certain: true, source: "egoist/waku#177; codex-cli 0.163.0; Claude Code 2.1.332"),
  // Closed for good by one side: every resume ends so.
  FailureEntry(
    "session.ended", .archivedSession, codes: ["conversation_ended_by_model"],
    [
      "claude ended this conversation", "claude ended the conversation",
      "this conversation has ended", "conversation was ended by",
      "does not resume it under any of them", "does not continue the conversation here",
    ],
    certain: true, source: "Claude Code 2.1.332, conversation_ended_by_model"),
  FailureEntry(
    "session.malformed.gemini", .malformedSession,
    ["invalid session id * only alphanumeric characters"], certain: true,
    source: "google-gemini/gemini-cli packages/cli/src/utils/sessionUtils.ts"),
  FailureEntry(
    "session.malformed.child", .malformedSession,
    ["cannot continue a child session"], certain: true,
    source: "charmbracelet/crush 37f36e93 internal/cmd/run.go"),
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
