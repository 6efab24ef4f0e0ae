import WakelogModel

/// Calls that the CLI itself refused. Two of them in a row cost a healthy session while they were
/// `unclassified`: a cron job in a folder that had moved was enough.
let callRows: [Row] = [
  // claude (commander).
  Row(.misconfigured, "call.option", "claude", stderr: "error: unknown option '--resum'"),
  Row(
    .misconfigured, "call.option", "claude",
    stderr: "Error: --session-id cannot be used with --continue or --resume.\n"),
  Row(
    .misconfigured, "call.option", "claude",
    stderr: "error: option '--model <model>' argument missing"),
  Row(
    .misconfigured, "call.option", "claude",
    stderr: "Error: --include-partial-messages requires --print and --output-format=stream-json."),
  Row(
    .misconfigured, "call.prompt", "claude",
    stderr: """
      Error: No deferred tool marker found in the resumed session. Either the session was not \
      deferred, or the marker is stale. Provide a prompt to continue the conversation.
      """),
  Row(
    .misconfigured, "call.prompt", "claude",
    stderr: """
      Error: Input must be provided either through stdin or as a prompt argument when using --print
      """),
  Row(.misconfigured, "call.settings", "claude", stderr: "Error: Settings file not found: /a.json"),
  Row(
    .misconfigured, "call.settings", "claude",
    stderr: "Error: Invalid JSON provided to --settings"),
  // codex (clap).
  Row(
    .misconfigured, "call.option", "codex", exit: 2,
    stderr: "error: unexpected argument '--x' found"),
  Row(
    .misconfigured, "call.option", "codex", exit: 2,
    stderr: "error: invalid value 'x' for '--sandbox <SANDBOX_MODE>'"),
  Row(
    .misconfigured, "call.folder", "codex",
    stderr: """
      WARNING: proceeding, even though we could not create PATH aliases
      Not inside a trusted directory and --skip-git-repo-check was not specified.
      """),
  Row(
    .misconfigured, "call.settings", "codex",
    stderr: "Error loading config.toml: unknown variant `x`, expected `read-only`"),
  // gemini (yargs), its exit codes, and its JSON.
  Row(.misconfigured, "call.option", "gemini", stderr: "Unknown arguments: session-id, sessionId"),
  Row(
    .misconfigured, "call.prompt", "gemini", exit: 42,
    stderr: "No input provided via stdin. Input can be provided by piping data into gemini."),
  Row(
    .misconfigured, "call.folder", "gemini", exit: 55,
    stderr: "\u{1b}[31mGemini CLI is not running in a trusted directory. To proceed, …\u{1b}[0m"),
  Row(.misconfigured, "exit.gemini.settings", "gemini", exit: 52),
  Row(
    .misconfigured, "call.code", "gemini", exit: 42,
    stdout: #"{"session_id":"s","error":{"type":"FatalInputError","message":"bad","code":42}}"#),
  // crush (cobra), kimi (click), others.
  Row(.misconfigured, "call.option", "crush", stderr: "  ERROR  \n\n  Unknown flag: --sesion.\n"),
  Row(.misconfigured, "call.option", "kimi", exit: 2, stderr: "Error: No such option: --sess"),
  Row(
    .misconfigured, "call.option", "hermes", exit: 2,
    stderr: "hermes: error: argument -m: expected one argument"),
  Row(
    .misconfigured, "call.prompt", "opencode",
    stderr: "Error: You must provide a message or a command"),
  Row(
    .misconfigured, "call.code", "opencode",
    stderr: #"{"name":"ConfigInvalidError","data":{"path":"/a/opencode.json"}}"#),
  // The program is not there at all: the wedge of every host that took that for a dead session.
  Row(.misconfigured, "call.program", "claude", exit: nil, message: "spawn claude ENOENT"),
  Row(.misconfigured, "call.program", "claude", exit: nil, code: "ENOENT"),
  Row(
    .misconfigured, "call.program", "claude", exit: 127, stderr: "bash: claude: command not found"),
  Row(.misconfigured, "exit.127", "claude", exit: 127),
  Row(.misconfigured, "exit.127", "claude", exit: 126),
  // An option in a text about the session is about the session.
  Row(
    .malformedSession, "session.malformed.claude", "claude",
    stderr: "Error: --resume requires a valid session ID or session title when used with --print."),
  // What the agent's own tools could not run is the agent's.
  Row(
    .agentError, "agentError", "claude",
    stdout: #"{"type":"result","is_error":false,"num_turns":4,"result":"tsc: unknown option --x"}"#,
    turns: 4),
  Row(
    .unclassified, "unclassified", "claude",
    stderr: "tool Bash failed: unknown option --foo; the hook reported: command not found"),
]
