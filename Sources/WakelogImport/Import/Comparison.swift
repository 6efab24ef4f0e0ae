import Wakelog
import WakelogModel

/// Holds what rows of the store say against the state that their import gave.
struct Comparison {
  private let bulk: Bulk
  private let store: String

  init(_ bulk: Bulk, store: String) {
    self.bulk = bulk
    self.store = store
  }

  /// In what the state differs from a row; nil when it does not.
  func difference(_ claim: Claim) -> ImportReport.Finding? {
    func finding(_ log: String?, _ because: String) -> ImportReport.Finding {
      .init(
        .difference, row: claim.row, field: claim.field.rawValue, store: claim.value, log: log,
        because: because)
    }
    if let because = claim.because { return finding(nil, because) }
    if claim.field == .agentLastOutcome {
      let log = bulk.agent(claim.subject).lastRunOutcome?.name
      return log == claim.value
        ? nil : finding(log, "the store keeps the agent's status apart from its runs")
    }
    guard let session = bulk.session(ImportPage.key(claim.subject, store: store)) else {
      return finding(nil, "nothing of this session could be imported")
    }
    let row = session.row
    switch claim.field {
    case .binding:
      let log = bulk.text(row.bound)
      return log == claim.value
        ? nil : finding(log, "the key was written to after the row, or the row could not be taken")
    case .lastOutcome:
      let log = row.lastRunOutcome?.name
      return log == claim.value
        ? nil : finding(log, "the row's outcome is not that of the key's last run")
    case .status:
      let log = row.openRun != 0 ? "running" : row.pending != 0 ? "queued" : "idle"
      return log == claim.value
        ? nil : finding(log, "the row says so, and no run of the store agrees")
    case .agentLastOutcome, .unsupported: return nil
    }
  }
}
