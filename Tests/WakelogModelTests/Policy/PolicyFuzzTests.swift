import Testing
import WakelogTesting

@testable import WakelogModel

struct PolicyFuzzTests {
  static let names = [
    "name", "version", "reset", "resume", "fallback", "lease", "attention", "overrides", "match",
    "reasons", "unscopedTimer", "idleSeconds", "dailyAtHour", "exemptSources", "rotate",
    "invalidateOn", "explicitResumeWins", "unscopedFallsBackToAgent", "boundToHost",
    "maxAttempts", "suspectLimit", "seconds", "silentSeconds", "stuckSeconds", "runs",
    "inputTokens", "ageSeconds", "provider", "sessionPrefix", "agent", "", "é",
  ]

  @Test("Random documents are taken or refused with a field, never a trap")
  func random() {
    var random = SeededGenerator(seed: 0xF022)
    for _ in 0..<5_000 {
      check(value(depth: 4, &random), seed: random.seed)
    }
  }

  @Test("Damaged built-ins are taken or refused with a field, and what is taken reads back")
  func damaged() {
    var random = SeededGenerator(seed: 0xDA)
    var taken = 0
    for _ in 0..<5_000 {
      let name = Policy.builtInNames.randomElement(using: &random)!
      let document = damage(Policy.builtIn(named: name)!.json, &random)
      taken += check(document, seed: random.seed) ? 1 : 0
    }
    #expect((250..<4_750).contains(taken), "\(taken) taken, seed \(random.seed)")
  }

  @discardableResult
  private func check(_ document: JSONValue, seed: UInt64) -> Bool {
    do {
      let policy = try Policy(json: document)
      #expect((try? Policy(json: policy.json)) == policy, "seed \(seed): \(document.text)")
      _ = policy.rules(session: "s", agent: "a", provider: "claude")
      return true
    } catch {
      #expect(!error.field.isEmpty && !error.message.isEmpty, "seed \(seed): \(document.text)")
      return false
    }
  }

  private func value(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
    case 0: return [.null, true, false].randomElement(using: &random)!
    case 1: return .integer([-1, 0, 1, 4, 24, 101, .max, .min].randomElement(using: &random)!)
    case 2: return .number([0, 1, -1.5, .infinity, .nan].randomElement(using: &random)!)
    case 3: return .string(Self.names.randomElement(using: &random)!)
    case 4: return .string(Source.allCases.randomElement(using: &random)!.name)
    case 5:
      let count = Int.random(in: 0..<4, using: &random)
      return .array((0..<count).map { _ in value(depth: depth - 1, &random) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        object[Self.names.randomElement(using: &random)!] = value(depth: depth - 1, &random)
      }
      return .object(object)
    }
  }

  /// Replaces one value somewhere in a document, or drops or adds a member.
  private func damage(_ json: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
    switch json {
    case .object(var object) where !object.members.isEmpty:
      let index = Int.random(in: 0..<object.members.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: object.members.remove(at: index)
      case 1: object[Self.names.randomElement(using: &random)!] = value(depth: 2, &random)
      default: object.members[index].value = damage(object.members[index].value, &random)
      }
      return .object(object)
    case .array(var elements) where !elements.isEmpty:
      let index = Int.random(in: 0..<elements.count, using: &random)
      elements[index] = damage(elements[index], &random)
      return .array(elements)
    default: return value(depth: 1, &random)
    }
  }
}
