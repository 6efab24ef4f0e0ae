internal import WakelogModel

extension Demo {
  /// What stands outside every host: which sessions exist, and what a provider answers.
  ///
  /// The same world answers both plays, attempt by attempt, so that the only difference between
  /// them is what was decided.
  struct World {
    /// What an attempt of a certain form meets. The first rule that applies answers.
    struct Rule {
      /// `resume`, `fresh`, or `shell` for a run that leaves no session.
      var form: String
      /// The ids it is about; empty for any.
      var ids: [String]
      var session: String?
      var workspace: String?
      /// The moment from which it holds.
      var from: Instant?
      /// It answers a single time.
      var isOnce: Bool
      var answer: Answer
      /// The ids it gives to new sessions, in order.
      var mints: [String]
      var uses = 0
    }

    private var rules: [Rule]

    init(_ rules: [Rule]) { self.rules = rules }

    /// Every id of a provider session that occurs.
    var ids: Set<String> {
      Set(rules.flatMap { $0.ids + $0.mints + [$0.answer.provisional].compactMap { $0 } })
    }

    /// What an attempt meets.
    mutating func answer(_ attempt: Attempt) throws -> Answer {
      guard let index = rules.firstIndex(where: { $0.holds(attempt) }) else {
        throw Fault("the world of this incident has no answer to an attempt")
      }
      let use = rules[index].uses
      rules[index].uses += 1
      var answer = rules[index].answer
      if let minted = rules[index].mints.isEmpty ? nil : rules[index].mints[safe: use] {
        answer.leaves.replace("$new", by: minted)
      } else if !rules[index].mints.isEmpty {
        throw Fault("the world of this incident has run out of new sessions")
      }
      answer.leaves.replace("$asked", by: attempt.resume ?? "")
      return answer
    }
  }
}

extension Demo.World.Rule {
  /// Reads a `world` line.
  init(_ line: JSONObject) throws {
    let answer = Demo.Answer(
      milliseconds: line["milliseconds"]?.integer ?? 1_000,
      works: line["works"]?.bool ?? true, isDead: line["dead"]?.bool ?? false,
      messages: line["messages"]?.integer.map { UInt64(clamping: $0) } ?? 0,
      provisional: line["provisional"]?.string, leaves: line["leaves"]?.object ?? JSONObject())
    self.init(
      form: try line.required("world"), ids: line["sessionId"]?.array?.compactMap(\.string) ?? [],
      session: line["session"]?.string, workspace: line["workspace"]?.string,
      from: line["from"]?.string.flatMap { Instant($0) }, isOnce: line["once"]?.bool ?? false,
      answer: answer, mints: line["mints"]?.array?.compactMap(\.string) ?? [])
  }

  fileprivate func holds(_ attempt: Demo.Attempt) -> Bool {
    let wanted =
      attempt.wake.leavesNoSession ? "shell" : attempt.resume == nil ? "fresh" : "resume"
    if form != wanted || isOnce && uses > 0 { return false }
    if let session, session != attempt.wake.session { return false }
    if let workspace, workspace != attempt.workspace?.path { return false }
    if let from, attempt.startedAt < from { return false }
    return ids.isEmpty || attempt.resume.map(ids.contains) == true
  }
}

extension Array {
  /// The element of a place; nil beyond the end.
  fileprivate subscript(safe index: Int) -> Element? {
    index < count ? self[index] : nil
  }
}

extension JSONObject {
  /// Puts an id in the place of a name wherever it stands in a text.
  fileprivate mutating func replace(_ name: String, by id: String) {
    for index in members.indices {
      guard let text = members[index].value.string else { continue }
      members[index].value = .string(
        text.split(separator: name, omittingEmptySubsequences: false).joined(separator: id))
    }
  }
}
