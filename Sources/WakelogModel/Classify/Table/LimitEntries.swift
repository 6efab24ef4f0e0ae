private let openClawPatterns = "openclaw/openclaw src/agents/failover/message-patterns.ts"

/// Limits that renew with time although their texts sell credits too: they stand before money.
let renewingEntries: [FailureEntry] = [
  FailureEntry(
    "limit.plan", .rateLimited,
    codes: ["usage_limit_reached", "usage_limit_exceeded"],
    [
      "hit your usage limit", "hit your * usage limit", "reached your usage limit",
      "hit your session limit", "hit your weekly limit", "hit your 5-hour limit",
      "hit your daily limit", "hit your opus limit", "hit your sonnet limit",
      "usage limit reached && reset", "usage limit reached|", "usage limit && try again",
      "limit reached && resets",
    ],
    exclude: ["spend", "402", "payment", "upgrade your plan"],
    source: "codex-cli 0.163.0, usage_limit_reached; Claude Code 2.1.332; "
      + "anthropics/claude-code#76008")
]

/// Limits that renew with time.
let limitEntries: [FailureEntry] = [
  FailureEntry(
    "limit.code", .rateLimited,
    codes: [
      "rate_limit", "rate_limited", "rate_limit_error", "rate_limit_exceeded", "too_many_requests",
      "resource_exhausted", "throttled", "throttling", "throttlingexception",
      "throttling_exception",
      "quota_exceeded", "model_cooldown", "usage_limit_reached", "provider_quota",
      "servicequotaexceededexception", "toomanyrequestsexception", "ratelimitexceeded", "quota",
      "terminalquotaerror", "retryablequotaerror", "rate_limit_reached",
      "1302", "1303", "1304", "1305", "1308", "1310",
    ],
    source: openClawPatterns + "; docs.z.ai error codes"),
  FailureEntry(
    "limit.rate", .rateLimited,
    [
      "rate limit", "rate_limit", "rate-limit", "ratelimit", "too many requests",
      "too many concurrent requests", "throttlingexception", "<throttling", "<throttled",
      "request was throttled", "requests per minute", "requests per day", "requests per hour",
      "tokens per minute", "tokens per day", "<tpm>", "<tpd>", "<rpm>",
      "concurrency limit * reached", "concurrency limit * breached", "model_cooldown",
      "请求过于频繁", "调用频率", "频率限制",
      "请求太频繁", "请求过多", "request rejected (429)",
    ],
    source: openClawPatterns),
  FailureEntry(
    "limit.quota", .rateLimited,
    [
      "exceeded your current quota", "resource has been exhausted", "resource_exhausted",
      "resource exhausted", "resourceexhausted", "quota exceeded", "quota_exceeded",
      "exceeded * quota", "exhausted your capacity", "exhausted your * quota",
      "quota will reset", "quota resets", "allocated quota exceeded", "premium request* quota",
      "quota * exhausted", "quota limit", "配额不足", "配额已用尽", "额度不足", "额度已用尽",
    ],
    exclude: ["disk quota", "storage quota"], source: openClawPatterns),
  FailureEntry(
    "limit.usage", .rateLimited,
    [
      "usage limit", "usage cap reached", "hit your limit", "hit your session limit",
      "hit your weekly limit", "5-hour limit", "5 hour limit", "session limit reached",
      "daily limit", "weekly limit", "monthly limit", "daily usage", "weekly usage",
      "weekly/monthly limit", "daily request limit", "out of extra usage && reset",
      "extra usage && reset", "limit will reset", "limit resets", "limit reached * resets",
      "hit your * limit", "reached your * limit", "fast limit",
    ],
    source: openClawPatterns + "; Claude Code 2.1.332; codex-cli 0.163.0"),
]

/// Providers with too much to do.
let overloadEntries: [FailureEntry] = [
  FailureEntry(
    "overload.code", .overloaded,
    codes: [
      "overloaded_error", "overloaded", "engine_overloaded_error", "engine_overloaded",
      "modelnotreadyexception", "claude_transient_upstream", "codex_transient_upstream",
      "server_is_overloaded", "server_overloaded", "slow_down",
    ],
    source: openClawPatterns),
  FailureEntry(
    "overload.text", .overloaded,
    [
      "overloaded_error", "<overloaded>", "<overloading>", "at capacity", "high demand",
      "high load",
      "service unavailable && capacity", "no capacity available", "capacity constraints",
      "capacity unavailable",
      "server is busy", "servers are busy", "modelnotreadyexception", "high volume of requests",
      "服务过载", "当前负载过高", "访问量过大", "负载已饱和",
    ],
    exclude: [
      "overloaded function", "overloaded method", "overloaded operator", "overloaded constructor",
      "overloaded call",
    ],
    source: openClawPatterns),
]
