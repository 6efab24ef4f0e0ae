/// What a CLI states about its own run: turns used up, a refusal.
let runEntries: [FailureEntry] = [
  FailureEntry(
    "run.maxTurns.code", .maxTurns,
    codes: [
      "error_max_turns", "max_turns", "max_turns_exhausted", "max_turns_reached", "turn_limit",
      "turn_limit_exhausted", "fatalturnlimitederror",
    ],
    source: "paperclipai/paperclip packages/adapters/claude-local/src/server/parse.ts"),
  FailureEntry(
    "run.maxTurns.text", .maxTurns,
    [
      "reached max turns", "reached max session turns", "^max turns reached",
      "reached maximum turns",
      "maximum number of turns", "turn limit reached", "turn limit exceeded",
      "reached maximum number of turns",
    ],
    source: "paperclipai/paperclip packages/adapters/gemini-local/src/server/parse.ts"),
  FailureEntry(
    "run.refusal.code", .refusal,
    codes: [
      "refusal", "model_refusal", "claude_refusal", "content_filter", "content_policy_violation",
      "prohibited_content",
    ],
    source: "paperclipai/paperclip packages/adapter-utils/src/types.ts"),
  FailureEntry(
    "run.refusal.text", .refusal,
    [
      "unable to respond to this request, which appears to violate", "violates our usage policy",
      "response was blocked due to safety", "blocked by content filter",
      "output blocked by content filtering policy", "rejected as a result of our safety system",
    ],
    source: "claude-code, text of a refused turn"),
]
