private let openClawPatterns = "openclaw/openclaw src/agents/failover/message-patterns.ts"

/// Credentials that were taken back: no retry and no waiting helps.
let revokedEntries: [FailureEntry] = [
  FailureEntry(
    "revoked.code", .authenticationRevoked,
    codes: [
      "auth_permanent", "api_key_revoked", "api_key_deleted", "api_key_deactivated",
      "account_deactivated", "deactivated_workspace", "refresh_token_invalidated",
      "token_revoked", "token_invalidated",
    ],
    source: openClawPatterns),
  FailureEntry(
    "revoked.key", .authenticationRevoked,
    [
      "api key revoked", "api key deactivated", "api key deleted", "api key disabled",
      "api_key_revoked", "api_key_deactivated", "api_key_deleted",
      "api key @ revoked", "api key @ deactivated", "api key @ disabled", "api key @ deleted",
      "key has been disabled", "key has been revoked", "key has been deactivated",
      "key has been deleted", "key was revoked", "key is disabled", "token revoked",
      "token has been revoked", "token was revoked", "token is revoked",
      "token has been invalidated", "密钥已被禁用", "api key 已被禁用", "密钥已失效", "已被封禁", "已被停用",
      "refresh token was revoked", "session was revoked", "token_revoked",
    ],
    source: openClawPatterns),
  FailureEntry(
    "revoked.account", .authenticationRevoked,
    [
      "account has been deactivated", "account has been disabled", "account has been suspended",
      "account is deactivated", "account is disabled", "account is suspended",
      "not allowed for this organization", "organization has been disabled",
      "organization has disabled", "a disabled organization", "deactivated_workspace",
      "deactivated workspace",
    ],
    source: openClawPatterns),
]

/// Statuses 401 and 403, once money, revocation, sessions and models have been looked for.
let accessStatusEntries: [FailureEntry] = [
  FailureEntry(
    "status.403.model", .modelNotFound, statuses: [403...404],
    [
      "not have access to * model", "no access to model", "model * not available to",
      "model access is denied", "not have access to model",
      "is not available with the claude * plan",
    ],
    source: "platform.openai.com/docs/guides/error-codes, model_not_found"),
  FailureEntry(
    "status.401", .authentication, statuses: [401...401, 403...403],
    source: "RFC 9110, 15.5.2, 15.5.4"),
]

/// Credentials that are missing, wrong or run out.
let authenticationEntries: [FailureEntry] = [
  FailureEntry(
    "auth.code", .authentication,
    codes: [
      "auth", "authentication_error", "permission_error", "permission_denied", "unauthenticated",
      "invalid_api_key", "unauthorized", "forbidden", "invalid_grant", "token_expired",
      "refresh_token_expired", "refresh_token_reused", "claude_auth_required",
      "gemini_auth_required", "providerautherror", "accessdeniedexception", "1113",
      "authentication_failed", "fatalauthenticationerror", "expiredtokenexception",
      "authentication", "authorization", "not_authenticated", "auth_required",
      "missingapikeyerror", "loadapikeyerror", "ai_loadapikeyerror", "ce-011", "api_key_invalid",
      "unrecognizedclientexception", "invalidsignatureexception",
    ],
    source: openClawPatterns + "; paperclipai/paperclip error codes"),
  FailureEntry(
    "auth.login", .authentication,
    [
      "not logged in", "please run /login", "please log in", "please login", "login required",
      "requires login", "log in again", "sign in again", "please sign in", "not signed in",
      "run * auth login", "claude login", "codex login", "gemini auth", "please authenticate",
      "please re-authenticate", "re-authenticate", "not authenticated",
      "please set an auth method", "agent login", "login expired", "log out and sign in",
      "no authentication information found", "no auth type is selected", "no auth method",
      "you are not logged in", "you need to log in", "must be logged in", "login to continue",
      "llm not set", "not currently logged in", "authentication required", "run * login",
      "failed to sign in. message:", "not eligible for gemini code assist",
      "account requires setting the google_cloud_project",
    ],
    exclude: ["session not found"],
    source: "paperclipai/paperclip packages/adapters/*/src/server/parse.ts; GitHub Copilot CLI "
      + "1.0.36; Claude Code 2.1.332; QwenLM/qwen-code, MoonshotAI/kimi-cli"),
  FailureEntry(
    "auth.key", .authentication,
    [
      "invalid api key>", "invalid_api_key", "invalid x-api-key", "incorrect api key>",
      "api key invalid>", "api key is invalid", "api key not valid", "api key is not valid",
      "api_key_invalid", "missing api key", "api key is missing", "api key missing", "no api key",
      "api key required", "api key is required", "api key not found", "api key expired",
      "api key has expired", "invalid bearer token", "invalid token", "invalid access token",
      "must specify the gemini_api_key", "environment variable not found", "<api_key @ not set",
      "not a valid api key", "api key authentication is disabled",
      "could not resolve authentication", "\"code\":1113", "\"code\": 1113", "密钥无效", "apikey 无效",
      "api key 无效", "<invalid auth token>",
    ],
    source: openClawPatterns + "; Claude Code 2.1.332; open.bigmodel.cn error codes"),
  FailureEntry(
    "auth.environment", .authentication, providers: ["codex", "openai"],
    ["missing environment variable: `"],
    source: "openai/codex codex-rs/protocol/src/error.rs, EnvVarError"),
  FailureEntry(
    "auth.credentials", .authentication,
    [
      "no credentials found", "invalid credentials", "invalid authentication",
      "could not validate * credentials", "could not validate credentials",
      "could not authenticate", "failed to authenticate", "unable to authenticate",
      "credentials have expired", "credentials expired", "could not load credentials",
      "could not load * credentials", "could not load the default credentials", "认证失败", "鉴权失败",
      "身份验证失败", "未授权", "无法进行身份验证", "账户已被锁定",
      "expiredtokenexception:", "unrecognizedclientexception:", "invalidsignatureexception:",
    ],
    source: openClawPatterns + "; docs.aws.amazon.com, errors of Bedrock"),
  FailureEntry(
    "auth.token", .authentication,
    [
      "token has expired", "token expired", "token is expired", "token refresh failed",
      "failed to refresh token", "failed to refresh oauth token", "could not be refreshed",
      "invalid_grant", "refresh token was already used", "refresh token has already been used",
      "refresh_token_reused", "failed to extract * token", "failed to validate * token",
      "无效的令牌", "令牌已过期", "token 已过期", "token 非法",
    ],
    source: openClawPatterns + "; openai/codex login; songquanpeng/one-api"),
  FailureEntry(
    "auth.permission", .authentication,
    [
      "authentication required", "authentication is required", "authentication failed",
      "authentication error", "authentication_error", "permission_error", "permission_denied",
      "insufficient permission", "missing scope", "insufficient scope", "unauthenticated",
      "not authorized to", "accessdeniedexception", "<ce-011>", "无权访问", "禁止访问", "没有访问权限",
      "没有权限", "访问被拒绝", "被限制访问", "无访问权限",
      "access denied by policy", "authenticating with provider", "authentication failed with",
    ],
    source: openClawPatterns),
  FailureEntry(
    "auth.word", .authentication, streams: [.message, .structured],
    ["<unauthorized>", "<forbidden>", "access denied", "权限不足"], exclude: ["sandbox", "eacces"],
    source: openClawPatterns),
  FailureEntry(
    "auth.wordOpening", .authentication, streams: [.stderr, .stdout],
    ["^unauthorized>", "^forbidden>"], source: openClawPatterns),
]
