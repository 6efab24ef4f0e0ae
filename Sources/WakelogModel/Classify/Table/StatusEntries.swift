/// What a bare status means once no text has said more.
let statusEntries: [FailureEntry] = [
  // A tool server's status says nothing about the model.
  FailureEntry(
    "status.toolServer", .unclassified, statuses: [404...404],
    ["<mcp server * http 404", "<mcp error", "streamable http error"],
    source: "google-gemini/gemini-cli packages/core/src/tools/mcp-client.ts"),
  FailureEntry("status.404", .modelNotFound, statuses: [404...404], source: openClawStatuses),
  FailureEntry("status.407", .network, statuses: [407...407], source: "RFC 9110, 15.5.8"),
  FailureEntry("status.408", .timeout, statuses: [408...408], source: openClawStatuses),
  // Without a text about the session, a proxy's 410 says no more than that nothing came back.
  FailureEntry("status.410", .timeout, statuses: [410...410], source: openClawStatuses),
  FailureEntry(
    "status.413", .contextOverflow, statuses: [413...413],
    source: "openclaw/openclaw src/agents/pi-embedded-helpers/errors.ts"),
  FailureEntry("status.499", .timeout, statuses: [499...499], source: openClawStatuses),
  FailureEntry("status.504", .timeout, statuses: [504...504], source: openClawStatuses),
  FailureEntry(
    "status.529", .overloaded, statuses: [529...529], source: "docs.anthropic.com/en/api/errors"),
  FailureEntry("status.5xx", .serverError, statuses: [500...599], source: openClawStatuses),
  FailureEntry(
    "status.4xx", .invalidRequest,
    statuses: [400...400, 405...406, 409...409, 411...412, 414...498], source: openClawStatuses),
]

/// Types of API errors that say little, and so come last.
let typeEntries: [FailureEntry] = [
  FailureEntry(
    "type.notFound", .modelNotFound, codes: ["not_found_error"],
    source: "docs.anthropic.com/en/api/errors"),
  FailureEntry(
    "type.api", .serverError, codes: ["api_error"], source: "docs.anthropic.com/en/api/errors"),
  // The status that came beside it says more: a 502 is the server's.
  FailureEntry(
    "type.connection", .network,
    codes: [
      "response_stream_disconnected", "response_stream_connection_failed",
      "http_connection_failed",
    ],
    source: "openai/codex codex-rs/protocol/src/protocol.rs, CodexErrorInfo"),
  FailureEntry(
    "type.invalidRequest", .invalidRequest,
    codes: [
      "invalid_request_error", "invalid_argument", "invalid_request", "bad_request", "-32600",
      "-32601", "-32602",
    ],
    ["invalid_request_error", "\"code\":\"invalid_request", "\"code\": \"invalid_request"],
    source: "docs.anthropic.com/en/api/errors; JSON-RPC 2.0, section 5.1; codex-cli 0.163.0, which "
      + "prints the body as text"),
]

/// Exit codes with a meaning of their own.
let exitCodeEntries: [FailureEntry] = [
  FailureEntry(
    "exit.gemini.41", .authentication, providers: ["gemini", "qwen"], exitCodes: [41],
    source: "google-gemini/gemini-cli packages/core/src/utils/errors.ts, FatalAuthenticationError"),
  FailureEntry(
    "exit.gemini.53", .maxTurns, providers: ["gemini", "qwen"], exitCodes: [53],
    source: "google-gemini/gemini-cli packages/core/src/utils/errors.ts, FatalTurnLimitedError"),
  FailureEntry(
    "exit.124", .timeout, exitCodes: [124], source: "GNU coreutils, timeout(1)"),
  FailureEntry(
    "exit.gemini.settings", .misconfigured, providers: ["gemini"], exitCodes: [44, 52, 55],
    source: "google-gemini/gemini-cli packages/core/src/utils/errors.ts, FatalSandboxError, "
      + "FatalConfigError, FatalUntrustedWorkspaceError"),
  FailureEntry(
    "exit.127", .misconfigured, exitCodes: [126, 127],
    source: "POSIX, Shell Command Language 2.8.2: the program was not found, or may not be run"),
]

private let openClawStatuses = "openclaw/openclaw src/agents/failover/classification-rules.ts"
