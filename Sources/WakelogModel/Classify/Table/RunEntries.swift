/// Kinds that a host read out of its CLI's output itself and gives as the error code. Two are no
/// text's to tell: a probe or the host's look at the disk tells that a transcript is gone, the
/// engine that a place is wrong.
let toldEntries: [FailureEntry] = FailureKind.allCases
  .filter { $0 != .missingTranscript && $0 != .wrongWorkspace }
  .map { kind in
    FailureEntry(
      "told." + kind.name, kind, streams: [.errorCode], ["^" + kind.name.lowercased() + "$"],
      source: "the host; WakelogProviders, TaughtFailure")
  }

/// What a CLI states about its own run: turns used up, a refusal.
let runEntries: [FailureEntry] = [
  FailureEntry(
    "run.maxTurns.code", .maxTurns,
    codes: [
      "error_max_turns", "max_turns", "max_turns_exhausted", "max_turns_reached", "turn_limit",
      "turn_limit_exhausted", "fatalturnlimitederror", "max_turn_requests",
    ],
    source: "paperclipai/paperclip packages/adapters/claude-local/src/server/parse.ts"),
  FailureEntry(
    "run.maxTurns.text", .maxTurns,
    [
      "reached max turns", "reached max session turns", "^max turns reached",
      "reached maximum turns",
      "maximum number of turns", "turn limit reached", "turn limit exceeded",
      "reached maximum number of turns",
      "max number of steps reached", "maximum number of steps reached",
    ],
    source: "paperclipai/paperclip packages/adapters/gemini-local/src/server/parse.ts"),
  FailureEntry(
    "run.refusal.code", .refusal,
    codes: [
      "refusal", "model_refusal", "claude_refusal", "content_filter", "content_policy_violation",
      "prohibited_content", "content_policy", "safety", "responsibleaipolicyviolation",
      "cyber_policy", "bio_policy", "misalignment_policy_violation", "invalid_prompt",
    ],
    source: "paperclipai/paperclip packages/adapter-utils/src/types.ts"),
  FailureEntry(
    "run.refusal.text", .refusal,
    [
      "unable to respond to this request, which appears to violate", "violates our usage policy",
      "response was blocked due to", "blocked by content filter",
      "output blocked by content filtering policy", "rejected as a result of our safety system",
      "safeguards flagged this", "violate our usage policy", "violates our usage policies",
      "content management policy", "data_inspection_failed", "data may contain inappropriate",
      "输入数据可能包含不适当", "内容安全", "敏感内容", "reason: content_filter",
      "this request has been flagged for", "this request was flagged for",
      "this content has been flagged for",
      "this content was flagged for", "flagged for potentially high-risk",
      "your prompt was flagged as",
      "your input was flagged for", "content exists risk",
      "request was rejected because it was considered",
      "'type': 'content_filter'", "\"type\": \"content_filter\"", "\"type\":\"content_filter\"",
      "content violates usage guidelines", "<safety_check_type_", "包含敏感词",
    ],
    source: "Claude Code 2.1.332; codex-cli 0.163.0; google-gemini/gemini-cli 5411f113; "
      + "api-docs.deepseek.com; platform.moonshot.ai; openrouter.ai/docs; docs.x.ai; "
      + "learn.microsoft.com Azure OpenAI content filter; help.aliyun.com model-studio error codes"),
]
