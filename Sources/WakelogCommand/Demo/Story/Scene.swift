internal import WakelogModel

extension Demo {
  /// How a line of the story is to be taken.
  enum Tone: String {
    case good
    case bad
    case plain
  }

  /// A line of the story: what was done, and what came of it.
  struct Line {
    var deed: String
    var result: String
    var tone: Tone
    /// When it was done, if not with the fact at once.
    var at: Instant?
    /// The event that says so, in the play's log.
    var event: UInt64?
  }

  /// What a player did about each fact, in order.
  struct Script {
    private(set) var lines: [Int: [Line]] = [:]

    mutating func add(
      _ fact: Int, _ deed: String, _ result: String, _ tone: Tone = .plain, at: Instant? = nil,
      event: UInt64? = nil
    ) {
      lines[fact, default: []].append(
        Line(deed: deed, result: result, tone: tone, at: at, event: event))
    }
  }

  /// The words that both plays use.
  enum Words {
    /// The start of an id, as far as a person compares it.
    static func short(_ id: String) -> String {
      let start = id.split(separator: "-").first.map(String.init) ?? id
      return String(start.prefix(15))
    }

    /// How an attempt begins.
    static func deed(_ attempt: Attempt) -> String {
      if attempt.wake.leavesNoSession { return "run the command" }
      return attempt.resume.map { "resume \(short($0))" } ?? "start fresh"
    }

    /// Why a wake begins a new generation.
    static func reset(_ cause: ResetCause, _ wake: Wake) -> String {
      cause == .reason
        ? "the reason \(wake.reason ?? "") demands a fresh session"
        : "a fresh session is due (\(cause.name))"
    }

    /// What an attempt met.
    static func result(_ attempt: Attempt, _ answer: Answer) -> String {
      guard !answer.works else { return "worked, \(span(answer.milliseconds))" }
      var complaint = answer.complaint ?? "failed"
      if let asked = attempt.resume {
        complaint = complaint.split(separator: asked, omittingEmptySubsequences: false)
          .joined(separator: "\(short(asked))…")
      }
      let exit = answer.leaves["exitCode"]?.integer.map { "exit \($0) " } ?? ""
      return "\(exit)after \(span(answer.milliseconds)): \(cut(complaint, to: 72))"
    }

    /// A text, cut at so many characters.
    static func cut(_ text: String, to count: Int) -> String {
      text.count <= count ? text : text.prefix(count - 1) + "…"
    }

    /// A time span, in its two largest units.
    static func span(_ milliseconds: Int64) -> String {
      let seconds = milliseconds / 1_000
      switch seconds {
      case 0: return milliseconds == 0 ? "0 s" : "\(milliseconds) ms"
      case ..<60: return "\(seconds) s"
      case ..<3_600: return joined(seconds / 60, "min", seconds % 60, "s")
      case ..<172_800: return joined(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
      default: return joined(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
      }
    }

    private static func joined(_ large: Int64, _ unit: String, _ small: Int64, _ part: String)
      -> String
    {
      small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(part)"
    }
  }
}
