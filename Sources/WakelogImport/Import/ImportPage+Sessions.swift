import Wakelog
import WakelogModel

// Bindings, resets, transcripts, and what the store itself says of them.

extension ImportPage {
  mutating func bind(_ fact: Fact, _ session: SessionSymbol, run: SequenceNumber) {
    var bound = SessionBound()
    bound.identity = identity(fact.identity, fact)
    bound.provider = bulk.symbol(fact.provider, Space.Provider.self)
    bound.proof = fact.proof.flatMap { Proof(name: $0) }
    bound.workspaceKind = fact.workspaceKind.flatMap { WorkspaceKind(name: $0) }
    bound.workspace = bulk.symbol(fact.workspace, Space.Workspace.self)
    bound.host = bulk.symbol(fact.host, Space.Host.self)
    bound.display = bulk.symbol(fact.display, Space.Display.self)
    bound.params = bulk.symbol(fact.params, Space.Params.self)
    append(.sessionBound(bound), fact, session, run: run)
  }

  mutating func clear(_ fact: Fact, _ session: SessionSymbol, run: SequenceNumber) {
    let bound = row(session).bound
    guard bound.exists else { return }
    var cleared = SessionCleared()
    cleared.identity = bound
    append(.sessionCleared(cleared), fact, session, run: run)
  }

  mutating func reset(_ fact: Fact, _ session: SessionSymbol) {
    var reset = SessionReset()
    reset.cause = fact.cause.flatMap { ResetCause(name: $0) }
    reset.previous = row(session).bound
    reset.because = bulk.symbol(fact.because?.cut(to: 1_024), Space.Text.self)
    append(
      .sessionReset(reset), fact, session, run: .none, generation: row(session).generation.next)
  }

  /// Messages written to a transcript. Those for a session of this generation continue it; those
  /// for one of before were written by whoever ran in it before the reset.
  mutating func flush(_ fact: Fact, _ session: SessionSymbol) throws(WakelogError) {
    let row = row(session)
    let identity = identity(fact.identity, fact)
    let from = UInt64(clamping: fact.from ?? 0)
    let to = max(from, UInt64(clamping: fact.to ?? 0))
    var flushed = TranscriptFlushed()
    var run = try run(fact)
    let last = try position(of: "last \(fact.session) \(fact.identity ?? "")")
    let isOfBefore = last.map { $0 < row.wall } ?? row.bound.exists
    if row.bound == identity || !isOfBefore {
      flushed.from = row.cursor
      flushed.to = row.cursor &+ (to - from)
    } else {
      flushed.from = from
      flushed.to = to
      run = last ?? run
    }
    append(.transcriptFlushed(flushed), fact, session, run: run)
  }

  /// The store's own copy of the binding: where the events led elsewhere, it is taken from there,
  /// and said so.
  mutating func observe(_ fact: Fact, _ session: SessionSymbol) throws(WakelogError) {
    let bound = row(session).bound
    let identity = identity(fact.identity, fact)
    guard bound != identity else { return }
    if bound.exists {
      report.add(
        .init(
          .difference, row: fact.row, field: "binding", store: fact.identity,
          log: bulk.text(bound),
          because: "the store's history leads to another id than its own row; the row was taken"))
    }
    guard identity.exists else { return clear(fact, session, run: .none) }
    var taken = fact
    // A binding that a run of the store left is that run's; any other is the store's word.
    let run = try run(fact)
    if !run.exists { taken.proof = taken.proof ?? Proof.imported.name }
    bind(taken, session, run: run)
  }

  mutating func probe(_ fact: Fact, _ session: SessionSymbol) {
    var probed = ProbeObserved()
    probed.identity = identity(fact.identity, fact)
    probed.seen = fact.exists.map { $0 ? .present : .missing }
    probed.detail = bulk.symbol(fact.because?.cut(to: 1_024), Space.Text.self)
    append(.probeObserved(probed), fact, session, run: .none)
  }

  mutating func note(_ fact: Fact, _ session: SessionSymbol) {
    var note = NoteAdded()
    note.by = bulk.symbol("import", Space.Actor.self)
    note.text = bulk.symbol((fact.because ?? fact.row).cut(to: 4_096), Space.Text.self)
    append(.noteAdded(note), fact, session, run: .none)
  }
}
