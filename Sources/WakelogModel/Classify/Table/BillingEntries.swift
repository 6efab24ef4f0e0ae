private let openClawRules = "openclaw/openclaw src/agents/failover/classification-rules.ts"
private let openClawPatterns = "openclaw/openclaw src/agents/failover/message-patterns.ts"

/// Accounts that cannot pay, in words that mean it under any status.
private let accountPatterns = [
  "please check your billing details", "account @ is suspended && billing",
  "make sure your account is in good standing",
  "<arrearage>", "invalid_payment_instrument", "valid payment instrument must be provided",
  "no payment method. add a payment method", "please enable billing",
  "enable billing on your project",
  "not include usage credits", "doesn't include usage credits", "not have any credits or licenses",
  "doesn't have any credits or licenses", "预扣费额度失败", "用户剩余额度",
]

/// Statuses 402 and 429, which providers use for money and for limits alike: the text tells which.
let paymentStatusEntries: [FailureEntry] = [
  FailureEntry(
    "status.402.refreshes", .rateLimited, statuses: [402...402],
    ["quota && automatic quota refresh", "quota && rolling time window"], source: openClawRules),
  FailureEntry(
    "status.402.money", .billing, statuses: [402...402],
    [
      "insufficient credit", "insufficient quota", "insufficient_quota", "credit balance",
      "insufficient balance", "plans & billing", "more credits", "top up",
      "upgrade your plan && limit",
      "upgrade plan && limit", "current plan && limit", "subscription && limit",
      "billing hard limit", "hard limit reached", "maximum allowed && limit",
    ],
    source: openClawRules),
  // Spending has a limit until somebody raises it, whatever month it is counted by.
  FailureEntry(
    "status.402.spending", .billing, statuses: [402...402], ["<spend", "<spent>", "budget"],
    source: "docs.anthropic.com/en/api/errors; openclaw/openclaw#30484, which waits instead"),
  FailureEntry(
    "status.402.limit", .rateLimited, statuses: [402...402],
    codes: ["rate_limit_error", "rate_limit_exceeded"],
    [
      "rate limit", "rate_limit", "too many requests", "throttl", "usage limit", "quota exceeded",
      "exceeded your current quota", "try again && organization usage",
      "retry && organization usage",
      "daily limit && reset", "weekly limit && reset", "monthly limit && reset",
      "organization && limit && exceeded", "organization && limit && reached",
      "organization && limit && exhausted", "organization && limit && billing period",
      "workspace && limit && exceeded", "workspace && limit && reached",
      "workspace && limit && exhausted", "workspace && limit && billing period",
    ],
    source: openClawRules + "; openclaw/openclaw#30484"),
  FailureEntry("status.402", .billing, statuses: [402...402], source: openClawRules),
  FailureEntry(
    "status.429.money", .billing, statuses: [429...429],
    codes: [
      "insufficient_quota", "billing_error", "insufficient_balance", "billing_hard_limit_reached",
      "enforced_spend_limit_reached", "contract_spend_limit_reached", "billing_not_active",
      "exceeded_current_quota_error",
    ],
    accountPatterns + [
      "insufficient_quota", "insufficient credit", "credit balance", "insufficient balance",
      "insufficient_balance", "billing hard limit", "credits are depleted", "out of credits",
      "out of usage credits", "usage credits required", "requires usage credits",
      "spend limit", "spending limit",
      "spending cap", "spend cap", "extra usage is required", "draw from your extra usage",
      "余额不足", "欠费",
    ],
    source: openClawRules),
  FailureEntry("status.429", .rateLimited, statuses: [429...429], source: "RFC 6585, section 4"),
]

/// Spending and credit that are exhausted.
let billingEntries: [FailureEntry] = [
  FailureEntry(
    "billing.code", .billing,
    codes: [
      "billing", "billing_error", "payment_required", "insufficient_quota", "insufficient_credits",
      "insufficient_balance", "billing_hard_limit_reached", "error_max_budget_usd", "1311",
      "invalidsubscription", "freeusagelimiterror", "creditserror", "usage_not_included",
      "enforced_spend_limit_reached", "contract_spend_limit_reached", "out_of_credits",
      "credit_balance_low", "spend_limit_reached", "arrearage", "billing_not_active",
      "exceeded_current_quota_error", "gousagelimiterror", "budgetexceedederror", "budget_exceeded",
      "invalid_payment_instrument",
    ],
    source: openClawPatterns),
  FailureEntry(
    "billing.credit", .billing,
    [
      "insufficient credit", "insufficient_credit", "insufficient quota", "insufficient_quota",
      "insufficient balance", "insufficient_balance", "insufficient @ balance",
      "insufficient usd or diem balance", "credit balance", "available balance",
      "require more credits", "requires more credits", "purchase more credits", "add more credits",
      "used all available credits", "out of credits", "credits are depleted",
      "no credits remaining", "out of usage credits", "usage credits ran out",
      "usage credits required", "requires usage credits", "not enough credit", "no credits left",
      "used up your points", "余额不足", "欠费",
    ],
    exclude: ["rate limit"], source: openClawPatterns),
  FailureEntry(
    "billing.account", .billing, accountPatterns,
    source: "platform.openai.com, platform.moonshot.ai, help.aliyun.com, docs.aws.amazon.com/"
      + "bedrock, ai.google.dev and docs.x.ai on accounts; Claude Code 2.1.332"),
  FailureEntry(
    "billing.payment", .billing,
    [
      "<payment required", "plans & billing", "billing hard limit", "hard limit reached",
      "spend limit", "spending limit", "spend cap", "spending cap", "out of budget",
      "<billing error", "no available asset for api access", "^billing:", "overdue-payment",
      "exceeded usd budget", "reached maximum budget",
      "<budgetexceedederror", "budget has been exceeded! current cost",
    ],
    source: openClawPatterns),
  FailureEntry(
    "billing.plan", .billing,
    [
      "quota exceeded. check your plan and billing", "usage not included in your plan",
      "to use codex with your chatgpt plan, upgrade", "\"code\":1311", "\"code\": 1311",
      "model * not available * current plan",
      "current subscription plan * not * include", "not have a valid coding plan subscription",
      "not have a valid codingplan subscription", "\"code\":\"invalidsubscription\"",
      "<gousagelimiterror",
      "<freeusagelimiterror", "free usage is exhausted", "套餐已到期",
    ],
    source: openClawPatterns + "; openclaw/openclaw#48988; anomalyco/opencode, Zen and Go"),
  FailureEntry(
    "billing.extraUsage", .billing,
    ["out of extra usage", "draw from your extra usage", "extra usage is required"],
    exclude: ["reset"], source: openClawPatterns),
  FailureEntry(
    "billing.openrouterKey", .billing, providers: ["openrouter"], ["key limit exceeded"],
    source: "openclaw/openclaw docs/concepts/model-failover.md"),
]
