/// Models that do not exist or may not be used.
let modelEntries: [FailureEntry] = [
  FailureEntry(
    "model.code", .modelNotFound,
    codes: [
      "model_not_found", "modelnotfounderror", "providermodelnotfounderror", "model_not_available",
      "model_is_deactivated", "model_decommissioned", "invalid_model", "unknown_model",
    ],
    source: "openclaw/openclaw src/agents/live-model-errors.ts; anomalyco/opencode"),
  FailureEntry(
    "model.missing", .modelNotFound,
    [
      "<model not found", "<model @ not found", "<model @ was not found", "<model @ is not found",
      "<model @ does not exist", "<model does not exist", "<model @ doesn't exist",
      "<models/@ is not found", "<model @ not exist", "<model not exist>", "model_not_found",
      "modelnotfound",
      "no endpoints found for", "no such model", "model: @ not_found", "模型不存在",
      "could not resolve the foundation model", "provided model identifier is invalid", "无可用渠道",
    ],
    exclude: ["module"], source: "openclaw/openclaw src/agents/live-model-errors.ts"),
  FailureEntry(
    "model.invalid", .modelNotFound,
    [
      "is not a valid model", "<invalid model>", "<unknown model>", "<unsupported model>",
      "<model @ is not supported", "<model is not supported", "<model @ is not available",
      "model is not available", "model_is_deactivated", "<model has been deactivated",
      "<model @ has been deprecated", "<model has been deprecated", "<model @ has been retired",
      "model has been decommissioned", "issue with the selected model",
      "not have access to the model", "not have access to model", "model '*' is not supported",
      "<model @ is not available on your", "it may not exist or you may not have access",
      "model '*' not found", "is not available with the claude * plan",
      "on-demand throughput isn't supported", "^cannot use this model:",
      "error: cannot use this model:",
    ],
    source: "openclaw/openclaw src/agents/live-model-errors.ts; Claude Code 2.1.332"),
  FailureEntry(
    "model.named", .modelNotFound, streams: [.structured], codes: [], ["^model: @"],
    source: "api.anthropic.com, not_found_error"),
]
