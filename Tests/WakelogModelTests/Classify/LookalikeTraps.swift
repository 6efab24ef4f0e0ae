import WakelogModel

/// Errors that share words with other errors.
let lookalikeTraps: [Row] =
  [
    // The death of a credential was read as the death of a conversation for 25 hours
    // (openclaw/openclaw#112348, #135519): the text says `session expired`.
    Row(
      .authentication, "auth.sessionExpired", "claude",
      message: "OAuth session expired and could not be refreshed"),
    Row(
      .authentication, "auth.sessionExpired", "claude",
      stderr: "Your session has expired. Please log in again."),
    Row(
      .authentication, "auth.sessionExpired",
      message: "The SSO session associated with this profile has expired"),
    // `load` as a pattern for failed loading matched `Overloaded`, and a busy provider cost the
    // session (paperclip, ACPX engine).
    Row(.overloaded, "overload.text", "acpx", stderr: "Overloaded: upstream is busy"),
    Row(.overloaded, "overload.text", "codex", stderr: "model overloaded"),
    // `notfounderror` matched the name of the error for an unknown model.
    // Retrying afresh cannot help there.
    Row(
      .modelNotFound, "model.missing", "opencode",
      stderr: "ProviderModelNotFoundError: Model not found: acme/x. Did you mean: y?"),
    // Compilers speak of overloaded functions, shells of missing commands, hooks of sessions.
    // None of them is the provider.
    Row(
      .agentError, "agentError", stderr: "error: no matching overloaded function found", turns: 2),
    Row(
      .unclassified, "unclassified", "claude",
      stderr: "SessionStart hook error: session setup: command not found"),
    Row(.unclassified, "unclassified", stderr: "zip: disk quota exceeded"),
    // A window too small to start with, and a limit per minute, share the words of an overflow.
    // A fresh session would meet both again.
    Row(
      .rateLimited, "limit.rate",
      message: "Request too large on tokens per minute (TPM): Limit 6000, Requested 9000"),
    Row(
      .unclassified, "unclassified",
      message: "Model context window too small (minimum is 128k tokens)"),
    // Money named beside the size of a request is about money.
    // A fresh session would not be paid for either.
    Row(
      .billing, "billing.credit",
      message: "insufficient credits: request size exceeds your current plan limits"),
    // Text of an attempt that took turns is no proof against its session, even when it is the
    // CLI's own; only what every resume would meet again is.
    Row(
      .agentError, "agentError", "claude", stderr: "No conversation found with session ID: x",
      turns: 4),
    Row(
      .contextOverflow, "overflow.prompt", "claude", stderr: "API Error: prompt is too long",
      turns: 4),
    Row(
      .agentError, "agentError", "claude",
      stdout: "Tests pass now; the API no longer answers that the prompt is too long.", turns: 4),
    // The same literal means another provider's trouble on another provider.
    // `Key limit exceeded` is money at OpenRouter and access elsewhere.
    Row(.authentication, "status.401", "anthropic", message: "Key limit exceeded", status: 403),
    // Nothing to resume in the words `no session` unless the CLI that says so opens with them.
    // Prose about affinity once did.
    Row(.unclassified, "unclassified", "pi", stderr: "there is no session affinity configured"),
    Row(.unclassified, "unclassified", "claude", stderr: "no session"),
    // A resume that fails on the way to the provider says nothing about the session.
    // It was condemned all the same.
    Row(.network, "network.errno", "gemini", stderr: "Failed to resume: connect ECONNREFUSED ::1"),
    Row(.rateLimited, "limit.rate", "cursor", stderr: "Could not resume: rate limit exceeded"),
    // JSON cut short does not parse and is read as plain text.
    // The type of the error survives the cut.
    Row(
      .overloaded, "overload.text",
      message: #"{"type":"error","error":{"type":"overloaded_error","mess"#),
    // A model's own tool call failed to parse; nobody waited for anything.
    // It is not a timeout like its neighbours among the stop reasons.
    Row(
      .unclassified, "unclassified", message: "Unhandled stop reason: MALFORMED_FUNCTION_CALL"),
    // Every error object nests one deeper at some provider.
    // Google wraps in `error`, opencode in `data`, JSON-RPC in `error.data`.
    Row(
      .rateLimited, "limit.code",
      stderr: #"[{"error":{"status":"RESOURCE_EXHAUSTED","message":"no"}}]"#),
    Row(
      .overloaded, "overload.text", "opencode", exit: 0,
      stdout: #"{"type":"error","error":{"name":"APIError","data":{"message":"Overloaded"}}}"#),
  ] + borrowedWordTraps

/// Other things than a conversation, a key, a model or an account, in the same words.
private let borrowedWordTraps: [Row] =
  [
    "Error: the database session is in use: close it first",
    "Error: Chrome: the browser session is running in another window",
    "Error: could not acquire session lock: postgres advisory lock 12 is taken",
    "Error: Could not acquire session lock to update the anchor image (timeout)",
    "Error: a session lock held by the receiver covers its messages",
    "Error: your account is in good standing, the upload is not",
    "Error: Thread pool: thread 7 is already being used",
    "FAIL SessionLockTests: expected the session is active in another client",
    "Error: tmux: session main is open in another terminal",
    "Error: API key invalidation policy updated",
    "INVALID API KEYSTORE configuration",
    "Error: the performance budget has been exceeded: main.js is 300 kB",
    "Error: test 'Image poisoning is refused' failed",
    "Error: the pull request was flagged for review",
    "Error: the change was rejected because it was considered high risk",
    "Error: Please reduce the length of the messages of these commits",
    "Error: checkout: no payment method on the customer",
    "Error: Missing environment variable: STRIPE_API_KEY",
    "Error: Failed to sign in as the test user",
    "Error: 输入内容过长，请修改表单",
    "Error: 权限不足，无法写入文件",
    "Error: sensor not exist",
    "WebSocket error handling: 3 tests failed",
    "Error: internal error handling is missing",
    "Error: gpg: signature expired",
    "Error: sh: 1: rg: not found",
    "Error: No sessions found",
  ].map { Row(.unclassified, "unclassified", "claude", stderr: $0) } + [
    // codex alone calls a picture that it cannot send so.
    Row(.unclassified, "unclassified", "claude", message: "Image poisoning"),
    // The thread of a session by that name is lost all the same.
    Row(
      .unknownSession, "session.unknown.notFound", "claude",
      stderr: "Error: Session fix-mcp not found"),
  ]
