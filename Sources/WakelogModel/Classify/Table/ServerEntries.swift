private let openClawPatterns = "openclaw/openclaw src/agents/failover/message-patterns.ts"

/// Providers that failed. Looked for before networks, whose words they borrow.
let serverEntries: [FailureEntry] = [
  FailureEntry(
    "server.gateway", .serverError,
    ["bad gateway", "upstream error", "upstream connect error", "upstream request failed"],
    source: openClawPatterns),
  FailureEntry(
    "server.openrouter", .serverError,
    providers: [
      "openrouter", "opencode", "crush", "goose", "qwen", "kilo", "cline", "aider", "hermes",
    ],
    ["provider returned error", "provider returned an error"],
    source: "openrouter.ai/docs, errors of a provider; openclaw/openclaw docs/concepts/"
      + "model-failover.md, for OpenRouter alone"),
  FailureEntry(
    "server.connect", .serverError, providers: ["cursor"],
    [
      "connecterror: [internal]", "connecterror: [unavailable]", "^c: [internal]",
      "^c: [unavailable]",
    ],
    source: "cursor-agent, as connectrpc/connect-es words a code"),
  FailureEntry(
    "server.response", .serverError,
    [
      "<server error mid-response", "response stream was malformed",
      "server had an error while processing your request", "agent loop died unexpectedly",
    ],
    source: "Claude Code 2.1.332; platform.openai.com/docs/guides/error-codes; openai/codex "
      + "codex-rs/protocol/src/error.rs, InternalAgentDied"),
  FailureEntry(
    "server.internalBare", .serverError, streams: [.structured], ["^internal error$"],
    source: "JSON-RPC 2.0, section 5.1, as agents of the agent client protocol send it"),
  FailureEntry(
    "server.gatewayTimeout", .timeout,
    ["gateway timeout", "gateway time-out"], source: "RFC 9110, 15.6.5"),
  FailureEntry(
    "server.internal", .serverError,
    codes: [
      "server_error", "internal_error", "internal_server_error", "upstream_error", "internal",
    ],
    [
      "internal server error", "internal_server_error", "internal_error", "server_error",
      "internal database error", "an error occurred while processing",
      "encountered an unexpected error", "status: internal", "服务器内部错误", "服务器错误", "内部错误",
      "系统错误", "系统异常",
    ],
    exclude: ["thread-store"], source: openClawPatterns),
  FailureEntry(
    "server.unavailable", .serverError, codes: ["unavailable", "service_unavailable"],
    [
      "service unavailable", "service_unavailable", "serviceunavailable", "temporarily unavailable",
      "temporarily unable to handle", "web server is down", "服务暂时不可用", "服务繁忙", "系统繁忙",
    ],
    source: openClawPatterns),
  FailureEntry(
    "server.stopReason", .serverError,
    [
      "stop reason: error", "<reason: error", "finish_reason: error",
      "stop reason: malformed_response",
      "<reason: malformed_response", "finish_reason: malformed_response",
    ],
    source: openClawPatterns + "; openclaw/openclaw#42149, #109218"),
]

/// Processes that died without a signal being reported.
let processEntries: [FailureEntry] = [
  FailureEntry(
    "process.code", .processLost, codes: ["process_lost", "codex_harness_crash"],
    source: "paperclipai/paperclip error codes"),
  // codex logs the same of a tool server that it could not reach, and goes on.
  FailureEntry(
    "process.channel", .processLost, providers: ["codex", "openai", "acp"],
    [
      "transport channel closed", "app-server exited", "app server exited", "app-server closed",
      "app-server process exited", "query closed before response received",
      "app-server client is closed", "app-server client closed",
    ],
    exclude: ["rmcp", "mcp", "worker quit"],
    source: "openclaw/openclaw, harness of codex; claude-agent-acp#363"),
  FailureEntry(
    "process.asked", .interrupted,
    ["by signal sigterm", "by signal sigint", "by signal sighup", "by signal 15", "by signal 2>"],
    source: "anthropics/claude-agent-sdk-python, ProcessError"),
  FailureEntry(
    "process.text", .processLost,
    [
      "process terminated by signal", "process was killed by signal", "killed by signal",
      "segmentation fault", "<core dumped>", "javascript heap out of memory", "^killed$",
      "process exited with signal",
    ],
    source: "anthropics/claude-agent-sdk-python, ProcessError; V8"),
  FailureEntry(
    "process.interrupted", .interrupted,
    codes: ["server_shutdown_interrupted", "interrupted"],
    source: "paperclipai/paperclip error codes"),
  FailureEntry(
    "process.cancelled", .cancelled,
    codes: ["cancelled", "canceled", "fatalcancellationerror", "messageabortederror", "aborted"],
    source: "paperclipai/paperclip error codes; anomalyco/opencode packages/opencode/src/session"),
  FailureEntry(
    "process.emptyResponse", .emptyResponse, codes: ["empty_response"],
    source: "openclaw/openclaw src/agents/failover/signal.ts"),
]
