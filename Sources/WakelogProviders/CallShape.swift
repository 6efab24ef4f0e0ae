/// How a CLI is called: the words that resume and begin a session, and where they stand.
public struct CallShape: Sendable, Hashable {
  /// Where the words of a session stand in a call.
  public enum Place: String, Sendable, Hashable, CaseIterable {
    /// Right after the program, or after its subcommand.
    case front
    /// Before the first word that is neither subcommand, option nor an option's value.
    case prompt
    /// Right after the program, before its subcommand.
    case program
    /// Behind all words, but before `--`.
    case end
  }

  /// Words that resume a session, with `{id}` for its id; empty where it is resumed otherwise.
  public internal(set) var resume: [String]
  /// Words that begin a session under an id of the caller's choice, with `{id}` for it, so that it
  /// is known even where the CLI does not print it; empty where there are none.
  public internal(set) var begin: [String] = []
  /// Where they stand.
  public internal(set) var place = Place.front
  /// Subcommands behind which they stand: `exec`.
  public internal(set) var subcommands: [String] = []
  /// Options that are followed by a value of their own.
  public internal(set) var valued: [String] = []
  /// Words of a call that choose a session themselves, and so cannot be left in. Those without a
  /// dash count only as the first word that is no option.
  public internal(set) var choosing: [String] = []
  /// Words of a call that make the CLI print JSON with its session's id: `--json`, or an option
  /// with its value, `--format json`, which is also found as `--format=json`.
  public internal(set) var printing: [String] = []
  /// Words of a call that is answered and ends, and so needs no terminal; written the same way.
  public internal(set) var batch: [String] = []

  /// Names of the program besides the provider's own, and of packages that start it:
  /// `@anthropic-ai/claude-code`.
  public internal(set) var programs: [String] = []

  /// The word of a call that says where the words of a session stand, for a program that is started
  /// through another: `ssh box 'claude "$@"' claude {session} -p hi`.
  public static let placeholder = "{session}"
  /// The same for the words that resume one; those that begin one are then put where `{session}`
  /// stands, or left out.
  public static let resumePlaceholder = "{resume}"
  /// Both.
  public static let placeholders = [placeholder, resumePlaceholder]

  /// What stands for the id in `resume` and `begin`.
  static let id = "{id}"

  /// How many bytes of a word stand before the id; nil where it has no place for one.
  static func placeOfId(in word: String) -> Int? {
    let bytes = Array(word.utf8)
    return bytes.indices.first { bytes[$0...].starts(with: id.utf8) }
  }
}
