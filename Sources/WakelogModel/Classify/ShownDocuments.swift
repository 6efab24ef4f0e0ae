extension Traces {
  /// Leaves out the documents on standard output that an answer only shows: errors without a type
  /// that are all of an answer which was asked for as JSON, and errors that stand among an answer's
  /// sentences. A CLI's own documents are typed, or stand alone.
  ///
  /// `hasConversation` says that standard error shows a model that answered.
  mutating func removeShownDocuments(hasConversation: Bool) {
    guard exitCode == 0 || outcome == .succeeded else { return }
    let isAnswered = turns ?? 0 > 0 || hasConversation
    let documents = structured.filter { $0.stream == .stdout }
    let shown = documents.filter { document in
      switch document.value["type"]?.string?.lowercased() {
      case nil: isAnswered || standsInProse(document, documents)
      case "error": standsInProse(document, documents)
      default: false
      }
    }
    structured.removeAll { $0.stream == .stdout && shown.contains($0) }
  }

  /// Whether sentences follow a document, or one introduces it: `The server says:`.
  private func standsInProse(_ document: StructuredTrace, _ all: [StructuredTrace]) -> Bool {
    let above = stdout.utf8.prefix(document.bytes.lowerBound)
    if above.last(where: { $0 > 32 }) == UInt8(ascii: ":") { return true }
    let others = all.map(\.bytes).filter { $0.lowerBound >= document.bytes.upperBound }
    let below = NormalText(stdout, without: [0..<document.bytes.upperBound] + others)
    return below.lines.contains { !$0.opensAsError && !isStatistics(below, $0) }
  }
}
