import WakelogModel

/// Conversations that outgrew their context.
let overflowRows: [Row] = [
  Row(
    .contextOverflow, "overflow.prompt", "claude",
    stderr: "prompt is too long: 211000 tokens > 200000 maximum"),
  Row(.contextOverflow, "overflow.prompt", "claude", stderr: "Prompt is too long"),
  Row(
    .contextOverflow, "overflow.window", "codex",
    stderr: """
      Codex ran out of room in the model's context window. Start a new thread or clear earlier \
      history before retrying.
      """),
  Row(
    .contextOverflow, "overflow.tokens", "gemini",
    stderr: #"""
      _ApiError: {"error":{"code":400,"message":"The input token count exceeds the maximum \#
      number of tokens allowed 1048576","status":"INVALID_ARGUMENT"}} at \#
      ChatCompressionService.compress
      """#),
  Row(
    .contextOverflow, "overflow.prompt", "bedrock",
    stderr: "ValidationException: Input is too long for requested model."),
  Row(
    .contextOverflow, "overflow.window", "openai",
    stderr: """
      This model's maximum context length is 128000 tokens. However, your messages resulted in \
      145000 tokens.
      """),
  Row(
    .contextOverflow, "overflow.window", "llama",
    stderr: "the request exceeds the available context size"),
  Row(
    .contextOverflow, "overflow.tokens", "kimi",
    stderr: "Invalid request: Your request exceeded model token limit: 262144 (requested: 291351)"),
  Row(
    .contextOverflow, "overflow.window", "anthropic",
    stderr: "input length and `max_tokens` exceed context limit: 156321 + 48384 > 200000"),
  Row(
    .contextOverflow, "overflow.size", "anthropic",
    stderr: "request_too_large: Request exceeds the maximum size"),
  Row(.contextOverflow, "overflow.size", stderr: "413 Request Entity Too Large"),
  Row(
    .contextOverflow, "overflow.window",
    stderr: "LLM request rejected: max_tokens would exceed context window"),
  Row(.contextOverflow, "overflow.chinese", stderr: "错误：上下文过长"),
  Row(.contextOverflow, "status.413", status: 413),
  Row(.contextOverflow, "overflow.code", code: "context_length_exceeded"),
  Row(.contextOverflow, "overflow.arguments", "opencode", stderr: "Error: spawn E2BIG"),
  Row(
    .contextOverflow, "overflow.code", "openai",
    message: #"""
      {"error":{"message":"too big","type":"invalid_request_error","code":"context_length_exce\#
      eded"}}
      """#, status: 400),
  Row(
    .contextOverflow, "overflow.prompt", "claude",
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":1,"terminal_reason":"ap\#
      i_error","result":"prompt is too long: 211000 tokens > 200000 maximum"}
      """#, turns: 1),
  Row(.contextOverflow, "overflow.prompt", "claude", stdout: "Prompt is too long", turns: 1),
  Row(.contextOverflow, "overflow.window", message: "context length exceeded", status: 500),
]
