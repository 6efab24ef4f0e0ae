/// Why an attempt failed, as far as its traces tell.
public struct Classification: Sendable, Hashable {
  /// The kind of failure; nil for a success.
  public var kind: FailureKind?
  /// What decided: the id of a table entry, or one of the names listed at ``classify(_:)``.
  public var because: String
  /// How the attempt ended: as reported, unless the traces prove a failure.
  public var outcome: ReportedOutcome

  /// Takes over what was read before.
  public init(kind: FailureKind?, because: String, outcome: ReportedOutcome) {
    self.kind = kind
    self.because = because
    self.outcome = outcome
  }
}

/// Classifies the end of an attempt. Total, deterministic and linear in the size of the traces.
///
/// What decides, in this order:
/// 1. an outcome reported as timed out, cancelled or interrupted (`reported.…`);
/// 2. whether the attempt failed at all: the reported outcome, else exit code, signal, status,
///    code, message and structured results. A resuming attempt with exit code 0 and no turn that
///    reports a lost session has failed whatever was reported, and so has one that neither took a
///    turn nor printed anything;
/// 3. ``FailureTable/entries``, first match; a signal (`signal`, `signal.request`) yields only to
///    the session family and to what the host itself says;
/// 4. `emptyResponse`; then `agentError` after turns, `unclassified` without.
///
/// A success has the reason `succeeded`.
public func classify(_ traces: Traces) -> Classification { classify(traces, taught: []) }

/// Classifies with entries of the caller's own before ``FailureTable/entries``; where one of them
/// decides, the reason is ``FailureEntry/taughtId``.
public func classify(_ traces: Traces, taught: [FailureEntry]) -> Classification {
  switch traces.outcome {
  case .timedOut:
    return Classification(kind: .timeout, because: "reported.timedOut", outcome: .timedOut)
  case .cancelled:
    return Classification(kind: .cancelled, because: "reported.cancelled", outcome: .cancelled)
  case .interrupted:
    return Classification(
      kind: .interrupted, because: "reported.interrupted", outcome: .interrupted)
  case .failed, .succeeded, nil: break
  }
  var evidence = Evidence(traces)
  evidence.taught = taught
  if hasFailed(traces, evidence) { return failure(traces, evidence) }
  return unseenFailure(traces, evidence)
    ?? Classification(kind: nil, because: "succeeded", outcome: .succeeded)
}

/// Whether the attempt failed, leaving aside failures that only its texts show.
private func hasFailed(_ traces: Traces, _ evidence: Evidence) -> Bool {
  if let outcome = traces.outcome { return outcome == .failed }
  if endingSignal(traces) != nil || evidence.reading.lastWord == .failure { return true }
  if let exitCode = traces.exitCode, exitCode != 0 { return true }
  if evidence.entered { return false }
  if let status = traces.status, status >= 400 { return true }
  if traces.exitCode == 0 { return false }
  return traces.errorCode?.isEmpty == false || !NormalText(traces.message).isBlank
}

/// A failure that exit code and outcome deny or do not mention.
private func unseenFailure(_ traces: Traces, _ evidence: Evidence) -> Classification? {
  if traces.exitCode == 0, traces.resuming, !(traces.turns ?? 0 > 0), !evidence.reading.hasAnswer {
    var quiet = evidence
    quiet.passages.removeAll { $0.stream == .stdout }
    let reading: SessionReading = evidence.hasOutput ? .besideAnswer : .open
    if let entry = quiet.verdict(traces, reading, where: isSession) {
      return Classification(kind: entry.kind, because: entry.id, outcome: .failed)
    }
    if evidence.turns == 0, !evidence.hasOutput { return failure(traces, evidence) }
  }
  guard traces.outcome == nil, !evidence.entered else { return nil }
  var reported = evidence
  if traces.exitCode == nil, let entry = evidence.verdict(traces, .open, where: isSession) {
    return Classification(kind: entry.kind, because: entry.id, outcome: .failed)
  }
  let counted: Set<TraceStream> =
    traces.exitCode == nil && !evidence.hasOutput
    ? [.message, .errorCode, .stderr] : [.message, .errorCode]
  reported.passages.removeAll { !counted.contains($0.stream) }
  guard !reported.passages.isEmpty, let entry = reported.verdict(traces, .open) else { return nil }
  return Classification(kind: entry.kind, because: entry.id, outcome: .failed)
}

private func isSession(_ entry: FailureEntry) -> Bool { entry.kind.family == .session }

private func failure(_ traces: Traces, _ evidence: Evidence) -> Classification {
  let reading: SessionReading = evidence.entered ? .afterTurns : .open
  if let signal = endingSignal(traces) {
    return signalled(signal, traces, evidence, reading)
  }
  if let entry = evidence.verdict(traces, reading) {
    let outcome: ReportedOutcome = traces.outcome ?? ended(as: entry)
    return Classification(
      kind: entry.kind, because: entry.id, outcome: outcome == .succeeded ? .failed : outcome)
  }
  if traces.exitCode == 0, traces.resuming, evidence.turns == 0, !evidence.hasOutput {
    return Classification(kind: .emptyResponse, because: "emptyResponse", outcome: .failed)
  }
  let kind: FailureKind = evidence.entered ? .agentError : .unclassified
  return Classification(kind: kind, because: kind.name, outcome: .failed)
}

/// The outcome that an entry implies when none was reported.
private func ended(as entry: FailureEntry) -> ReportedOutcome {
  switch entry.kind {
  case .cancelled: .cancelled
  case .interrupted: .interrupted
  default: .failed
  }
}

private func signalled(
  _ signal: Signal, _ traces: Traces, _ evidence: Evidence, _ reading: SessionReading
) -> Classification {
  if let entry = evidence.verdict(traces, reading, where: isSession) {
    return Classification(kind: entry.kind, because: entry.id, outcome: .failed)
  }
  var stated = evidence
  stated.passages.removeAll { $0.stream == .stderr || $0.stream == .stdout }
  let says = !stated.passages.isEmpty || !stated.codes.isEmpty || traces.status != nil
  if says, let entry = stated.verdict(traces, reading, where: { $0.exitCodes.isEmpty }) {
    return Classification(kind: entry.kind, because: entry.id, outcome: ended(as: entry))
  }
  if signal.isRequest {
    return Classification(kind: .interrupted, because: "signal.request", outcome: .interrupted)
  }
  return Classification(kind: .processLost, because: "signal", outcome: .failed)
}
