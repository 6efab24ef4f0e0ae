import WakelogModel

/// Money, and limits that share its status.
let moneyRows: [Row] = [
  Row(.billing, "status.402", status: 402),
  Row(.billing, "status.402", message: "Payment required", status: 402),
  Row(
    .billing, "status.402.money",
    message: "Your credit balance is too low. Monthly limit exceeded.", status: 402),
  Row(
    .billing, "status.402.money",
    message: "You have exceeded your current quota. Please add more credits.", status: 402),
  Row(
    .billing, "status.402.money",
    message: "The account has reached its maximum allowed monthly spending limit.", status: 402),
  Row(
    .billing, "status.402.money",
    message: "Your usage limit has been reached. Please upgrade your plan.", status: 402),
  Row(
    .rateLimited, "status.402.limit",
    message: "HTTP 402: request reached organization usage limit, try again later", status: 402),
  Row(.rateLimited, "status.402.limit", message: "Weekly usage limit exhausted.", status: 402),
  Row(
    .rateLimited, "limit.plan", message: "Daily limit reached, resets tomorrow.",
    status: 402),
  Row(
    .billing, "status.402.spending", message: "Workspace spend limit reached. Contact your admin.",
    status: 402),
  Row(
    .billing, "status.402.spending", message: "Organization spending limit exceeded.", status: 402),
  Row(
    .rateLimited, "status.402.limit",
    message: "Organization limit exceeded for this billing period.", status: 402),
  Row(
    .rateLimited, "status.402.refreshes",
    message: "Quota used up; automatic quota refresh in the rolling time window.", status: 402),
  Row(
    .billing, "status.402.spending",
    message: "402 Payment Required: Monthly spend limit reached. See your billing settings."),
  Row(.rateLimited, "status.402.limit", message: "HTTP 402 Payment Required: rate limit exceeded"),
  Row(.billing, "status.402", message: "402 Payment Required: Weekly/Monthly Limit Exhausted"),
  Row(.billing, "billing.credit", message: "insufficient credits", status: 410),
  Row(.billing, "billing.credit", message: "insufficient credits", status: 422),
  Row(.billing, "billing.credit", message: "insufficient credits", status: 404),
  Row(
    .billing, "billing.code",
    message: #"""
      {"type":"error","error":{"type":"insufficient_quota","message":"Your account has \#
      insufficient quota balance."}}
      """#, status: 400),
  Row(.billing, "status.429.money", message: "429 insufficient_quota", status: 429),
  Row(
    .billing, "status.429.money",
    message: "You exceeded your current quota, please check your plan and billing details.",
    status: 429, code: "insufficient_quota"),
  Row(
    .billing, "billing.credit",
    message: "Your credit balance is too low to access the Anthropic API."),
  Row(.billing, "billing.credit", "claude", stdout: "Credit balance is too low"),
  Row(.billing, "billing.credit", message: "Insufficient token balance"),
  Row(.billing, "billing.credit", message: "Insufficient USD or Diem balance to complete request."),
  Row(.billing, "billing.credit", message: "This model requires more credits to use"),
  Row(
    .billing, "billing.credit",
    message: "402 You've used up your points! Visit https://poe.com/api/keys"),
  Row(.billing, "billing.payment", message: "Please go to Plans & Billing to upgrade"),
  Row(
    .billing, "billing.payment",
    message: "billing hard limit has been reached: hard limit reached"),
  Row(.billing, "billing.code", message: #"{"code":1311,"message":"not included"}"#),
  Row(.billing, "status.402", message: #"{"error":{"code":402,"message":"no"}}"#),
  Row(.billing, "status.402", message: #"{"status":402,"type":"error"}"#),
  Row(
    .billing, "billing.plan",
    message: "The model you requested is not available in your current plan"),
  Row(.billing, "billing.extraUsage", message: "You're out of extra usage. Add more in settings"),
  Row(
    .billing, "billing.openrouterKey", "openrouter", message: "Key limit exceeded (total limit)",
    status: 403),
  Row(
    .billing, "status.402",
    message: "402 Payment Required: request token limit exceeded for this billing plan"),
  Row(.billing, "billing.credit", message: "账户余额不足"),
  Row(.billing, "status.402", message: "status: 402"),
  Row(.billing, "status.402", message: "got a 402 from the API"),
  Row(.billing, "status.402", message: "error code 402"),
  Row(
    .billing, "billing.code", "claude",
    stdout: #"{"type":"result","subtype":"error_max_budget_usd","is_error":true,"num_turns":4}"#),
]
