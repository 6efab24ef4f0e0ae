import Testing
import WakelogModel

@Suite struct ClassifyTests {
  @Test(arguments: corpus)
  func tracesMeanWhatTheCorpusSays(row: Row) {
    let result = classify(row.traces.read())
    #expect(result.kind == row.kind)
    #expect(result.because == row.because)
    #expect((result.kind == nil) == (result.outcome == .succeeded))
  }

  @Test func everyEntryIsReachedByTheCorpus() {
    let reached = Set(corpus.map(\.because))
    #expect(FailureTable.entries.filter { !reached.contains($0.id) }.map(\.id) == [])
  }

  @Test func idsAreUniqueAndNamedByTheTable() {
    var seen: Set<String> = ["succeeded", "emptyResponse", "agentError", "unclassified", "signal"]
    for entry in FailureTable.entries {
      #expect(seen.insert(entry.id).inserted, "\(entry.id) stands twice")
    }
  }

  @Test(arguments: FailureTable.entries.map(\.id))
  func anEntryNamesItsSourceAndSomethingToLookFor(id: String) throws {
    let entry = try #require(FailureTable.entries.first { $0.id == id })
    #expect(!entry.source.isEmpty)
    #expect(
      !entry.codes.isEmpty || !entry.patterns.isEmpty || !entry.statuses.isEmpty
        || !entry.exitCodes.isEmpty)
    #expect(!entry.streams.isEmpty)
    for text in entry.codes + entry.patterns + entry.exclude + entry.providers {
      #expect(text == text.lowercased() && !text.isEmpty, "\(text)")
    }
  }

  /// A probe or the host sees that a transcript is gone, and the engine that a place is wrong.
  @Test func noTextConcludesWhatOnlyAProbeOrTheEngineCanKnow() {
    let kinds = Set(FailureTable.entries.map(\.kind))
    #expect(!kinds.contains(.missingTranscript))
    #expect(!kinds.contains(.wrongWorkspace))
  }

  @Test func reportedEndsAreTakenAsTheyAre() {
    for (outcome, kind) in [
      (ReportedOutcome.timedOut, FailureKind.timeout), (.cancelled, .cancelled),
      (.interrupted, .interrupted),
    ] {
      let result = classify(
        Traces(exitCode: 1, stderr: "No conversation found with session ID: x", outcome: outcome))
      #expect(result.kind == kind)
      #expect(result.outcome == outcome)
    }
  }

  @Test func anInterruptDerivesItsOutcome() {
    #expect(classify(Traces(exitCode: 130)).outcome == .interrupted)
    #expect(classify(Traces(exitCode: 137)).outcome == .failed)
    #expect(classify(Traces(exitCode: 0)).outcome == .succeeded)
  }
}
