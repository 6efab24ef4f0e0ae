private let openClawErrors = "openclaw/openclaw src/agents/pi-embedded-helpers/errors.ts"

/// Texts that name tokens or windows and speak of limits per minute, or of a window too small to
/// start.
private let overflowDecoys = [
  "<tpm>", "<tpd>", "tokens per minute", "tokens per day", "rate limit", "rate_limit",
  "too many requests", "requests per", "throttl", "quota", "window too small", "minimum is",
  "reasoning is mandatory", "requires reasoning", "<429>",
]

/// Conversations that outgrew the model's context.
let overflowEntries: [FailureEntry] = [
  FailureEntry(
    "overflow.code", .contextOverflow,
    codes: [
      "context_length_exceeded", "context_overflow", "model_context_window_exceeded",
      "context_window_exceeded", "request_too_large", "prompt_too_long", "contextoverflowerror",
      "context_limit", "contextwindowexceedederror", "string_above_max_length",
    ],
    source: openClawErrors),
  FailureEntry(
    "overflow.prompt", .contextOverflow,
    [
      "prompt is too long", "prompt too long", "prompt too large", "conversation is too long",
      "conversation too long", "input is too long", "input too long for", "prompt exceeds * limit",
      "prompt exceeds * context", "your input exceeds the context", "input exceeds the context",
      "range of input length should be", "maximum prompt length is * request contains",
      "decoder prompt * longer than the maximum model length",
      "prompt has * tokens, but * context", "reduce the length of the messages or completion",
    ],
    exclude: overflowDecoys, certain: true,
    source: openClawErrors + "; vllm-project/vllm; docs.x.ai; console.groq.com, errors of length"),
  FailureEntry(
    "overflow.window", .contextOverflow,
    [
      "context length exceeded", "context_length_exceeded", "maximum context length",
      "context window exceeded", "context_window_exceeded", "exceeds model context window",
      "exceeds * context window", "exceed * context window", "exceeds the model's maximum context",
      "exceed context limit", "exceeds context limit", "exceed context budget",
      "ran out of room in the model's context", "context window is * you requested",
      "exceeds the available context size", "exceeds available context size",
      "exceed the available context size", "exceed available context size",
      "context limit is still exceeded", "compaction failed due to context overflow",
      "context window * too large",
      "context window is full", "^context overflow:", "context overflow: ",
      "context limit reached", "context limit exceeded", "exceeds the context limit",
      "exceed the context limit", "<context window * limit", "start a new thread or clear earlier",
      "could not be reduced below the context limit",
      "context size has been exceeded", "context window limit reached",
    ],
    exclude: overflowDecoys, certain: true, source: openClawErrors),
  FailureEntry(
    "overflow.tokens", .contextOverflow,
    [
      "exceeds the maximum number of tokens", "input token count exceeds",
      "input token count * exceeds", "exceeds * maximum number of tokens",
      "exceeded model token limit", "model token limit", "tokens exceeds the model",
      "tokens exceed the model", "too many tokens per request", "input length * exceed * context",
      "max_tokens * exceed * context", "maximum tokens * exceeded by",
      "prompt token count * exceeds", "input tokens exceed the configured limit",
      "tokens + `max_new_tokens` must be", "`inputs` must have less than * tokens",
      "trying to keep the first * tokens when context",
    ],
    exclude: overflowDecoys, certain: true,
    source: "paperclipai/paperclip#4932; huggingface/text-generation-inference; LM Studio; GitHub "
      + "Copilot; " + openClawErrors),
  FailureEntry(
    "overflow.size", .contextOverflow,
    [
      "request_too_large", "request exceeds the maximum size", "413 request entity too large",
      "413 payload too large", "request size exceeds * context", "request too large (max",
      "request too large for the api", "request exceeds the maximum allowed number of bytes",
      "too many total text bytes",
    ],
    exclude: overflowDecoys, source: openClawErrors + "; Claude Code 2.1.332"),
  FailureEntry(
    "overflow.arguments", .contextOverflow, providers: ["opencode"], ["<spawn e2big>"],
    source: "paperclipai/paperclip packages/adapters/opencode-local/src/server/parse.ts"),
  FailureEntry(
    "overflow.chinese", .contextOverflow,
    [
      "上下文过长", "上下文超出", "上下文长度超", "超出最大上下文", "请压缩上下文", "prompt 超长", "输入内容过长 && 上下文",
      "输入内容过长 && token", "超过模型最大上下文",
    ],
    source: openClawErrors + "; open.bigmodel.cn error codes"),
]
