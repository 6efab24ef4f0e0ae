import Foundation
import TestSupport
import Testing
import Wakelog
import WakelogModel
import WakelogStore

/// The wire interface, sentence by sentence: the scripts of `Tests/Fixtures/wire`.
///
/// A script is played against `Engine.call`, with the log closed and opened again where it says
/// `restart`. Lines sent as they are (`raw`) need a server and are left out here.
@Suite struct WireScriptTests {
  static let folder = Repository.path("Tests/Fixtures/wire")

  /// Every script, in the order of the files' names.
  static let scripts: [WireScript] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (files ?? []).filter { $0.hasSuffix(".json") }.sorted().flatMap { name in
      let data = FileManager.default.contents(atPath: folder + "/" + name)
      let text = String(decoding: data ?? Data(), as: UTF8.self)
      return ((try? JSONParser.parse(text))?.array ?? []).map(WireScript.init)
    }
  }()

  @Test func `the scripts are there`() {
    #expect(Self.scripts.count > 790)
    #expect(Set(Self.scripts.map(\.id)).count == Self.scripts.count)
  }

  @Test(arguments: scripts)
  func `a script is answered as it says`(_ script: WireScript) throws {
    var player = try WirePlayer(script)
    defer { player.close() }
    for (number, step) in script.steps.enumerated() {
      let fault = try player.play(step)
      #expect(fault == nil, "step \(number + 1) of \(script.id): \(fault ?? "")")
      if fault != nil { return }
    }
    let broken = try player.brokenLaws()
    #expect(broken.isEmpty, "\(script.id): \(broken)")
  }
}

/// One script as written.
struct WireScript: Sendable, CustomTestStringConvertible {
  let id: String
  let title: String
  let policy: JSONValue
  let steps: [JSONValue]

  init(_ json: JSONValue) {
    id = json["id"]?.string ?? ""
    title = json["title"]?.string ?? ""
    policy = json["policy"] ?? "standard"
    steps = json["steps"]?.array ?? []
  }

  var testDescription: String { "\(id): \(title)" }
}

/// A log of its own, and what a script has saved so far.
struct WirePlayer {
  private let place = Place()
  private var options = Engine.Options()
  private var engine: Engine
  private var names: [String: JSONValue] = [:]

  init(_ script: WireScript) throws {
    let policy: Policy =
      if let name = script.policy.string {
        try #require(Policy.builtIn(named: name))
      } else {
        try Policy(json: script.policy)
      }
    options.policy = policy
    options.mapSizeBytes = 64 << 20
    engine = try Engine.open(place.log, options: options)
  }

  func close() { engine.close() }

  /// The laws that the log breaks as it stands; the log is closed for it.
  func brokenLaws() throws -> [String] {
    engine.close()
    let log = try Log.open(place.log)
    defer { log.close() }
    return try violations(log)
  }

  /// Carries out a step; gives how it was answered otherwise than expected.
  mutating func play(_ step: JSONValue) throws -> String? {
    if step["restart"] != nil {
      engine.close()
      engine = try Engine.open(place.log, options: options)
      return nil
    }
    guard let method = step["method"]?.string else { return nil }
    let params = fill(step["params"] ?? .object(JSONObject())).object ?? JSONObject()
    let result: JSONValue
    do throws(WakelogError) {
      result = try engine.call(method, params)
    } catch {
      return isExpected(error, step["error"]) ? nil : "\(method): \(error.json.text)"
    }
    if step["error"] != nil { return "\(method): no error, but \(result.text)" }
    for member in step["save"]?.object?.members ?? [] {
      var value: JSONValue? = result
      for part in member.value.string?.split(separator: ".") ?? [] {
        value = value?[String(part)]
      }
      guard let value else { return "\(method): nothing to save as \(member.name)" }
      names[member.name] = value
    }
    return step["expect"].flatMap { difference(fill($0), result, method) }
  }

  private func isExpected(_ error: WakelogError, _ wanted: JSONValue?) -> Bool {
    let shown = error.json
    return [shown["code"], shown["data"]?["code"], .bool(true)].contains { $0 == wanted }
      && wanted != nil
  }

  /// A value with the names saved before in the place of `$name`.
  private func fill(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text) where text.hasPrefix("$"): names[String(text.dropFirst())] ?? value
    case .array(let elements): .array(elements.map(fill))
    case .object(let object):
      .object(JSONObject(object.members.map { .init(name: $0.name, value: fill($0.value)) }))
    default: value
    }
  }

  /// What of an expectation a result does not meet; nil when it meets all of it.
  private func difference(_ want: JSONValue, _ got: JSONValue, _ path: String) -> String? {
    let shown = "\(path) is \(got.text)"
    if case .array(let wanted) = want, case .array(let found) = got {
      guard wanted.count == found.count else {
        return "\(path) has \(found.count) items, not \(wanted.count): \(got.text)"
      }
      for (index, pair) in zip(wanted, found).enumerated() {
        if let fault = difference(pair.0, pair.1, "\(path)[\(index)]") { return fault }
      }
      return nil
    }
    guard case .object(let object) = want else {
      return want == got ? nil : "\(shown), not \(want.text)"
    }
    if let choices = want["$in"] {
      return choices.array?.contains(got) == true ? nil : "\(shown), none of \(choices.text)"
    }
    if let other = want["$not"] { return got == other ? shown : nil }
    if let least = want["$gt"] {
      return number(got).map { $0 > number(least) ?? .infinity } == true
        ? nil : "\(shown), not > \(least.text)"
    }
    if let element = want["$contains"] {
      let holds = got.array?.contains { difference(element, $0, path) == nil } == true
      return holds ? nil : "\(shown), without \(element.text)"
    }
    guard case .object = got else { return "\(shown), no object" }
    for member in object.members {
      let value = got[member.name]
      if member.value["$absent"] == true {
        if let value, !value.isNull { return "\(path).\(member.name) is there: \(value.text)" }
        continue
      }
      if value == nil, !member.value.isNull { return "\(path).\(member.name) is missing" }
      let fault = difference(member.value, value ?? .null, "\(path).\(member.name)")
      if let fault { return fault }
    }
    return nil
  }

  private func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
