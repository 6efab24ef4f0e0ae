/// What a store might leave out or do too early.
enum StoreFault: String, CaseIterable, Sendable {
  case dataIsNotFlushed, headersAreNotFlushed, namesAreNotFlushed, callsAreAnsweredEarly

  /// What would have been recorded of such a store.
  func inject(_ journal: Journal) -> Journal {
    switch self {
    case .dataIsNotFlushed:
      return journal.without { $0.kind == .flushBegun && $0.first.hasSuffix(".mdb") }
    case .headersAreNotFlushed:
      return journal.without { $0.kind == .settled }
    case .namesAreNotFlushed:
      return journal.without { $0.kind == .flushBegun && !$0.first.hasSuffix(".mdb") }
    case .callsAreAnsweredEarly:
      var journal = journal
      let answers = journal.records.indices.filter { journal.records[$0].first == Journal.answers }
      // Before the pages of their commits are written.
      for index in answers where index > 12 {
        journal.records.insert(journal.records.remove(at: index), at: index - 12)
      }
      return journal
    }
  }
}
