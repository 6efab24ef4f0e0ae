public import Wakelog
import WakelogModel
import WakelogStore

/// A part of a log for another machine, with the seals that tie it to the log: lines of JSON.
///
/// The first line names the log, by the seal before its first. Then, for every commit from the
/// first to the last that is needed, `{"commit","last","events","symbols","seal","holds"}`: the
/// hashes of its events and of its symbols, which with the seal before give its own. What it
/// `holds` follows: `symbols`, all that it added, and `events`, all that it appended, as
/// `{"event","frame"}` with the bytes in hexadecimal. A chosen event has `is`, the event for
/// people, and with `evidence` what the attempt left, and its `key`. Records are numbers alone, so those of other
/// sessions tell times, counts and outcomes, and no text. A symbol that is shown has `text` and
/// `key`, one that is not has its `digest` alone, and a shortened one has `short` beside it. The
/// last line has a digest of all lines before it.
///
/// The seals prove that what is held stands so in the log, in that place; not that nothing was
/// left out. Whoever changes a capsule can make it agree with itself again: what cannot be made
/// again is its digest, so that is to be told on another way. Under `digest` stands what the
/// seals do not cover: the short forms and the first line.
public enum Capsule {
  /// The version of a capsule goes with the format of its log: in 1 the digests of evidence have no
  /// key.
  static let versions: ClosedRange<Int64> = 1...2

  /// What was written.
  public struct Summary: Sendable, Equatable {
    /// How many events were chosen.
    public var events: UInt64 = 0
    /// How many commits it spans.
    public var commits: UInt64 = 0
    /// How many symbols were shortened.
    public var shortened: UInt64 = 0
    /// How many chosen events have evidence that is not in it.
    public var withheld: UInt64 = 0
    /// The seal of its last commit, in hexadecimal.
    public var seal = ""
    /// The digest of it, in hexadecimal: what proves it when told on another way.
    public var digest = ""
  }
}

extension IncidentLog {
  /// Writes a part of the log as a capsule, line by line, each with its line feed. Whoever takes them
  /// may take his time.
  ///
  /// Throws `notFound` if the choice holds no event, `corrupt` if the log is damaged there.
  public func capsule(
    _ choice: CapsuleChoice, _ write: ([UInt8]) throws -> Void
  ) throws(WakelogError) -> Capsule.Summary {
    let chosen = try ChosenEvents(choice, self)
    return try withoutActuallyEscaping(write) { write throws(WakelogError) in
      var writer = CapsuleWriter(reader, choice, chosen, write)
      do {
        try writer.run()
      } catch {
        throw WakelogError(any: error)
      }
      return writer.summary
    }
  }
}
