import WakelogModel

/// Credentials, missing, wrong or taken back.
let accessRows: [Row] = [
  Row(.authenticationRevoked, "revoked.key", message: "api key revoked"),
  Row(.authenticationRevoked, "revoked.key", message: "Your API key has been disabled"),
  Row(.authenticationRevoked, "revoked.key", message: "key has been revoked"),
  Row(.authenticationRevoked, "revoked.key", message: "API_KEY_DELETED"),
  Row(.authenticationRevoked, "revoked.account", message: "account has been deactivated"),
  Row(.authenticationRevoked, "revoked.key", message: "OAuth token revoked · Please run /login"),
  Row(.authenticationRevoked, "revoked.account", message: "This organization has been disabled."),
  Row(
    .authenticationRevoked, "revoked.account",
    message: "OAuth authentication is currently not allowed for this organization"),
  Row(.authenticationRevoked, "revoked.code", code: "DEACTIVATED_WORKSPACE"),
  Row(.authenticationRevoked, "revoked.key", message: "api key revoked", status: 403),
  Row(.authentication, "status.401", status: 401),
  Row(.authentication, "status.401", status: 403),
  Row(.authentication, "status.401", message: "Unauthorized", status: 401),
  Row(.authentication, "status.401", "anthropic", message: "Key limit exceeded", status: 403),
  Row(
    .modelNotFound, "status.403.model", message: "Project does not have access to model gpt-x",
    status: 403),
  Row(.authentication, "auth.key", message: "invalid api key"),
  Row(.authentication, "auth.key", message: "Incorrect API key provided: sk-…"),
  Row(.authentication, "auth.key", message: "invalid token"),
  Row(.authentication, "auth.key", message: #"No API key found for provider "openai"."#),
  Row(.authentication, "auth.credentials", message: #"No credentials found for profile "a"."#),
  Row(.authentication, "auth.credentials", message: "Could not validate credentials"),
  Row(.authentication, "auth.permission", message: "authentication failed"),
  Row(.authentication, "auth.permission", message: "Missing scopes: model.request"),
  Row(
    .authentication, "auth.permission",
    message: "You have insufficient permissions for this operation."),
  Row(.authentication, "auth.token", message: "token has expired"),
  Row(.authentication, "auth.token", message: "OAuth token refresh failed for anthropic"),
  Row(.authentication, "auth.word", message: "access denied"),
  Row(.authentication, "auth.word", message: "Forbidden"),
  Row(.authentication, "status.401", message: "401 Unauthorized"),
  Row(.authentication, "status.401", message: "HTTP 401: bad token"),
  Row(
    .authentication, "auth.sessionExpired",
    message: "OAuth session expired and could not be refreshed"),
  Row(.authentication, "auth.key", message: "密钥无效"),
  Row(.authentication, "auth.login", "claude", stdout: "Not logged in · Please run /login"),
  Row(.authentication, "auth.login", "claude", stderr: "Invalid API key · Please run /login"),
  Row(
    .authentication, "auth.login", "claude",
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":1,"terminal_reason":"ap\#
      i_error","result":"Not logged in · Please run /login","usage":{"output_tokens":0}}
      """#),
  Row(
    .authentication, "auth.interactive", "gemini",
    stderr: """
      Error authenticating: FatalAuthenticationError: Manual authorization is required but the \
      current session is non-interactive.
      """),
  Row(.authentication, "exit.gemini.41", "gemini", exit: 41),
  Row(
    .authentication, "auth.login", "gemini", exit: 41,
    stderr: "Please set an Auth method in your settings.json or specify GEMINI_API_KEY"),
  Row(
    .authentication, "auth.login", "codex",
    stderr: """
      Your access token could not be refreshed because your refresh token was already used. \
      Please log out and sign in again.
      """),
  Row(
    .authentication, "status.401", "claude",
    stderr: #"""
      API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"OAuth \#
      token has expired."}}
      """#),
  Row(.authentication, "auth.code", message: #"{"code":1113,"message":"endpoint"}"#),
  Row(.authentication, "auth.code", code: "claude_auth_required"),
  Row(.authentication, "auth.wordOpening", "cursor", stderr: "Unauthorized"),
  Row(
    .authentication, "auth.code", "opencode", exit: 0,
    stdout: #"{"type":"error","error":{"name":"ProviderAuthError","data":{"message":"?"}}}"#),
]
