import WakelogModel

/// What codes, signals, outcomes and turns say.
let runRows: [Row] =
  // A host that read the output itself says the kind as the code, and no text says it better.
  FailureKind.allCases.filter { $0 != .missingTranscript && $0 != .wrongWorkspace }.map { kind in
    Row(kind, "told." + kind.name, stderr: "529 Overloaded", code: kind.name)
  } + [
    Row(
      .maxTurns, "run.maxTurns.code", "claude",
      stdout: #"{"type":"result","subtype":"error_max_turns","is_error":false,"num_turns":5}"#),
    Row(.maxTurns, "run.maxTurns.text", "claude", stdout: "Error: Reached max turns (5)"),
    Row(.maxTurns, "exit.gemini.53", "gemini", exit: 53),
    Row(
      .maxTurns, "run.maxTurns.text", "gemini", exit: 53,
      stderr: """
        Reached max session turns for this session. Increase the number of turns by specifying \
        maxSessionTurns in settings.json.
        """),
    Row(
      .maxTurns, "run.maxTurns.code", "grok",
      stdout: #"{"type":"max_turns_reached"}\#n{"type":"end","stopReason":"Cancelled"}"#),
    Row(
      .refusal, "run.refusal.code", "claude", exit: 0,
      stdout: #"""
        {"type":"result","subtype":"success","is_error":false,"stop_reason":"refusal","num_turns\#
        ":1,"result":"..."}
        """#),
    Row(
      .refusal, "run.refusal.text", "claude",
      stderr: """
        API Error: Claude Code is unable to respond to this request, which appears to violate \
        our Usage Policy
        """),
    Row(.processLost, "signal", exit: 137, signal: 9),
    Row(.processLost, "signal", exit: nil, signalName: "SIGKILL"),
    Row(.processLost, "signal", exit: -9),
    Row(.processLost, "signal", exit: 139, signal: 11, turns: 0),
    Row(
      .processLost, "signal", exit: 134,
      stderr: "FATAL ERROR: Reached heap limit - JavaScript heap out of memory"),
    Row(.interrupted, "process.asked", message: "Claude Code process terminated by signal SIGTERM"),
    Row(.processLost, "process.text", message: "Claude Code process terminated by signal SIGKILL"),
    Row(.processLost, "process.code", code: "process_lost"),
    // Asked to end: by a shutdown, a terminal that closed, Control-C, `kill`.
    Row(.interrupted, "signal.request", exit: 143),
    Row(.interrupted, "signal.request", exit: 130),
    Row(.interrupted, "signal.request", exit: 129),
    Row(.interrupted, "signal.request", exit: -15),
    Row(.interrupted, "signal.request", exit: nil, signal: 15, turns: 0),
    Row(.interrupted, "signal.request", exit: nil, signalName: "SIGINT"),
    Row(.interrupted, "signal.request", exit: nil, signalName: "SIGTERM"),
    Row(.interrupted, "signal.request", exit: nil, signalName: "hup"),
    Row(.interrupted, "process.interrupted", code: "server_shutdown_interrupted"),
    Row(
      .unknownSession, "session.unknown.claude", exit: 143,
      stderr: "No conversation found with session ID: s-1"),
    Row(.timeout, "timeout.text", exit: nil, signal: 15, message: "timed out after 300s"),
    Row(.cancelled, "process.cancelled", code: "canceled"),
    Row(.timeout, "reported.timedOut", exit: nil, outcome: .timedOut),
    Row(.cancelled, "reported.cancelled", exit: nil, outcome: .cancelled),
    Row(.interrupted, "reported.interrupted", exit: nil, outcome: .interrupted),
    Row(.emptyResponse, "emptyResponse", exit: 0, turns: 0),
    Row(.emptyResponse, "emptyResponse", exit: 0, turns: 0, outcome: .succeeded),
    Row(.emptyResponse, "process.emptyResponse", code: "empty_response"),
    Row(.rateLimited, "status.429", exit: 0, stderr: "429 Too Many Requests", turns: 0),
    Row(
      .unknownSession, "session.unknown.opencode", "opencode", exit: 0,
      stderr: #"NotFoundError: NotFoundError data: { message: "Session not found: ses_1" }"#),
    Row(
      .unknownSession, "session.unknown.notFound", "opencode", exit: 0,
      stderr: "Error: Session not found", outcome: .succeeded),
    Row(
      .unknownSession, "session.unknown.claude", "hermes", exit: 0, stdout: "(no reply)",
      stderr: "Error: No conversation found with session ID: s-1", turns: 0, outcome: .succeeded),
    Row(.authentication, "status.401", exit: 0, message: "401 Unauthorized"),
    Row(.serverError, "status.5xx", exit: 0, status: 500),
    Row(nil, "succeeded", exit: 0),
    Row(nil, "succeeded", exit: 0, stdout: "done", turns: 0),
    Row(nil, "succeeded", exit: 0, turns: 0, resuming: false),
    Row(nil, "succeeded", exit: 0, turns: 3),
    Row(nil, "succeeded", exit: 3, outcome: .succeeded),
    Row(nil, "succeeded", "codex", exit: 0, stdout: #"{"type":"result","ok":true}"#),
    Row(nil, "succeeded", exit: 0, stdout: "x", message: "all good"),
    Row(nil, "succeeded", exit: nil, turns: 2),
    Row(
      nil, "succeeded", "claude", exit: 0,
      stdout: #"""
        {"type":"result","subtype":"success","is_error":false,"num_turns":3,"result":"done"}
        """#),
    // Exit code 1 beside anything is no success.
    Row(
      .agentError, "agentError", "claude",
      stdout: #"""
        {"type":"result","subtype":"success","is_error":false,"num_turns":3,"result":"done"}
        """#),
    Row(
      nil, "succeeded", "codex", exit: 0,
      stdout: #"""
        {"type":"error","message":"Reconnecting... 1/5"}\#n{"type":"turn.completed","usage":{}}
        """#),
    Row(.unclassified, "unclassified"),
    Row(.unclassified, "unclassified", message: "boom", turns: 0),
    Row(
      .unclassified, "unclassified", exit: nil, message: "Claude API error", turns: 0,
      outcome: .failed),
    Row(.agentError, "agentError", turns: 2),
    Row(.agentError, "agentError", stderr: "make: *** [all] Error 2", turns: 2),
    Row(.unclassified, "unclassified", "gemini", exit: 42),
  ]
