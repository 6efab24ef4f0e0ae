/// Texts that mean a lost session only from the CLI that prints them so.
let unknownSessionByProviderEntries: [FailureEntry] = [
  FailureEntry(
    "session.unknown.resume", .unknownSession,
    providers: ["gemini", "qwen", "cursor", "grok", "codex"],
    [
      "resume @ not found", "cannot resume", "can't resume", "could not resume", "failed to resume",
      "unable to resume", "checkpoint not found", "checkpoint @ not found", "no checkpoint found",
    ],
    exclude: unknownSessionDecoys + [
      "active writer", "rate limit", "overloaded", "network", "<econn", "timed out", "timeout",
      "unauthorized", "connection", "already running", "is closing", "in use", "archived",
      "with session id", "--", "stale path", "running thread", "resume the parent",
    ],
    source: "paperclipai/paperclip packages/adapters/gemini-local, cursor-local, grok-local"),
  FailureEntry(
    "session.unknown.none", .unknownSession, providers: ["opencode", "pi"],
    ["^no session>", "error: no session>"], exclude: unknownSessionDecoys,
    source: "paperclipai/paperclip packages/adapters/pi-local/src/server/parse.ts"),
  FailureEntry(
    "session.unknown.acp", .unknownSession, providers: ["acp"],
    streams: [.structured], ["resource not found"],
    source: "claude-agent-acp#363; acpx#174 (JSON-RPC -32002)"),
  FailureEntry(
    "session.unknown.load", .unknownSession,
    [
      "session/load failed * path not found", "session/load failed * fs_not_found",
      "session/load failed * no such file",
    ],
    source: "multica-ai/multica#8305"),
]
