/// Requests that are wrong in themselves.
let requestEntries: [FailureEntry] = [
  FailureEntry(
    "request.code", .invalidRequest,
    codes: [
      "format", "unknown_parameter", "invalid_request_format", "unsupported_parameter",
      "missing_required_parameter",
    ],
    source: "openclaw/openclaw src/agents/failover/classification-rules.ts"),
  FailureEntry(
    "request.format", .invalidRequest,
    [
      "string should match pattern", "invalid request format", "tool_use.id", "tool_use_id",
      "tool call id was * must be", "missing required property", "missing required parameter",
      "does not support assistant message prefill", "must end with a user message",
      "reasoning is mandatory", "requires reasoning", "unknown parameter", "unsupported parameter",
      "invalid_request_format", "agent harness * does not support",
    ],
    source: "openclaw/openclaw src/agents/failover/message-patterns.ts"),
]
