internal import WakelogModel

/// What differs from one agent CLI to another: one row each, nothing of it elsewhere.
struct AgentCLI: Sendable {
  /// The provider's name, as in `--provider`.
  var provider: String
  /// Words that resume a session, placed right after the program's name.
  var resume: @Sendable (_ id: String) -> [String]
  /// Words that begin a session under an id of our choice, so that it is known even where the CLI
  /// does not print it; nil where there are none.
  var begin: (@Sendable (_ id: String) -> [String])?
  /// Words of a call that choose a session themselves, and so cannot be left in.
  var choosing: [String]
  /// Words of a call after which the CLI prints its session's id.
  var printing: [String]
  /// Takes in one JSON line of standard output.
  var read: @Sendable (_ line: JSONValue, _ into: inout AttemptReading) -> Void

  /// Every CLI that is known.
  static let table: [AgentCLI] = [claude]

  /// The row of a provider; one that resumes nothing for those not known.
  static func of(_ provider: String) -> AgentCLI? { table.first { $0.provider == provider } }

  /// Claude Code. Seen by running 2.1.329; ids of failing resumes are not its sessions' (optio#602).
  static let claude = AgentCLI(
    provider: "claude",
    resume: { ["--resume", $0] },
    begin: { ["--session-id", $0] },
    choosing: ["--resume", "-r", "--continue", "-c", "--session-id", "--from-pr"],
    printing: ["stream-json", "json", "--output-format=stream-json", "--output-format=json"],
    read: readClaude)
}

/// What an attempt's output says of it so far.
struct AttemptReading: Sendable, Equatable {
  /// The id that the CLI reported.
  var sessionId: String?
  /// Model turns; nil where the output does not say.
  var turns: Int64?
  /// Whether a model has answered.
  var isEntered = false
  /// Tokens read.
  var inputTokens: Int64?
  /// Tokens written.
  var outputTokens: Int64?
  /// Millionths of a dollar.
  var costMicros: Int64?
}

/// Reads a line of `stream-json` or `json` output.
private func readClaude(_ line: JSONValue, _ reading: inout AttemptReading) {
  switch line["type"]?.string {
  case "system" where line["subtype"]?.string == "init":
    reading.sessionId = line["session_id"]?.string ?? reading.sessionId
  case "assistant":
    // An error of the API is printed as an answer of the model `<synthetic>`.
    let message = line["message"]
    if message?["model"]?.string != "<synthetic>",
      message?["content"]?.array?.isEmpty == false
    {
      reading.isEntered = true
    }
  case "result": readClaudeResult(line, &reading)
  default: break
  }
}

private func readClaudeResult(_ line: JSONValue, _ reading: inout AttemptReading) {
  let usage = line["usage"]
  reading.inputTokens = usage?["input_tokens"]?.integer
  reading.outputTokens = usage?["output_tokens"]?.integer
  switch line["total_cost_usd"] {
  case .number(let dollars)? where dollars >= 0 && dollars < 1e9:
    reading.costMicros = Int64(dollars * 1e6)
  case .integer(let dollars)? where dollars >= 0 && dollars < 1_000_000_000:
    reading.costMicros = dollars * 1_000_000
  default: break
  }
  let isError = line["is_error"]?.bool == true
  // Neither subtype nor turn count says that a model answered: an error of the API is a
  // "success" of one turn (seen with 2.1.329 without a login).
  let hasAnswered = reading.isEntered || reading.outputTokens ?? 0 > 0
  let turns = line["num_turns"]?.integer
  if isError, !hasAnswered {
    reading.turns = 0
  } else {
    reading.turns = turns
    if turns ?? 0 > 0 { reading.isEntered = true }
    if !isError { reading.sessionId = line["session_id"]?.string ?? reading.sessionId }
  }
}
