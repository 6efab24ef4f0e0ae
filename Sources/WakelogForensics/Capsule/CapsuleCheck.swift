extension Capsule {
  /// What a check of a capsule found.
  public struct Check: Sendable {
    /// The first place where the capsule contradicts itself.
    public struct Finding: Sendable, Equatable {
      /// The line, from 1.
      public var line: Int
      /// The event concerned, or the first of the commit concerned; nil if it is none.
      public var sequence: UInt64?
      /// What is wrong, in a sentence.
      public var because: String
    }

    /// How many chosen events it has.
    public internal(set) var events: UInt64 = 0
    /// How many commits it spans.
    public internal(set) var commits: UInt64 = 0
    /// How many symbols are shortened.
    public internal(set) var shortened: UInt64 = 0
    /// How many chosen events have evidence that is not in it, or was redacted before.
    public internal(set) var withheld: UInt64 = 0
    /// The name of the log: the seal before its first, in hexadecimal.
    public internal(set) var log = ""
    /// The last seal found good, in hexadecimal.
    public internal(set) var seal = ""
    /// The digest of its lines, in hexadecimal.
    public internal(set) var digest = ""
    /// The first finding; the check stops there.
    public internal(set) var firstBad: Finding?

    /// Whether nothing is wrong.
    public var ok: Bool { firstBad == nil }
  }

  /// Checks a capsule given line by line, without line feeds: that every symbol shown, every frame
  /// and every text of evidence has the digest that was sealed, that each event reads as it is
  /// shown, that each seal follows from the one before, and that the whole has its digest.
  ///
  /// - Parameter expected: The digest as it was told when the capsule was written. Without it a
  ///   capsule that was made anew, by somebody with the skill, cannot be told from the original.
  public static func check(
    expecting expected: String? = nil, _ next: () throws -> [UInt8]?
  ) throws -> Check {
    var reader = CapsuleReader()
    do {
      while let line = try next() { try reader.take(line) }
      try reader.end()
      if let expected, expected.lowercased() != reader.found.digest {
        throw CapsuleReader.Flaw(because: "This is another capsule: it has not the digest given.")
      }
    } catch let flaw as CapsuleReader.Flaw {
      reader.found.firstBad = Check.Finding(
        line: reader.line, sequence: flaw.sequence, because: flaw.because)
    }
    return reader.found
  }
}
