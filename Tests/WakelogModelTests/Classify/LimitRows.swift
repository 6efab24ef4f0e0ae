import WakelogModel

/// Limits that renew, and load.
let limitRows: [Row] = [
  Row(
    .rateLimited, "limit.rate",
    message: "Rate limit reached for gpt-4.1-mini in organization o on requests per min."),
  Row(.rateLimited, "status.429", message: "429 Too Many Requests: slow down"),
  Row(.rateLimited, "limit.rate", message: "ThrottlingException: Too many concurrent requests"),
  Row(.rateLimited, "limit.quota", message: "exceeded your current quota"),
  Row(
    .rateLimited, "limit.quota",
    message: "RESOURCE_EXHAUSTED: Resource has been exhausted (e.g. check quota)."),
  Row(.rateLimited, "limit.plan", message: "You have hit your ChatGPT usage limit (plus plan)"),
  Row(.rateLimited, "limit.rate", message: "Too many tokens per day. Please try again tomorrow."),
  Row(
    .rateLimited, "limit.usage",
    message: "LLM error 1310: Weekly/Monthly Limit Exhausted. Your limit will reset at noon"),
  Row(.rateLimited, "limit.usage", message: "monthly limit reached"),
  Row(
    .rateLimited, "limit.rate",
    message: "model_cooldown: All credentials for model gpt-5 are cooling down"),
  Row(.rateLimited, "limit.plan", message: "Claude AI usage limit reached|1755000000"),
  Row(.rateLimited, "limit.plan", message: "5-hour limit reached ∙ resets 3pm"),
  Row(.rateLimited, "limit.usage", message: "You've hit your limit · resets 3pm (UTC)"),
  Row(.rateLimited, "limit.usage", message: "You're out of extra usage · resets 6pm"),
  Row(
    .rateLimited, "limit.rate",
    message: "request reached organization TPD rate limit, current: 1506556, limit: 1500000"),
  Row(.rateLimited, "limit.rate", message: "Concurrency limit of 3 has been reached"),
  Row(.rateLimited, "limit.rate", message: "请求过于频繁"),
  Row(.rateLimited, "status.429", status: 429),
  Row(.rateLimited, "status.429", message: "whatever", status: 429),
  Row(.rateLimited, "limit.code", code: "RESOURCE_EXHAUSTED"),
  Row(
    .rateLimited, "limit.rate", message: "ThrottlingException: Too many concurrent requests",
    status: 400),
  Row(
    .rateLimited, "limit.plan", "codex",
    stdout: #"""
      {"type":"error","message":"You've hit your usage \#
      limit."}\#n{"type":"turn.failed","error":{"message":"You've hit your usage limit."}}
      """#),
  Row(
    .rateLimited, "status.429",
    message: #"{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}"#),
  Row(
    .rateLimited, "limit.code",
    message: #"{"type":"error","error":{"type":"rate_limit_error","message":"no"}}"#),
  Row(.overloaded, "overload.text", message: "Overloaded"),
  Row(
    .overloaded, "overload.text",
    message: "This model is currently experiencing high demand. Please try again later."),
  Row(.overloaded, "overload.text", message: "Selected model is at capacity."),
  Row(.overloaded, "overload.text", message: "service unavailable due to capacity limits"),
  Row(
    .overloaded, "overload.text",
    message: #"""
      API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"\#
      }}
      """#),
  Row(.overloaded, "overload.text", message: "当前负载过高"),
  Row(.overloaded, "status.529", status: 529),
  Row(.overloaded, "status.529", message: "529 Please try again"),
  Row(.overloaded, "overload.code", code: "OVERLOADED_ERROR"),
  Row(
    .overloaded, "overload.code",
    message: #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
    status: 499),
  Row(
    .overloaded, "overload.text", "codex",
    stderr: "We're currently experiencing high demand, which may cause temporary errors."),
]
