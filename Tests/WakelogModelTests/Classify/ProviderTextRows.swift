import WakelogModel

/// What CLIs and APIs say of money, access, models, calls and connections, text by text.
let providerTextRows: [Row] =
  moneyTexts + accessTexts + refusalTexts + modelTexts + callTexts + serverTexts + codeRows

private let moneyTexts: [Row] =
  [
    "Opus requires usage credits. /model to switch models.",
    "Your seat type doesn't include usage credits",
    "Your account is not active, please check your billing details on our website.",
    "Your account org-x<ak-y> is suspended, please check your plan and billing details",
    "Your newly created team doesn't have any credits or licenses yet.",
  ].map { Row(.billing, "status.429.money", message: "API Error: 429 " + $0, status: 429) }
  + reported(
    .billing, "billing.account",
    [
      "Your seat type doesn't include usage credits",
      "Your account is not active, please check your billing details on our website.",
      "AccessDeniedException: Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid "
        + "payment instrument must be provided.",
      "401 No payment method. Add a payment method here: https://opencode.ai/workspace/x/billing",
      "400 free tier is not available in your country. Please enable billing on your project",
      "预扣费额度失败, 用户剩余额度: 0.02",
    ])
  + reported(
    .billing, "billing.plan",
    [
      "GoUsageLimitError: no more of it", "FreeUsageLimitError: free usage is exhausted", "套餐已到期",
    ])
  + [
    Row(
      .billing, "billing.account", "qwen",
      stderr: """
        [API Error: 403 Access denied, please make sure your account is in good standing. \
        (Arrearage)]
        """),
    Row(
      .billing, "billing.payment",
      message: """
        litellm.BudgetExceededError: Budget has been exceeded! Current cost: 10.2, Max budget: 10.0
        """, status: 400),
    Row(.billing, "status.429.money", status: 429, code: "exceeded_current_quota_error"),
    // What renews is no matter of money.
    Row(
      .rateLimited, "limit.plan", "opencode",
      message: "GoUsageLimitError: Weekly usage limit reached. It will reset in 2 days."),
    Row(
      .rateLimited, "status.429", "openai",
      message: "You exceeded your current quota, please check your plan and billing details.",
      status: 429),
    Row(
      .rateLimited, "limit.rate", "claude",
      stdout: "API Error: Request rejected (429) · this may be a temporary capacity issue."),
  ]
  + reported(.rateLimited, "limit.rate", ["请求太频繁", "请求过多"])
  + reported(.overloaded, "overload.text", ["当前分组上游负载已饱和，请稍后再试"])

private let accessTexts: [Row] =
  reported(
    .authentication, "auth.key",
    [
      "Invalid auth token · Fix external auth token", "API Key 无效",
    ])
  + reported(
    .authentication, "auth.environment", by: "codex",
    ["Missing environment variable: `OPENAI_API_KEY`."])
  + reported(
    .authentication, "auth.credentials",
    [
      "ExpiredTokenException: The security token included in the request is expired",
      "UnrecognizedClientException: The security token included in the request is invalid.",
      "InvalidSignatureException: Signature expired", "无法进行身份验证", "账户已被锁定",
    ])
  + reported(
    .authentication, "auth.login", by: "gemini",
    [
      "This account is not eligible for Gemini Code Assist",
      "Failed to sign in. Message: This account requires setting the GOOGLE_CLOUD_PROJECT",
    ])
  + reported(.authentication, "auth.permission", ["无访问权限"])
  + [Row(.authentication, "auth.word", message: "权限不足")]
  + reported(.authentication, "auth.token", ["无效的令牌", "该令牌已过期", "Token 已过期", "Token 非法"])
  + reported(.authenticationRevoked, "revoked.key", ["该 API Key 已被禁用"])

private let refusalTexts: [Row] =
  reported(
    .refusal, "run.refusal.text",
    [
      "This request has been flagged for possible cybersecurity risk.",
      "This content was flagged for possible biological risk.",
      "Your account was flagged for potentially high-risk cyber activity",
      "Invalid prompt: your prompt was flagged as potentially violating our usage policy",
      "400 Content Exists Risk",
      "The request was rejected because it was considered high risk",
      "Error code: 400 - {'error': {'message': 'no', 'type': 'content_filter'}}",
      #"403 openai/gpt-4 requires moderation on OpenAI. Your input was flagged for "violence""#,
      "403 Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO",
      "400 内容包含敏感词，请修改后重试",
    ])
  + ["cyber_policy", "bio_policy", "misalignment_policy_violation", "invalid_prompt"].map {
    Row(.refusal, "run.refusal.code", code: $0)
  }

private let modelTexts: [Row] =
  reported(
    .modelNotFound, "model.missing",
    [
      "400 Model Not Exist",
      "404 Could not resolve the foundation model from the model identifier.",
      "ValidationException: The provided model identifier is invalid.",
      "503 当前分组 default 下对于模型 gpt-9 无可用渠道",
    ])
  + reported(
    .modelNotFound, "model.invalid",
    [
      "400 Invocation of model ID a.b with on-demand throughput isn\u{2019}t supported.",
      "Cannot use this model: gpt-9. Available models: auto, gpt-5",
    ])
  + [
    Row(
      .modelNotFound, "status.403.model", "claude",
      message: """
        Claude Opus is not available with the Claude Pro plan. If you have updated your \
        subscription plan recently, run /logout and /login for the plan to take effect.
        """, status: 403)
  ]

private let callTexts: [Row] = [
  Row(
    .misconfigured, "call.option", "gemini",
    stderr: "Cannot use both a positional prompt and the --prompt (-p) flag together"),
  Row(
    .misconfigured, "call.option", "codex",
    stderr: "error: invalid --profile value `a/b`; pass a plain name such as `work`"),
  Row(.misconfigured, "call.program", "claude", stderr: "/bin/sh: 1: claude: not found"),
  Row(
    .misconfigured, "call.program", "gemini",
    stderr: "env: \u{2018}node\u{2019}: No such file or directory"),
  Row(
    .misconfigured, "call.settings", "claude",
    stdout: "Invalid ANTHROPIC_CUSTOM_HEADERS · Fix the environment variable"),
  Row(
    .maxTurns, "run.maxTurns.text", "kimi", stdout: "Max number of steps reached: 100"),
]

private let serverTexts: [Row] =
  reported(
    .serverError, "server.response",
    [
      "The server had an error while processing your request. Sorry about that!",
      "internal error; agent loop died unexpectedly",
    ])
  + answerTexts.map { Row($0.1, $0.2, "claude", stdout: "API Error: " + $0.0) }
  + reported(
    .serverError, "server.connect", by: "cursor",
    ["ConnectError: [internal] Error", "C: [unavailable] Error"])
  + reported(
    .network, "network.connection",
    [
      "Unable to connect. Is the computer able to access the url?", "upstream reset before headers",
      "WebSocket closed unexpectedly", "WebSocket error",
      "The socket connection was closed unexpectedly",
    ])
  + reported(.network, "network.request", ["HTTP2 request did not get a response"])
  + reported(.processLost, "process.channel", by: "codex", ["codex app-server client is closed"])
  + [
    Row(
      .serverError, "server.internalBare", "acp", exit: nil,
      message: #"{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"Internal error"}}"#)
  ]

/// Answers that broke off, as claude words them.
private let answerTexts: [(String, FailureKind, String)] = [
  ("Server error mid-response. The answer may be incomplete.", .serverError, "server.response"),
  (
    "The response stream was malformed and no response was produced. Try again.", .serverError,
    "server.response"
  ),
  ("The response stalled before a response was produced. Try again.", .timeout, "timeout.text"),
  ("No data arrived for more than 300s and the turn was given up.", .timeout, "timeout.text"),
  ("Part of the response never arrived and is lost.", .network, "network.request"),
]

/// Codes without a text that says more.
private let codeRows: [Row] =
  codes.map { code, kind, because in
    Row(kind, because, stderr: #"{"success":false,"code":"\#(code)"}"#)
  } + [
    Row(.serverError, "status.5xx", "codex", status: 502, code: "response_stream_disconnected")
  ]

private let codes: [(String, FailureKind, String)] = [
  ("CE-011", .authentication, "auth.code"), ("API_KEY_INVALID", .authentication, "auth.code"),
  ("billing_not_active", .billing, "billing.code"),
  ("usage_limit_exceeded", .rateLimited, "limit.plan"),
  ("server_overloaded", .overloaded, "overload.code"),
  ("cyber_policy", .refusal, "run.refusal.code"),
  ("unauthorized", .authentication, "auth.code"),
  ("bad_request", .invalidRequest, "type.invalidRequest"),
  ("internal_server_error", .serverError, "server.internal"),
  ("response_stream_disconnected", .network, "type.connection"),
  ("context_window_exceeded", .contextOverflow, "overflow.code"),
]
