import Wakelog
import WakelogModel

/// Turns the facts of a store into events flagged as imported, and appends them.
///
/// One commit takes a batch. A fact that an earlier import has brought is known by its name and
/// skipped, so that importing a store again adds nothing, and a store that has grown adds what is
/// new.
struct Importer {
  /// How many facts share a commit.
  static let batch = 2_048

  let engine: Engine
  /// What tells this store from others in the log.
  let store: String
  private(set) var report: ImportReport

  init(_ engine: Engine, store: String, report: ImportReport) {
    self.engine = engine
    self.store = store
    self.report = report
  }

  /// Appends everything that is staged, then compares what the store says with what came of it.
  mutating func take(_ stage: Stage, progress: (String) -> Void) throws -> ImportReport {
    try stage.forEachBatch(of: Self.batch) { facts in
      try take(facts)
      progress("\(report.facts) of \(stage.facts) facts")
    }
    try stage.forEachClaimBatch(of: Self.batch) { claims in
      try compare(claims)
      progress("\(report.compared) of \(stage.claims) rows compared")
    }
    return report
  }

  private mutating func take(_ facts: [Fact]) throws {
    // The engine carries a batch out again when its map was full: what came of it stands apart
    // until it is durable.
    let tally = Tally(report)
    let store = store
    try engine.bulk { bulk throws(WakelogError) in
      tally.report = tally.before
      var page = ImportPage(bulk, store: store, report: tally.report)
      for fact in facts { try page.take(fact) }
      tally.report = page.report
    }
    report = tally.report
    report.facts += UInt64(facts.count)
  }

  private mutating func compare(_ claims: [Claim]) throws {
    let tally = Tally(report)
    let store = store
    try engine.look { bulk throws(WakelogError) in
      tally.report = tally.before
      for claim in claims {
        let difference = Comparison(bulk, store: store).difference(claim)
        if let difference { tally.report.add(difference) }
      }
    }
    report = tally.report
    report.compared += UInt64(claims.count)
  }

  /// What a batch came to.
  private final class Tally {
    let before: ImportReport
    var report: ImportReport

    init(_ report: ImportReport) {
      before = report
      self.report = report
    }
  }
}
