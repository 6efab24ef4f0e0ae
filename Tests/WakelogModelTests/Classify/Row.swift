import Testing
import WakelogModel

/// One line of the corpus: traces, and what they mean.
struct Row: Sendable, CustomTestStringConvertible {
  var kind: FailureKind?
  var because: String
  var traces: Traces

  init(
    _ kind: FailureKind?, _ because: String, _ provider: String? = nil, exit: Int64? = 1,
    signal: Int64? = nil, signalName: String? = nil, stdout: String = "", stderr: String = "",
    message: String = "", status: Int64? = nil, code: String? = nil, turns: Int64? = nil,
    outcome: ReportedOutcome? = nil, resuming: Bool = true
  ) {
    self.kind = kind
    self.because = because
    traces = Traces(
      provider: provider, exitCode: exit, signal: signal, signalName: signalName, stdout: stdout,
      stderr: stderr, message: message, status: status, errorCode: code, turns: turns,
      outcome: outcome, resuming: resuming)
  }

  var testDescription: String {
    let text = [traces.message, traces.stderr, traces.stdout].first { !$0.isEmpty } ?? because
    return String(text.prefix(60))
  }
}

/// Rows for error lines that mean the same.
func reported(
  _ kind: FailureKind, _ because: String, by provider: String? = nil, _ texts: [String]
) -> [Row] {
  texts.map { Row(kind, because, provider, stderr: "Error: " + $0) }
}

/// All of the corpus.
let corpus: [Row] =
  unknownSessionRows + heldSessionRows + overflowRows + moneyRows + accessRows + modelRows
  + callRows + wordedRows + limitRows + networkRows + serverRows + runRows + sessionTextRows
  + providerTextRows + quietRunTraps + proseTraps + lookalikeTraps + shownErrorRows
