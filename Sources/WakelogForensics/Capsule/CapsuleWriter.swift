import Wakelog
import WakelogModel
import WakelogStore

/// One writing of a capsule. Reads commit by commit, and writes in no transaction: whoever takes the
/// lines may take his time.
struct CapsuleWriter {
  private(set) var summary = Capsule.Summary()
  private let reader: LogReader
  private let choice: CapsuleChoice
  private let chosen: ChosenEvents
  private let write: ([UInt8]) throws -> Void
  private var discretion = Discretion([], keepsIds: true)
  private var texts = CapsuleTexts()
  private let digest = Digest.Stream()
  private var lines: [[UInt8]] = []
  private var log: Log { reader.log }

  init(
    _ reader: LogReader, _ choice: CapsuleChoice, _ chosen: ChosenEvents,
    _ write: @escaping ([UInt8]) throws -> Void
  ) {
    self.reader = reader
    self.choice = choice
    self.chosen = chosen
    self.write = write
  }

  mutating func run() throws {
    let namespace = Namespace.identity.rawValue
    let identities = try reader.read { view in
      try (chosen.symbols[namespace] ?? []).compactMap { try symbol(namespace, $0, view)?.name }
    }
    discretion = Discretion(identities, keepsIds: choice.fullIds)
    let bounds = try findBounds()
    try log.forEachCommit(through: bounds.upperBound) { commit in
      guard commit.last >= bounds.lowerBound else { return true }
      try reader.read { view in
        if summary.commits == 0 { try begin(commit) }
        try add(commit, view)
      }
      try flush()
      return commit.last < bounds.upperBound
    }
    summary.digest = JSONValue.hexadecimal(digest.finish()).string ?? ""
    try write(Array("{\"end\":\"\(summary.digest)\"}\n".utf8))
  }

  /// The events of the commits from the first that is needed to the last.
  private func findBounds() throws -> ClosedRange<UInt64> {
    var first: UInt64 = 0
    var last: UInt64 = 0
    try log.forEachCommit(through: reader.last.value) { commit in
      guard needsEvents(commit) || needsSymbols(commit) else { return true }
      if first == 0 { first = commit.first }
      last = commit.last
      return true
    }
    return first...last
  }

  private func needsEvents(_ commit: SealedCommit) -> Bool {
    let next = chosen.sequences.partitioningIndex { $0 >= commit.first }
    return next < chosen.sequences.count && chosen.sequences[next] <= commit.last
  }

  private func needsSymbols(_ commit: SealedCommit) -> Bool {
    commit.symbols.contains { run in
      let needed = chosen.symbols[run.namespace] ?? []
      return needed.count < run.numbers.count
        ? needed.contains { run.numbers.contains($0) }
        : run.numbers.contains { needed.contains($0) }
    }
  }

  private mutating func begin(_ commit: SealedCommit) throws {
    line([
      "capsule": .integer(log.evidenceKey(1) == nil ? 1 : 2), "log": .hexadecimal(log.genesis),
      "previous": .hexadecimal(commit.previous), "fullIds": .bool(choice.fullIds),
      "evidence": .bool(choice.evidence),
      "since": choice.since.map { .string($0.description) } ?? .null,
      "until": choice.until.map { .string($0.description) } ?? .null,
    ])
  }

  private mutating func add(_ commit: SealedCommit, _ view: LogView) throws {
    let hasher = CommitHasher()
    for sequence in commit.first...commit.last {
      hasher.add(frame: try view.frame(sequence), sequence)
    }
    let events = hasher.finish()
    for run in commit.symbols {
      hasher.add(run)
      for number in run.numbers {
        hasher.add(digest: try symbol(run.namespace, number, view)?.digest ?? [])
      }
    }
    let symbols = hasher.finish()
    let (holdsEvents, holdsSymbols) = (needsEvents(commit), needsSymbols(commit))
    line([
      "commit": .integer(Int64(commit.first)), "last": .integer(Int64(commit.last)),
      "events": .hexadecimal(events), "symbols": .hexadecimal(symbols),
      "seal": .hexadecimal(commit.seal),
      "holds": .array((holdsSymbols ? ["symbols"] : []) + (holdsEvents ? ["events"] : [])),
    ])
    if holdsSymbols { for run in commit.symbols { try add(run, view) } }
    if holdsEvents {
      for sequence in commit.first...commit.last { try add(sequence, view) }
    }
    summary.commits += 1
    summary.seal = JSONValue.hexadecimal(commit.seal).string ?? ""
  }

  private mutating func add(_ run: SealedCommit.Symbols, _ view: LogView) throws {
    let needed = chosen.symbols[run.namespace] ?? []
    for number in run.numbers {
      guard let symbol = try symbol(run.namespace, number, view) else { continue }
      var shown: JSONValue = [
        "symbol": .integer(Int64(number)), "of": .integer(Int64(run.namespace)),
        "digest": .hexadecimal(symbol.digest),
      ]
      if needed.contains(number) {
        let short =
          symbol.isForgotten
          ? Self.forgotten(run.namespace, symbol.name)
          : discretion.short(run.namespace, number, symbol.name)
        texts.add(run.namespace, number, short ?? symbol.name)
        if let short {
          shown.add("short", CapsuleBytes.json(short, run.namespace))
          summary.shortened += 1
        } else {
          shown.add("text", CapsuleBytes.json(symbol.name, run.namespace))
          shown.add("key", .hexadecimal(symbol.key))
        }
      }
      line(shown)
    }
  }

  /// What is shown of a name that was forgotten.
  private static func forgotten(_ namespace: UInt8, _ name: [UInt8]) -> [UInt8] {
    guard namespace == Namespace.identity.rawValue else { return name }
    return ProviderSession(forgotten: name).bytes
  }

  private mutating func add(_ sequence: UInt64, _ view: LogView) throws {
    let bytes = try view.frame(sequence)
    let frame = try ForeignFrame(bytes, sequence)
    var shown: JSONValue = [
      "event": .integer(Int64(sequence)), "frame": .hexadecimal(bytes),
    ]
    let index = chosen.sequences.partitioningIndex { $0 >= sequence }
    if index < chosen.sequences.count, chosen.sequences[index] == sequence {
      summary.events += 1
      shown.add("is", texts.json(frame.record, sequence))
      if case .bytes(let evidence) = try view.evidence(sequence) {
        if choice.evidence, discretion.shows(evidence) {
          shown.add("evidence", CapsuleBytes.json(evidence))
          if let key = log.evidenceKey(sequence) { shown.add("key", .hexadecimal(key)) }
        } else {
          summary.withheld += 1
        }
      }
    }
    line(shown)
  }

  private func symbol(
    _ namespace: UInt8, _ number: UInt32, _ view: LogView
  ) throws -> SealedSymbol? {
    try log.sealedSymbol(namespace, number, in: view.snapshot)
  }

  private mutating func line(_ value: JSONValue) { lines.append(Array((value.text + "\n").utf8)) }

  /// Hands over the lines of a commit.
  private mutating func flush() throws {
    for line in lines {
      unsafe line.withUnsafeBytes { unsafe digest.update($0) }
      try write(line)
    }
    lines.removeAll(keepingCapacity: true)
  }
}

extension JSONValue {
  fileprivate mutating func add(_ name: String, _ value: JSONValue) {
    guard case .object(var object) = self else { return }
    object[name] = value
    self = .object(object)
  }
}

extension [UInt64] {
  /// The index of the first element that holds, all after it holding too.
  fileprivate func partitioningIndex(_ holds: (UInt64) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
