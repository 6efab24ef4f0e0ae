import WakelogModel

/// An answer that shows what a server said.
private let shownDocument = #"""
  I tried the request again. The server answered:

  ```json
  {"error": {"message": "Session not found: ses_1", "code": 404}}
  ```

  I will look at the store next.
  """#

/// Errors that an answer shows and does not report, and reports that quote.
let shownErrorRows: [Row] = [
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: shownDocument, resuming: false),
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: shownDocument),
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: #"""
      I tried the request again. The server answered:

      ```json
      {"error": {"message": "Session not found: ses_1", "code": 404}}
      ```
      """#, turns: 3, resuming: false),
  Row(
    .unclassified, "unclassified", "claude",
    stdout: shownDocument),
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: #"""
      The API answers like this:

      {"type":"error","error":{"type":"rate_limit_error","message":"Rate limited"}}

      so retry after the header says.
      """#, resuming: false),
  Row(
    nil, "succeeded", "opencode", exit: 0,
    stdout: #"""
      The fixture is now:

      {
        "name": "NotFoundError",
        "data": { "message": "Session not found: ses_1" }
      }

      and the test passes.
      """#),
  Row(
    nil, "succeeded", "codex", exit: 0,
    stdout: #"""
      {"error":"session not found is thrown in store.ts","fixed":true}
      """#,
    stderr: #"""
      OpenAI Codex v0.163.0
      --------
      user
      x
      codex
      {"error":"session not found"}
      tokens used
      1
      """#),
  Row(
    nil, "succeeded", "claude", exit: 0,
    stdout: #"""
      {"ok": false, "missing":["a"]}
      """#, turns: 3, resuming: false),
  Row(
    nil, "succeeded", "opencode", exit: 0, stdout: "All done, the tests pass.",
    stderr: #"""
      $ cat log
      No conversation found with session ID: 0199f000-0000-7000-8000-00000000abcd
      """#),
  Row(
    nil, "succeeded", "opencode", exit: 0, stdout: "All done, the tests pass.",
    stderr: #"""
      $ cat log
      Prompt is too long
      """#),
  Row(
    nil, "succeeded", "opencode", exit: 0, stdout: "All done, the tests pass.",
    stderr: "Error: Session ID x is already in use."),
  Row(
    .poisonedSession, "session.poisoned.thinking", "claude",
    stdout: #"""
      API Error: 400 messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.
      """#),
  Row(
    .poisonedSession, "session.poisoned.thinking", "claude",
    stdout: #"""
      API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified."}}
      """#),
  Row(
    .poisonedSession, "session.poisoned.toolPairs", "claude",
    stdout: "API Error: 400 messages.3: `tool_use` ids must be unique", resuming: false),
  Row(
    .invalidRequest, "status.4xx", "claude",
    stdout: "API Error: 400 tools: Tool names must be unique.", resuming: false),
  Row(
    .invalidRequest, "status.4xx", "claude", stdout: "API Error: 400 messages.5.content.0: foo",
    resuming: false),
  Row(
    .invalidRequest, "status.4xx", "claude",
    stdout: #"""
      API Error: 400 max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-opus-4
      """#, resuming: false),
  Row(
    .authentication, "status.401", "claude", stdout: "API Error: 401 credentials: bad",
    resuming: false),
  Row(
    .rateLimited, "status.429", "claude", stdout: "API Error: 429 limits: slow", resuming: false),
  Row(
    .contextOverflow, "overflow.code", "codex", exit: nil,
    message: #"""
      {"method":"turn/completed","params":{"threadId":"t","turn":{"id":"t","status":"failed","error":{"message":"x","codexErrorInfo":"contextWindowExceeded"}}}}
      """#, resuming: false),
  Row(
    .serverError, "status.5xx", "codex", exit: nil,
    message: #"""
      {"method":"turn/completed","params":{"threadId":"t","turn":{"id":"t","status":"failed","error":{"message":"x","codexErrorInfo":{"responseStreamDisconnected":{"httpStatusCode":502}}}}}}
      """#, resuming: false),
  Row(
    .unknownSession, "session.unknown.notFound", "acp", exit: nil,
    message: #"""
      {"code":-32602,"message":"Invalid params","data":{"sessionId":{"_errors":["Session not found"]}}}
      """#, resuming: false),
  Row(
    .authentication, "status.401", "crush",
    stderr: #"""

         ERROR  

        POST "https://api.openai.com/v1/chat/completions": 401 Unauthorized {}
      """#, turns: 0, resuming: false),
  Row(
    .authentication, "status.401", "copilot",
    stderr: #"""
      Execution failed: CAPIError: 401 401 Unauthorized (Request ID: X)
      """#, resuming: false),
  Row(
    .invalidRequest, "status.4xx", "copilot",
    stderr: #"""
      Execution failed: CAPIError: 400 400 Bad Request (Request ID: X)
      """#, resuming: false),
  Row(
    .contextOverflow, "overflow.prompt", "goose",
    stdout: #"""

        Ran into this error: Context length exceeded: prompt is too long: 210000 tokens > 200000 maximum.

      Please retry if you think this is a transient or recoverable error.
      """#, turns: 0, resuming: false),
  Row(
    .unknownSession, "session.unknown.goose", "goose",
    stdout: #"""
      Loading config…

        error: Cannot resume session 20260921_3 - no such session exists
      """#, resuming: false),
  Row(
    .unknownSession, "session.unknown.notFound", "droid",
    stdout: #"""
      Failed to load session: Session not found: 0199f000-0000-7000-8000-00000000abcd
      """#, turns: 0, resuming: false),
  Row(
    .agentError, "agentError", "claude", stdout: "Not logged in users now see the landing page.",
    turns: 4, resuming: false),
  Row(
    .agentError, "agentError", "claude",
    stdout: #"""
      You've reached your goal for today: all tasks done, the weekly limit dialog is styled.
      """#, turns: 4, resuming: false),
  Row(
    .unclassified, "unclassified", "claude",
    stdout: #"""
      Here is the summary: billing hard limit reached is thrown in billing.py line 40.
      """#, resuming: false),
  Row(
    .rateLimited, "limit.plan", "claude", stdout: "You've hit your session limit · resets 3pm",
    resuming: false),
  Row(
    .billing, "billing.credit", "claude", stdout: "Credit balance is too low", resuming: false),
  Row(
    .unknownSession, "session.unknown.claude", "claude", exit: 0, stdout: "ok",
    stderr: #"""
      No conversation found with session ID: 0199f000-0000-7000-8000-00000000abcd
      """#),
]
