import WakelogModel

/// What the CLIs make of an API's answer: they word it anew, nest it, colour it, and put it on
/// standard output. Seen with Claude Code 2.1.332, codex-cli 0.163.0 and Copilot 1.0.36 against
/// `Tests/RealAgents/provider_api.py`, except where a source is named.
let wordedRows: [Row] = poisonedRows + reportedRows + nestedRows + heldElsewhereRows + wrappedRows

/// A line of claude's result, as `--output-format json` prints a refused request.
private func refused(_ text: String, _ status: Int? = 400, turns: Int = 1) -> String {
  let code = status.map(String.init) ?? "null"
  return #"{"type":"result","subtype":"success","is_error":true,"api_error_status":"# + code
    + #","num_turns":\#(turns),"result":"\#(text)","stop_reason":"stop_sequence","session_id":"s","#
    + #""usage":{"input_tokens":0,"output_tokens":0},"terminal_reason":"api_error"}"#
}

private let poisonedRows: [Row] =
  [
    "API Error: 400 due to tool use concurrency issues.",
    "API Error: 400 due to tool use concurrency issues. Run /rewind to recover the conversation.",
    "API Error: 400 orphaned tool_result in conversation history.",
    "API Error: 400 duplicate tool_use ID in conversation history.",
  ].flatMap { text in
    [
      Row(.poisonedSession, "session.poisoned.claude", "claude", stdout: text + "\n"),
      Row(.poisonedSession, "session.poisoned.claude", "claude", stdout: refused(text)),
      Row(.poisonedSession, "session.poisoned.claude", "claude", stderr: "[claude] " + text),
    ]
  } + [
    Row(
      .poisonedSession, "session.poisoned.image", "claude",
      stdout: """
        An image in the conversation exceeds the dimension limit for many-image requests (2000px). \
        Start a new session with fewer images.
        """),
    Row(
      .poisonedSession, "session.poisoned.document", "claude",
      message: "messages.0.content.0: The PDF specified was not valid."),
    Row(
      .poisonedSession, "session.poisoned.json", "claude",
      stdout: """
        API Error: 400 The request body is not valid JSON: no low surrogate in string: line 1 \
        column 90210 (char 90209)
        """),
    Row(
      .poisonedSession, "session.poisoned.toolPairs", "gemini",
      message: "Please ensure that function call turn comes immediately after a user turn"),
    Row(
      .poisonedSession, "session.poisoned.toolPairs", "codex",
      message: "Item 'rs_1' of type 'reasoning' was provided without its required following item."),
    Row(
      .poisonedSession, "session.poisoned.roles", "claude",
      stdout: "API Error: 400 messages: text content blocks must be non-empty"),
    // What nobody has heard of stays what it is: a suspicion, not a sentence.
    Row(
      .invalidRequest, "status.4xx", "claude",
      stdout: "API Error: 400 frobnication is not possible here"),
    Row(
      .invalidRequest, "type.invalidRequest", "codex",
      stdout: #"""
        {"type":"turn.failed","error":{"message":"{\"error\":{\"message\":\"no frobnication\",\#
        \"type\":\"invalid_request_error\",\"code\":null}}"}}
        """#),
    // A search through a history is none of the API's complaints.
    Row(.unclassified, "unclassified", "claude", message: "nothing found in conversation history"),
  ]

/// Plain standard output: an error line counts whole.
private let reportedRows: [Row] = [
  Row(
    .contextOverflow, "overflow.size", "claude",
    stdout: """
      Request too large (max 32MB). Accumulated images and attachments in the conversation pushed \
      the request over the limit. Remove older images or compact the conversation.
      """),
  Row(
    .contextOverflow, "overflow.size", "claude",
    stdout: """
      Request too large for the API's 32MB request limit: this conversation is about 40MB, and \
      none of it is images or documents that could be removed, so removing attachments or \
      compacting cannot make it fit. Reduce the input (large tool results or pasted content) or \
      start a new session; this conversation cannot continue as is.
      """),
  Row(.contextOverflow, "overflow.prompt", "claude", stdout: "Prompt is too long\n", turns: 1),
  Row(
    .refusal, "run.refusal.text", "claude",
    stdout: """
      API Error: Opus 5.5's safeguards flagged this message (https://www.anthropic.com/legal/aup). \
      This sometimes happens with safe, normal conversations. Claude Code can't respond to this \
      message with Opus 5.5.

      Try rephrasing the request in a new session or change your model.

      Learn more: https://support.claude.com/en/articles/8106465

      Message ID: msg_01
      """),
  Row(
    .rateLimited, "limit.plan", "claude",
    stdout: "You've hit your session limit · resets 8pm (America/New_York)\n", turns: 4),
  Row(
    .rateLimited, "limit.plan", "claude",
    stdout: "You\u{2019}ve hit your weekly limit · resets Dec 3, 9am (UTC)\n"),
  Row(
    .authenticationRevoked, "revoked.key", "claude",
    stdout: "Failed to authenticate: OAuth token revoked. Please log in again."),
  Row(
    .authentication, "auth.login", "claude",
    stdout: "Failed to authenticate: your claude.ai login expired.\n"),
  Row(
    .unknownSession, "session.unknown.goose", "goose",
    stdout: "\n  error: Cannot resume session 20260921_3 - no such session exists\n\n"),
  Row(
    .unknownSession, "session.unknown.notFound", "crush",
    stderr: "\n   ERROR  \n\n  Session \"8f14e45f\" not found.\n\n"),
  Row(
    .billing, "billing.credit", "claude",
    stdout: "You're out of usage credits. See Usage in Settings"),
  Row(.billing, "billing.payment", "claude", stdout: "You've hit your monthly spend limit."),
  // Prose is prose, at any length, before and after turns.
  Row(
    .agentError, "agentError", "claude",
    stdout: "I looked into it: claude prints \"Prompt is too long\" when a prompt is too long.",
    turns: 3),
  Row(
    .agentError, "agentError", "claude",
    stdout: "The nightly job now waits when the rate limit is hit, and the tests pass.", turns: 3),
  Row(
    .agentError, "agentError", "claude",
    stdout: """
      Error handling is in place.
      A request that fails with "session not found" is tried again without the session, and one
      that fails with "credit balance is too low" is given up at once. Both have tests.
      """, turns: 6),
  Row(
    .unclassified, "unclassified", "claude",
    stdout: "Your notes say that the session is already in use by the night shift."),
]

/// Errors wherever CLIs nest them.
private let nestedRows: [Row] = [
  Row(
    .authentication, "status.401", "copilot",
    stdout: #"""
      {"type":"assistant.turn_start","data":{"turnId":"0"}}
      {"type":"session.error","data":{"errorType":"authentication","message":"Authentication \#
      failed with provider (HTTP 401).","statusCode":401}}
      {"type":"result","sessionId":"s","exitCode":1,"usage":{"premiumRequests":0}}
      """#),
  Row(
    .rateLimited, "limit.code", "copilot",
    stdout: #"{"type":"session.error","data":{"errorType":"quota","message":"No requests left."}}"#),
  Row(
    .unclassified, "unclassified", "copilot", exit: 0,
    stdout: #"{"type":"result","sessionId":"s","exitCode":1,"usage":{}}"#),
  Row(
    nil, "succeeded", "copilot", exit: 0,
    stdout: #"""
      {"type":"assistant.message","data":{"content":"ok","outputTokens":9}}
      {"type":"result","sessionId":"s","exitCode":0}
      """#),
  Row(
    .unknownSession, "session.unknown.notFound", "kimi", exit: nil,
    message:
      #"{"code":-32602,"message":"Invalid params","data":{"session_id":"Session not found"}}"#),
  Row(
    .authentication, "auth.code", "opencode",
    stdout: #"""
      {"type":"session.error","properties":{"sessionID":"ses_1","error":{"name":"ProviderAuthError",\#
      "data":{"message":"no key","providerID":"x"}}}}
      """#),
  Row(
    .cancelled, "process.cancelled", "opencode",
    stdout: #"""
      {"type":"error","sessionID":"ses_1","error":{"name":"MessageAbortedError","data":{"message":\#
      "Stopped."}}}
      """#),
  Row(
    .overloaded, "overload.code", "codex",
    stdout: #"""
      {"id":"0","msg":{"type":"error","error":{"type":"server_is_overloaded","message":"Busy."}}}
      """#),
  Row(
    .unknownSession, "session.unknown.codex", "codex", exit: nil,
    message: #"""
      {"jsonrpc":"2.0","id":2,"error":{"code":-32600,"message":"no rollout found for thread id 7"}}
      """#),
  Row(
    .cancelled, "process.cancelled", "acp", exit: nil,
    stdout: #"{"jsonrpc":"2.0","id":3,"result":{"stopReason":"cancelled"}}"#),
  Row(
    nil, "succeeded", "acp", exit: nil,
    stdout: #"{"jsonrpc":"2.0","id":3,"result":{"stopReason":"end_turn"}}"#),
  // Claude's model stopped at a stop sequence of the caller's: an error by name only.
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":2,"api_error_status":null,\#
      "result":"done","stop_reason":"stop_sequence","usage":{"output_tokens":40}}
      """#),
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":1,"api_error_status":null,\#
      "result":"done","stop_reason":"stop_sequence"}
      """#, turns: 1),
  Row(
    .authentication, "auth.login", "claude",
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":1,"api_error_status":null,\#
      "result":"Not logged in · Please run /login","stop_reason":"stop_sequence"}
      """#, turns: 1),
  Row(
    .agentError, "agentError", "claude",
    stdout: #"""
      {"type":"result","subtype":"success","is_error":true,"num_turns":2,"api_error_status":null,\#
      "result":"done","stop_reason":"stop_sequence","usage":{"output_tokens":40}}
      """#),
  // What a tool or a hook met is theirs.
  Row(
    nil, "succeeded", "copilot", exit: 0,
    stdout: #"""
      {"type":"tool.execution_complete","data":{"error":{"message":"Session not found: ses_1"}}}
      {"type":"hook.error","data":{"message":"401 Unauthorized"}}
      {"type":"assistant.message","data":{"content":"ok"}}
      """#),
  Row(
    nil, "succeeded", "gemini", exit: 0,
    stdout: #"""
      {"type":"message","role":"assistant","content":"hi"}
      {"type":"error","severity":"warning","message":"Loop detected, stopping execution"}
      """#),
  // Nothing happened: no turn, no word, and no complaint.
  Row(
    .emptyResponse, "emptyResponse", "claude", exit: 0,
    stdout: #"{"type":"result","subtype":"success","is_error":false,"num_turns":0,"result":""}"#),
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: #"{"type":"result","subtype":"success","is_error":false,"num_turns":0,"result":"ok"}"#),
  Row(
    .emptyResponse, "emptyResponse", "copilot", exit: 0,
    stdout: "\nChanges   +207 -34\nAI Units  490 (65h 12m 41s)\nTokens    ↑ 1.3m • ↓ 19.3k\n",
    turns: 0),
  Row(nil, "succeeded", "copilot", exit: 0, stdout: "Changes made, tokens saved.", turns: 0),
]

/// Alive elsewhere, in every CLI's words.
private let heldElsewhereRows: [Row] = [
  Row(
    .sessionInUse, "session.inUse", "claude",
    stderr: """
      This conversation is already open in another running Claude session — use that one, or close \
      it and try again
      """),
  Row(
    .sessionInUse, "session.inUse", "codex",
    stderr: """
      Error: thread/resume: thread/resume failed: cannot resume thread 0199 with history while it \
      is already running (code -32600)
      """),
  Row(
    .sessionInUse, "session.inUse", "codex",
    stderr: "thread 0199 is closing; retry thread/resume after the thread is closed"),
  Row(.sessionInUse, "session.inUse.named", "opencode", message: "Session ses_1 is busy"),
  Row(.sessionInUse, "session.inUse.named", "crush", stderr: "session is currently busy"),
  Row(.sessionInUse, "session.inUse.named", "kimi", stderr: "Session \"x\" is already running."),
  Row(
    .archivedSession, "session.ended", "claude",
    stderr: "Claude ended this conversation. Start a new session to continue."),
  Row(
    .malformedSession, "session.malformed.child", "crush",
    stderr: "   ERROR  \n\n  Cannot continue a child session: 8f14."),
  Row(
    .unclassified, "unclassified", "claude",
    stderr: "OAuth callback: session port 8080 is already in use"),
]

/// What stands in front of a line, who is meant, and money.
private let wrappedRows: [Row] = [
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stdout: "agent-1  | Error: No conversation found with session ID: s"),
  Row(
    .poisonedSession, "session.poisoned.toolPairs", "kimi",
    stdout: """
      LLM provider error: Error code: 400 - {'error': {'message': "an assistant message with \
      'tool_calls' must be followed by tool messages"}}
      """),
  Row(
    .unclassified, "unclassified", "kimi",
    stdout: "The logs | say that a conversation was found, and what session id it has."),
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stdout: "2026-11-30T08:00:00.123Z [claude] Error: No conversation found with session ID: s"),
  Row(
    .unknownSession, "session.unknown.claude", "claude",
    stdout: "claude: error: \u{1b}[31mNo conversation found with session ID: s\u{1b}[0m"),
  Row(
    .rateLimited, "limit.plan", "codex",
    stdout: #"""
      {"type":"turn.failed","error":{"message":"You’ve hit your usage limit. Upgrade to Pro \#
      (https://chatgpt.com/explore/pro), visit https://chatgpt.com/settings/usage to purchase \#
      more credits or try again later."}}
      """#),
  Row(
    .billing, "billing.plan", "codex",
    stdout: #"""
      {"type":"turn.failed","error":{"message":"Quota exceeded. Check your plan and billing \#
      details."}}
      """#),
  Row(
    .rateLimited, "limit.quota", "gemini",
    message: "You have exhausted your capacity on this model. Your quota will reset after 53s."),
  Row(.serverError, "server.openrouter", "openrouter", message: "Provider returned error"),
  Row(.unclassified, "unclassified", message: "Provider returned error"),
  Row(.unclassified, "unclassified", message: "Key limit exceeded (total limit)"),
  Row(.processLost, "process.channel", "codex", message: "Transport channel closed"),
  Row(
    .unclassified, "unclassified", "codex",
    stderr: """
      2026-09-26T13:00:02.495Z ERROR rmcp::transport::worker: worker quit with fatal: Transport \
      channel closed, when Client(HttpRequest(…))
      """),
  Row(.authentication, "auth.permission", message: "当前ak因违规请求被禁止访问该模型"),
  Row(
    .unknownSession, "session.unknown.load", "grok", exit: nil,
    message: "session/load failed: path not found"),
  // `copilot` ends in `pi`'s letters and is not pi.
  Row(.unclassified, "unclassified", "copilot", message: "no session available"),
]
