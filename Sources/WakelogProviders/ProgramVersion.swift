/// A program's version: numbers with dots between them.
public struct ProgramVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  private let numbers: [Int]

  /// Reads numbers with dots between them, at least two.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.allSatisfy(\.isASCII) && part.count <= 9 ? Int(part) : nil
    }
    guard numbers.count == parts.count, numbers.count >= 2, numbers.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    self.numbers = numbers
  }

  /// Finds the version in what a program prints when it is asked: `2.1.332 (Claude Code)`,
  /// `codex-cli 0.163.0`, `v0.41.0-preview.2`.
  public init?(printed text: String) {
    for word in text.split(whereSeparator: {
      $0.isWhitespace || $0 == "(" || $0 == "," || $0 == "/"
    }) {
      let digits = word.drop { $0 == "v" || $0 == "V" }
        .prefix { ("0"..."9").contains($0) || $0 == "." }
      let trimmed = digits.last == "." ? digits.dropLast() : digits
      if let version = ProgramVersion(String(trimmed)) {
        self = version
        return
      }
    }
    return nil
  }

  /// The numbers with dots between them.
  public var description: String { numbers.map(String.init).joined(separator: ".") }

  /// By the first number that differs; one that is missing is 0.
  public static func < (left: ProgramVersion, right: ProgramVersion) -> Bool {
    for index in 0..<max(left.numbers.count, right.numbers.count) {
      let one = left.numbers.indices.contains(index) ? left.numbers[index] : 0
      let other = right.numbers.indices.contains(index) ? right.numbers[index] : 0
      if one != other { return one < other }
    }
    return false
  }
}

/// What is different in versions of a CLI before one.
public struct VersionChange: Sendable, Hashable {
  /// The first version that the row describes as it stands.
  public internal(set) var below: ProgramVersion
  /// The words that resumed a session before; nil where they were the same.
  public internal(set) var resume: [String]?
  /// The words that began one before; empty where there were none, nil where they were the same.
  public internal(set) var begin: [String]?
  /// The words that made it print JSON before; nil where they were the same.
  public internal(set) var printing: [String]?
}

extension Provider {
  /// The row as it is for a version of the CLI: the newest, where the version is not known.
  public func at(_ version: ProgramVersion?) -> Provider {
    guard let version else { return self }
    var row = self
    // The newest change first: what is older has the last word.
    for change in versions.sorted(by: { $0.below > $1.below }) where version < change.below {
      row.call.resume = change.resume ?? row.call.resume
      row.call.begin = change.begin ?? row.call.begin
      row.call.printing = change.printing ?? row.call.printing
    }
    return row
  }

  /// The words that ask the CLI of a call for its version; nil where the call comes out the same for
  /// every version, and there is nothing to ask.
  package func versionQuestion(
    _ words: [String], resuming: String?
  ) -> [String]? {
    guard !versions.isEmpty, let line = try? CallLine(words, self), let program = line.program
    else { return nil }
    let oldest = versions.reduce(self) { row, change in
      row.at(change.below.before)
    }
    let id = "00000000-0000-4000-8000-000000000000"
    let calls = [self, oldest].map { row in
      try? row.command(words, resuming: resuming, beginning: id)
    }
    return calls[0] == calls[1] ? nil : Array(words[...program]) + ["--version"]
  }
}

extension ProgramVersion {
  /// A version that comes before this one, and after all that anybody names.
  fileprivate var before: ProgramVersion { ProgramVersion("0.0") ?? self }
}
