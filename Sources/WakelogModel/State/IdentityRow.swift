/// All that is known of one provider session, on whichever keys it appears.
public struct IdentityRow: StateRow {
  /// Where it was first seen, vouched for or bound.
  public var firstSeen = SequenceNumber.none
  /// Where a key last bound it.
  public var lastBound = SequenceNumber.none
  /// Where the first key that bound it first did.
  public var minted = SequenceNumber.none
  /// When it was condemned.
  public var condemnedAt: Int64 = 0
  /// When the first run in it began.
  public var mintingRunAt: Int64 = 0
  /// When the last run in it began.
  public var lastRunAt: Int64 = 0
  /// Input tokens of the last run in it that did not come from a cache.
  public var lastInputTokens: UInt64 = 0

  /// Its provider.
  public var provider = ProviderSymbol.none
  /// The key that first bound it.
  public var mintedBy = SessionSymbol.none
  /// Mintings by other keys; 0 for none.
  public var mintings: UInt32 = 0
  /// The first of the bindings to it.
  public var boundBy = BindingLink.none
  /// The key whose open run holds it.
  public var heldBy = SessionSymbol.none
  /// The workspace it lives in.
  public var workspace = WorkspaceSymbol.none
  /// The fingerprint it was last bound with.
  public var fingerprint = FingerprintSymbol.none
  /// The host of the run that bound it.
  public var host = HostSymbol.none
  /// The id to show.
  public var display = Symbol<Space.Display>.none
  /// The opaque parameters to resume with.
  public var params = Symbol<Space.Params>.none
  /// Runs in it, the minting one included.
  public var runs: UInt32 = 0
  /// Attempts that resumed it.
  public var resumes: UInt32 = 0
  /// Failures in a row without a turn that may be its fault.
  public var suspicion: UInt32 = 0
  /// Where it was not found; 0 for nowhere.
  public var misses: UInt32 = 0
  /// What its provider counted last, where that was a total; 0 for nothing.
  public var usage: UInt32 = 0

  /// The offset of the condemnation's time, minutes.
  public var condemnedOffset: Int16 = 0
  /// What its workspace is.
  public var workspaceKind: WorkspaceKind?
  /// Why it is condemned; nil when it is not.
  public var condemned: CondemnCause?
  /// The failure that condemned it.
  public var condemnedFailure: FailureKind?
  /// Whether an attempt entered it, or it was imported or asserted by an operator.
  public var isProven = false
  /// Whether a caller vouched for it.
  public var isVouched = false
  /// Whether runs of further keys may hold it, beside that of `heldBy`.
  public var isHeldByMore = false

  /// An id never seen.
  public init() {}

  /// Whether the log knows it.
  public var exists: Bool { firstSeen.exists }
}

/// Another key than the first bound an id.
public struct MintingRow: StateRow {
  /// Where it first did, or a caller last asserted it.
  public var at = SequenceNumber.none
  /// Which key.
  public var session = SessionSymbol.none
  /// The next minting of the same id.
  public var next: UInt32 = 0

  /// Nothing.
  public init() {}
}

/// An id was not found in a workspace that is not its own, or on another host.
public struct MissRow: StateRow {
  /// Where.
  public var workspace = WorkspaceSymbol.none
  /// On which host.
  public var host = HostSymbol.none
  /// How often.
  public var count: UInt32 = 0
  /// The next miss of the same id.
  public var next: UInt32 = 0

  /// Nothing.
  public init() {}
}

/// What a provider counted last of a whole session.
public struct UsageRow: StateRow {
  /// Tokens read.
  public var inputTokens: UInt64 = 0
  /// Tokens read from a cache.
  public var cachedTokens: UInt64 = 0
  /// Tokens written.
  public var outputTokens: UInt64 = 0
  /// Millionths of the currency unit.
  public var costMicros: UInt64 = 0

  /// Nothing.
  public init() {}

  /// Takes in what an attempt's end adds.
  mutating func take(_ finish: AttemptFinished) {
    func take(_ total: inout UInt64, _ difference: UInt64, _ count: UsageTotals) {
      guard finish.totals.contains(count) else { return }
      total = finish.totals.contains(count.anew) ? difference : total &+ difference
    }
    take(&inputTokens, finish.inputTokens, .inputTokens)
    take(&cachedTokens, finish.cachedTokens, .cachedTokens)
    take(&outputTokens, finish.outputTokens, .outputTokens)
    take(&costMicros, finish.costMicros, .costMicros)
  }
}

extension AttemptFinished {
  /// Makes totals of a provider session what they are more than its last ones.
  mutating func count(from last: UsageRow) {
    func count(
      _ given: inout UInt64, _ last: UInt64, _ count: UsageTotals, _ totals: inout UsageTotals
    ) {
      guard totals.contains(count) else { return }
      if given < last {
        totals.insert(count.anew)
      } else {
        given -= last
      }
    }
    count(&inputTokens, last.inputTokens, .inputTokens, &totals)
    count(&cachedTokens, last.cachedTokens, .cachedTokens, &totals)
    count(&outputTokens, last.outputTokens, .outputTokens, &totals)
    count(&costMicros, last.costMicros, .costMicros, &totals)
  }
}

/// One id condemned on a key.
public struct CondemnationRow: StateRow {
  /// Which id.
  public var identity = IdentitySymbol.none
  /// The condemnation before it on the same key.
  public var next: UInt32 = 0

  /// Nothing.
  public init() {}
}

/// When a key was last condemned or reset without anybody's wish, and when its clock stepped back.
public struct AlarmRow: StateRow {
  /// The latest time.
  public var latest: Int64 = 0
  /// The one before.
  public var second: Int64 = 0
  /// The one before that.
  public var third: Int64 = 0
  /// When the last id was condemned at its first resume.
  public var condemnedAt: Int64 = 0
  /// When the third success in a row of a resuming attempt took no turn.
  public var emptySince: Int64 = 0
  /// The key's time before its clock last stepped back by more than an hour; 0 once it is past.
  public var steppedFrom: Int64 = 0
  /// The time after that step.
  public var steppedTo: Int64 = 0
  /// When the generation had begun, as it was said before that step.
  public var keptBeginning: Int64 = 0
  /// The last interaction, as it was said before that step.
  public var keptInteraction: Int64 = 0

  /// Nothing.
  public init() {}
}
