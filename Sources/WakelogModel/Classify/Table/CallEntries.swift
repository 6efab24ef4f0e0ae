/// How a shell and `env` report that a CLI, or what runs it, is not installed.
private let missingPrograms = [
  "claude", "codex", "gemini", "opencode", "copilot", "cursor-agent", "qwen", "goose", "kimi",
  "crush", "amp", "droid", "grok", "node", "bun",
].flatMap { name in
  [
    "sh: 1: \(name): not found", "sh: \(name): not found", "sh: line 1: \(name): not found",
    "<env: '\(name)': no such file", "<env: \(name): no such file",
  ]
}

/// Calls that the CLI itself refused: nothing was asked of a provider, and no session was touched.
///
/// They come behind the session family, whose texts name options too: `--resume requires a valid
/// session ID`.
let callEntries: [FailureEntry] = [
  FailureEntry(
    "call.code", .misconfigured,
    codes: [
      "misconfigured", "fatalinputerror", "fatalconfigerror", "fatalsandboxerror",
      "fataluntrustedworkspaceerror", "configinvaliderror", "configjsonerror",
      "configdirectorytypoerror",
    ],
    source: "google-gemini/gemini-cli packages/core/src/utils/errors.ts; anomalyco/opencode "
      + "packages/opencode/src/config"),
  FailureEntry(
    "call.option", .misconfigured, streams: [.stderr, .stdout, .message],
    [
      "unknown option", "unrecognized option", "unrecognised option", "no such option",
      "unknown argument", "unrecognized argument", "unexpected argument", "unexpected extra arg",
      "too many arguments", "not enough non-option arguments", "mutually exclusive",
      "missing required argument", "missing required option", "required option '",
      "required arguments were not provided", "required flag(s)", "unknown flag:",
      "unknown shorthand flag", "flag needs an argument", "unknown command \"", "unknown command '",
      "unrecognized subcommand", "invalid choice:", "error: argument -", "error: option '",
      "error: option -", "error: the argument '", "error: invalid value '", "invalid value for '-",
      "a value is required for '", "argument missing", "<option requires an argument",
      "cannot be combined with --", "cannot be used with '--", "cannot be used with --",
      "cannot be used together", "must be used together", "cannot use both --",
      "cannot use both a positional", "error: invalid --@ value",
      "cannot specify both --", "error: --", "^cannot use --", "invalid argument \"",
      "can't be combined with --", "only works with --", "requires --", "can only be used with --",
    ],
    exclude: ["tool", "function", "--resume requires"],
    source: "commander, clap, yargs, cobra, click and argparse, as used by the CLIs; Claude Code "
      + "2.1.332"),
  FailureEntry(
    "call.prompt", .misconfigured,
    [
      "no input provided via stdin", "input must be provided either through stdin",
      "no prompt provided", "prompt is required", "requires a prompt argument", "no prompt found",
      "you must provide a message or a command", "no deferred tool marker found",
      "provide a prompt to continue", "no message provided", "cannot be empty when using --print",
      "no positional prompt", "reading prompt from stdin: no", "no prompt was provided",
      "please provide a prompt",
    ],
    source: "Claude Code 2.1.332; google-gemini/gemini-cli 5411f113; codex-cli 0.163.0; "
      + "cline/cline#10856; anomalyco/opencode run.ts"),
  FailureEntry(
    "call.folder", .misconfigured, streams: [.stderr, .stdout, .message],
    [
      "not inside a trusted directory", "not running in a trusted directory",
      "workspace not trusted", "workspace trust required", "folder is not trusted",
      "directory is not trusted", "untrusted workspace", "requires a git repository",
      "is not a git repository", "not a git repository", "failed to change directory to",
      "no such working directory", "working directory does not exist",
    ],
    exclude: ["fatal: not a git", "tool"],
    source: "codex-cli 0.163.0; google-gemini/gemini-cli 5411f113, exit code 55; Claude Code "
      + "2.1.332; cursor-agent"),
  FailureEntry(
    "call.settings", .misconfigured,
    [
      "settings file not found", "cannot use settings file", "error loading config",
      "failed to load config", "failed to parse config", "failed to read config",
      "error in settings", "invalid settings", "invalid configuration", "config file * not valid",
      "configuration is invalid", "configuration is not valid", "invalid json provided to",
      "mcp config file not found", "invalid mcp config", "invalid mcp configuration",
      "system prompt file not found", "is not valid json(c)", "error parsing config",
      "unknown config key", "unknown variant * expected", "please fix the configuration file",
      "no provider configured", "no providers configured", "no model configured",
      "run 'goose configure'",
      "requires node.js version", "permission mode '", "invalid anthropic_custom_headers",
    ],
    exclude: ["context"],
    source: "Claude Code 2.1.332; codex-cli 0.163.0; anomalyco/opencode packages/opencode/src/"
      + "config; google-gemini/gemini-cli 5411f113; block/goose"),
  FailureEntry(
    "call.program", .misconfigured, streams: [.stderr, .message, .errorCode, .structured],
    codes: ["enoent", "eacces", "enoexec"],
    missingPrograms + [
      "<spawn @ enoent", "<spawn @ eacces", "^command not found", "command not found: ",
      ": command not found", "could not be started:", "executable file not found in",
      "no such file or directory: 'claude'", "no such file or directory: 'codex'",
      "cli not found", "is not recognized as an internal or external command",
      "cannot run as root", "cannot be used with root/sudo privileges",
    ],
    exclude: ["fs_not_found", "tool", "hook"],
    source: "Node.js child_process, POSIX shells, anthropics/claude-agent-sdk-python "
      + "CLINotFoundError; Claude Code 2.1.332"),
]
