/// A call with the words of its session in it.
public struct ProviderCommand: Sendable, Hashable {
  /// The program and its arguments.
  public var words: [String]
  /// The id that the session begins under; nil when it resumes, or when the CLI chooses the id.
  public var sessionId: String?

  /// A call as it is.
  public init(words: [String], sessionId: String? = nil) {
    self.words = words
    self.sessionId = sessionId
  }
}

extension Provider {
  /// Puts the words that resume or begin a session into a call.
  ///
  /// They go behind the CLI's own program, which may stand behind others that start it: `timeout 60
  /// claude -p hi`. A word `{session}` of the call says where the words go, `{resume}` where those
  /// go that resume; both are gone from the result. With neither id the call comes back without
  /// them, which checks it. `resuming` goes before `beginning`. An id to begin under is used only if
  /// the CLI takes one and the call does not make it print its own.
  ///
  /// Throws for a call in which the CLI's program is not found, for one that chooses a session
  /// itself, and for an id that the program would not take for one: empty, with control characters,
  /// or with a dash in front, which would be an option.
  public func command(
    _ words: [String], resuming: String?, beginning: String?
  ) throws(ProviderError) -> ProviderCommand {
    let line = try CallLine(words, self)
    let scan = CallScan(line.arguments, call)
    if let word = scan.choosing {
      throw ProviderError(
        "command", "\(word) chooses a session, which is not the call's to do; leave it out")
    }
    var added: (resume: [String], begin: [String]) = ([], [])
    var begun: String?
    let isMarkedForResume = words.contains(CallShape.resumePlaceholder)
    let isMarked = words.contains(CallShape.placeholder)
    if let resuming {
      guard !call.resume.isEmpty else {
        throw ProviderError(
          "command", "\(name) resumes a session by a message of its protocol, not by words")
      }
      added.resume = try Self.fill(call.resume, with: resuming)
    } else if let beginning, !call.begin.isEmpty, !printsId(words), isMarked || !isMarkedForResume {
      added.begin = try Self.fill(call.begin, with: beginning)
      begun = beginning
    }
    var result: [String] = []
    for (index, word) in words.enumerated() {
      if !isMarked, !isMarkedForResume, index == scan.place { result += added.resume + added.begin }
      switch word {
      case CallShape.placeholder:
        result += isMarkedForResume ? added.begin : added.resume + added.begin
      case CallShape.resumePlaceholder: result += added.resume
      default: result.append(word)
      }
    }
    if !isMarked, !isMarkedForResume, scan.place == words.count {
      result += added.resume + added.begin
    }
    return ProviderCommand(words: result, sessionId: begun)
  }

  /// Whether a call makes the CLI print its session's id.
  public func printsId(_ words: [String]) -> Bool { has(call.printing, words) }

  /// Whether a call speaks with a person at a terminal until that person ends it.
  public func isInteractive(_ words: [String]) -> Bool {
    !has(call.batch, words) && !printsId(words)
  }

  private func has(_ wanted: [String], _ words: [String]) -> Bool {
    guard let line = try? CallLine(words, self) else { return false }
    // Where the CLI is called by a text for a shell, its words are within one of the call's.
    let words =
      line.program == nil
      ? words.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }[...]
      : line.arguments
    return wanted.contains { phrase in
      let parts = phrase.split(separator: " ").map(String.init)
      let joined = parts.joined(separator: "=")
      return words.indices.contains { index in
        words[index] == joined || words[index...].starts(with: parts)
      }
    }
  }

  private static func fill(_ words: [String], with id: String) throws(ProviderError) -> [String] {
    guard !id.isEmpty, !id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      !id.hasPrefix("-")
    else {
      throw ProviderError(
        "sessionId",
        "malformed session id \(JSONValue.string(id).text): empty, with control characters, or with "
          + "a dash in front, which the program would take for an option")
    }
    return words.map { word in
      guard let start = CallShape.placeOfId(in: word) else { return word }
      return String(decoding: word.utf8.prefix(start), as: UTF8.self) + id
        + String(decoding: word.utf8.dropFirst(start + CallShape.id.utf8.count), as: UTF8.self)
    }
  }
}

/// What stands where in a call.
private struct CallScan {
  /// Where the words of a session go.
  var place: Int
  /// The word that chooses a session, if any.
  var choosing: String?

  /// Looks through the CLI's own arguments.
  init(_ words: ArraySlice<String>, _ call: CallShape) {
    var index = words.startIndex
    var front = index
    var prompt: Int?
    var hasCommand = false
    place = index
    while index < words.endIndex, words[index] != "--" {
      let word = words[index]
      if word.utf8.count > 1, word.hasPrefix("-") {
        if choosing == nil, call.choosing.contains(where: { Self.isOption($0, word) }) {
          choosing = word
        }
        if prompt == nil, call.valued.contains(word) { index += 1 }
      } else if prompt == nil {
        if !hasCommand, call.subcommands.contains(word) {
          hasCommand = true
          front = index + 1
        } else {
          prompt = index
          if call.choosing.contains(word) { choosing = word }
        }
      }
      index += 1
    }
    place =
      switch call.place {
      case .front: front
      case .prompt: prompt ?? min(index, words.endIndex)
      case .program: words.startIndex
      case .end: min(index, words.endIndex)
      }
  }

  /// `--resume` is also written `--resume=ID`.
  private static func isOption(_ option: String, _ word: String) -> Bool {
    word == option || option.hasPrefix("--") && word.hasPrefix(option + "=")
  }
}
