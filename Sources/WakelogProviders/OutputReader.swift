/// Reads a CLI's standard output as it comes: JSON lines, or one JSON document over many lines.
///
/// Only for a call that makes the CLI print JSON (`Provider.printsId`): where it prints an answer as
/// text, the answer may look like a report. Other lines of the stream are passed over. Holds no more
/// than one document, of 4 MiB at most; a longer one is not read.
public struct OutputReader: Sendable {
  private let rules: [OutputRule]
  private var documents = DocumentReader()
  private var counted = AttemptReading()
  private var finder = PieceFinder()

  /// A reader for the output of a provider's CLI.
  public init(_ provider: Provider) { rules = provider.output }

  /// What the output says so far.
  public var reading: AttemptReading {
    var reading = counted
    if reading.isEntered {
      reading.turns = max(reading.turns ?? 1, 1)
    } else if reading.turns != nil {
      reading.turns = 0
    }
    return reading
  }

  /// Takes in a piece of the output, cut anywhere.
  public mutating func take(_ bytes: UnsafeRawBufferPointer) {
    unsafe documents.take(bytes) { document in read(document, rules, &counted) }
  }

  /// Takes in a piece of the output, cut anywhere.
  public mutating func take(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe take($0) }
  }

  /// Takes in a piece of the output, cut anywhere; gives what the agent said and did in it.
  public mutating func pieces(_ bytes: ArraySlice<UInt8>) -> [OutputPiece] {
    var found: [OutputPiece] = []
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe documents.take(bytes) { document in
        read(document, rules, &counted) { found += finder.pieces(of: $0, rules, $1, $2) }
      }
    }
    return found
  }

  /// Ends the output: its last line may have no end of its own.
  public mutating func end() {
    documents.end { document in read(document, rules, &counted) }
  }

  /// Ends the output; gives what the agent said and did in its last line.
  public mutating func lastPieces() -> [OutputPiece] {
    var found: [OutputPiece] = []
    documents.end { document in
      read(document, rules, &counted) { found += finder.pieces(of: $0, rules, $1, $2) }
    }
    return found
  }
}

/// Reads a document; `each` gets every one in it, and what the output said before and after it. An
/// array at the top holds the documents: Claude Code prints one with `--verbose` and `json`.
private func read(
  _ document: JSONValue, _ rules: [OutputRule], _ reading: inout AttemptReading,
  each: (JSONValue, AttemptReading, AttemptReading) -> Void = { _, _, _ in }
) {
  for one in document.array ?? [document] where one.object != nil {
    let before = reading
    for rule in rules { rule.read(one, &reading) }
    each(one, before, reading)
  }
}
