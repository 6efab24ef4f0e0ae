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
  /// The first word is the program. A word `{session}` of the call says where the words go, and is
  /// gone from the result; without one the row knows the place. With neither id the call comes back
  /// as it is, which checks it. `resuming` goes before `beginning`. An id to begin under is used
  /// only if the CLI takes one and the call does not make it print its own.
  ///
  /// Throws for a call that chooses a session itself, and for an id that the program would not take
  /// for one: empty, with control characters, or with a dash in front, which would be an option.
  public func command(
    _ words: [String], resuming: String?, beginning: String?
  ) throws(ProviderError) -> ProviderCommand {
    guard let program = words.first, !program.isEmpty else {
      throw ProviderError("command", "there is no program; give its name and arguments")
    }
    let scan = CallScan(words, call)
    if let word = scan.choosing {
      throw ProviderError(
        "command", "\(word) chooses a session, which is not the call's to do; leave it out")
    }
    var added: [String] = []
    var begun: String?
    if let resuming {
      guard !call.resume.isEmpty else {
        throw ProviderError(
          "command", "\(name) resumes a session by a message of its protocol, not by words")
      }
      added = try Self.fill(call.resume, with: resuming)
    } else if let beginning, !call.begin.isEmpty, !printsId(words) {
      added = try Self.fill(call.begin, with: beginning)
      begun = beginning
    }
    var result = words
    if let marked = words.dropFirst().firstIndex(of: CallShape.placeholder) {
      result.replaceSubrange(marked...marked, with: added)
    } else {
      result.insert(contentsOf: added, at: scan.place)
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
    wanted.contains { phrase in
      let parts = phrase.split(separator: " ").map(String.init)
      let joined = parts.joined(separator: "=")
      return words.indices.dropFirst().contains { index in
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

  init(_ words: [String], _ call: CallShape) {
    var index = min(1, words.count)
    var front = index
    var prompt: Int?
    var hasCommand = false
    place = index
    while index < words.count, words[index] != "--" {
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
      case .prompt: prompt ?? min(index, words.count)
      case .program: min(1, words.count)
      case .end: min(index, words.count)
      }
  }

  /// `--resume` is also written `--resume=ID`.
  private static func isOption(_ option: String, _ word: String) -> Bool {
    word == option || option.hasPrefix("--") && word.hasPrefix(option + "=")
  }
}
