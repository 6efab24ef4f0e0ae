import WakelogModel

/// Texts about errors that are none.
let proseTraps: [Row] =
  [
    // Without --json, codex retells the conversation on standard error (0.163.0).
    // A prompt about sessions condemned the session that it was asked in.
    Row(
      .serverError, "status.5xx", "codex",
      stderr: """
        OpenAI Codex v0.163.0
        --------
        workdir: /srv
        --------
        user
        Why does it print: Error: No conversation found with session ID: abc
        codex
        Because the thread is gone: no rollout found for thread id abc
        exec
        {"error":{"message":"Session not found: ses_1"}}
        ERROR: unexpected status 500 Internal
        tokens used
        12
        """),
    Row(
      .rateLimited, "limit.plan", "codex",
      stderr: """
        OpenAI Codex v0.163.0
        --------
        user
        hi
        ERROR: You’ve hit your usage limit. Upgrade to Pro, or try again later.
        """),
    Row(
      nil, "succeeded", "codex", exit: 0, stdout: "It means that the thread is gone.",
      stderr: """
        OpenAI Codex v0.163.0
        --------
        user
        Error: no rollout found for thread id abc
        codex
        It means that the thread is gone.
        """),
    // Before the conversation begins, an error of its own is one.
    Row(
      .unknownSession, "session.unknown.codex", "codex",
      stderr: """
        OpenAI Codex v0.163.0
        Error: thread/resume failed: no rollout found for thread id abc (code -32600)
        """),
    // An agent that repairs session handling quotes the words of the error in its answer.
    // Its turns show that the session was entered.
    Row(
      .agentError, "agentError", "claude",
      stdout: "The log says: No conversation found with session ID: abc. That is the bug.", turns: 4
    ),
    // The same from a host that counts no turns: an account of work, not a line of the CLI.
    // It does not open with the error.
    Row(
      .unclassified, "unclassified", "claude",
      stdout: "I saw 'No conversation found with session ID: abc' and fixed the retry."),
    Row(
      .unclassified, "unclassified", "claude",
      stdout: "The host printed: session not found. Its retry loop then asked again."),
    // Assistant prose inside the stream of JSON is prose.
    // Hosts that searched the whole of standard output condemned live sessions.
    Row(
      .agentError, "agentError", "claude",
      stdout: #"""
        {"type":"assistant","message":{"role":"assistant","content":[\#
        {"type":"text","text":"Error: No conversation found with session ID: abc"}]}}
        """#),
    Row(
      .agentError, "agentError", "opencode",
      stdout: #"{"type":"text","part":{"text":"Error: Session not found: ses_1"}}"#),
    Row(
      .agentError, "agentError", "codex",
      stdout: #"{"type":"item.completed","item":{"type":"agent_message","text":"unknown thread"}}"#),
    // The result of a run that went well may say anything.
    // `is_error` tells, not the words.
    Row(
      nil, "succeeded", "claude", exit: 0,
      stdout: #"""
        {"type":"result","subtype":"success","is_error":false,"num_turns":3,\#
        "result":"prompt is too long: 9 tokens > 8 maximum is what the API answers"}
        """#),
    // A tool's output is carried in user messages of the stream.
    // It is not the CLI speaking.
    Row(
      .unclassified, "unclassified", "claude",
      stdout: #"""
        {"type":"user","message":{"role":"user","content":[\#
        {"type":"tool_result","content":"Session not found: ses_1"}]}}
        """#),
    // Standard output that is long is an answer, whatever it opens with.
    // 300 bytes hold every error line seen so far.
    Row(
      .unclassified, "unclassified", "claude",
      stdout: "Error: Session not found: s-1\n"
        + String(repeating: "and so on, line by line\n", count: 20)),
    // Numbers that count things, name rooms or tickets are no HTTP status.
    // `402 items found` once put an account into billing backoff.
    Row(.unclassified, "unclassified", message: "402 items found in the database"),
    Row(.unclassified, "unclassified", message: "Fixed issue CHE-402 in the latest release"),
    Row(.unclassified, "unclassified", message: "The building at 402 Main Street"),
    Row(.unclassified, "unclassified", message: "subsystem A returned 402 records after retry"),
    Row(.unclassified, "unclassified", message: "Error code 403 was returned, not 402-related"),
    Row(.unclassified, "unclassified", message: "request id req-4291 failed"),
    Row(.unclassified, "unclassified", message: "500 lines changed in 12 files"),
    Row(.unclassified, "unclassified", message: "port 429 is open"),
    // Advice on billing with headings is an answer, not an account without credit.
    // A length limit alone cut real errors off.
    Row(
      .unclassified, "unclassified",
      message:
        "Billing, step by step\n\n## Credits\n\nWhen the credit balance runs low, upgrade.\n\n"
        + "## Plans\n\nHandle insufficient balance gracefully."),
    Row(
      .unclassified, "unclassified",
      message: "The evidence is insufficient to reconcile the final balance."),
    Row(.unclassified, "unclassified", message: "The user terminated the session manually."),
    Row(.unclassified, "unclassified", message: "Let's investigate the context overflow bug"),
    Row(.unclassified, "unclassified", message: "Fixed the rate limit handling in the client"),
    Row(.unclassified, "unclassified", message: "We are debugging context overflow issues"),
  ]
  + [
    // An agent that works on these very things says so in its answer.
    "Two tabs cannot both write now: a session is open in another window shows a banner.",
    "The pool waits while the session lock is held by a writer.",
    "The new check says \"cannot use this model\" where a plan has none.",
    "Tests cover a response that stalled, and steps: the max number is 100.",
    "Docs now tell users to ask for billing where a free tier is missing.",
    "The MCP client retries when its session expired.",
    "Prompts are cut where their length is more than the context holds.",
  ].map { Row(.unclassified, "unclassified", "claude", stdout: $0) }
