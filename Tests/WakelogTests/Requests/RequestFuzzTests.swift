import Testing
import WakelogModel
import WakelogTesting

@testable import Wakelog

struct RequestFuzzTests {
  @Test("Random calls are taken or refused with a field, never a trap")
  func random() {
    var random = SeededGenerator(seed: 0xCA11)
    for round in 0..<4_000 {
      let sample = RequestSample.all.randomElement(using: &random)!
      let value = randomValue(depth: 3, &random)
      check(sample.type, value.object ?? JSONObject([.init(name: "at", value: value)]), round)
    }
  }

  @Test("Damaged calls are taken or refused with a field, and what is taken reads back")
  func damaged() {
    var random = SeededGenerator(seed: 0xDA)
    var taken = 0
    for round in 0..<20_000 {
      let sample = RequestSample.all.randomElement(using: &random)!
      guard case .object(let json) = damage(.object(sample.full), &random) else { continue }
      taken += check(sample.type, json, round) ? 1 : 0
    }
    #expect((1_000..<19_000).contains(taken), "\(taken) taken")
  }

  @discardableResult
  private func check(_ type: any Request.Type, _ json: JSONObject, _ round: Int) -> Bool {
    let place: Comment = "round \(round): \(JSONValue.object(json).text)"
    do throws(WakelogError) {
      let request = try type.init(json: json)
      let canonical = request.json
      let again = try type.init(json: canonical).json
      #expect(JSONValue.object(again).text == JSONValue.object(canonical).text, place)
      return true
    } catch {
      #expect(error.field?.isEmpty == false && !error.message.isEmpty, place)
      #expect([.invalidParameter, .tooLarge].contains(error.code), place)
      return false
    }
  }

  /// Replaces one value somewhere in a document, or drops, adds or doubles a member.
  private func damage(_ json: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
    switch json {
    case .object(var object) where !object.members.isEmpty:
      let index = Int.random(in: 0..<object.members.count, using: &random)
      let other = RequestSample.all.randomElement(using: &random)!.full.members
      switch Int.random(in: 0..<8, using: &random) {
      case 0: object.members.remove(at: index)
      case 1: object.members += other.randomElement(using: &random).map { [$0] } ?? []
      case 2: object.members.shuffle(using: &random)
      default: object.members[index].value = damage(object.members[index].value, &random)
      }
      return .object(object)
    case .array(var elements) where !elements.isEmpty:
      let index = Int.random(in: 0..<elements.count, using: &random)
      elements[index] = damage(elements[index], &random)
      return .array(elements)
    case .integer:
      return .integer(
        [-1, 0, 1, 2, 1_000, 10_001, 1 << 31, 1 << 32, .max, .min].randomElement(using: &random)!)
    default: return randomValue(depth: 1, &random)
    }
  }
}
