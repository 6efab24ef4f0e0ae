internal import WakelogModel

/// What lists are narrowed by: time, agent, how something ended, whose fault it was.
struct Filter {
  let since: Instant?
  let until: Instant?
  let agent: String?
  let outcome: Outcome?
  let family: FailureFamily?

  init(_ invocation: Invocation) throws {
    since = try invocation.moment("--since")
    until = try invocation.moment("--until")
    agent = invocation.value("--agent")
    outcome = try Self.word(invocation, "--outcome", Outcome.allCases, \.name)
    family = try Self.word(invocation, "--family", FailureFamily.allCases, \.name)
  }

  private static func word<Word>(
    _ invocation: Invocation, _ option: String, _ all: [Word], _ name: (Word) -> String
  ) throws -> Word? {
    guard let given = invocation.value(option) else { return nil }
    if let found = all.first(where: { name($0) == given }) { return found }
    let known = all.map(name)
    throw CommandError.usage(
      "\(option) is one of \(known.joined(separator: ", ")), not '\(given)'"
        + hint(given, among: known))
  }

  /// Whether a moment, as text, lies within.
  func holds(_ text: String?) -> Bool {
    guard since != nil || until != nil else { return true }
    guard let moment = text.flatMap({ Instant($0) }) else { return false }
    return since.map { $0 <= moment } != false && until.map { moment <= $0 } != false
  }

  /// Whether a word is the outcome asked for.
  func holds(outcome text: String?) -> Bool { outcome == nil || outcome?.name == text }

  /// Whether any of some words is the family asked for.
  func holds(families: [String?]) -> Bool { family == nil || families.contains(family?.name) }

  /// Whether a name is that of the agent asked for.
  func holds(agent name: String?) -> Bool { agent == nil || agent == name }
}

extension Command.Option {
  /// Narrows by time.
  static let since = Self(
    name: "--since", value: "TIME",
    help: "not before this time, as 2026-01-18T05:00:00Z, or 2h ago: 2h"
  )
  /// Narrows by time.
  static let until = Self(name: "--until", value: "TIME", help: "not after this time")
  /// Narrows by agent.
  static let agent = Self(name: "--agent", value: "NAME", help: "only of this agent")
  /// Narrows by how something ended.
  static let outcome = Self(
    name: "--outcome", value: "OUTCOME", help: "only what ended so: failed, timedOut, …")
  /// Narrows by whose fault something was.
  static let family = Self(
    name: "--family", value: "FAMILY", help: "only failures of it: session, infrastructure, …")
}
