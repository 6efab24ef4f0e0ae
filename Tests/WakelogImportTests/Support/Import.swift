import Foundation
import TestSupport
import Wakelog
import WakelogImport
import WakelogModel

/// A place for stores and logs that goes away with the test.
final class Place: Sendable {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder(inMemory: true) }

  var path: String { folder.path }
  var log: String { path + "/log" }

  /// A fixture, copied, so that a test may change it.
  func store(_ name: String) throws -> String {
    let copy = path + "/store"
    try FileManager.default.copyItem(atPath: Fixture.path(name), toPath: copy)
    return copy
  }

  /// Writes a file into a folder that is made if need be.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ bytes: Data) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: url)
    return url.path
  }

  /// Imports a store into the place's log.
  func take(
    _ host: HostKind, _ path: String, zone: String = "UTC", name: String? = nil
  ) throws -> Imported {
    var source = try HostImport(host, at: path)
    source.zone = TimeZoneRule(zone)!
    source.name = name
    return try take(source)
  }

  func take(_ source: HostImport) throws -> Imported {
    var options = Engine.Options()
    options.mapSizeBytes = 64 << 20
    let engine = try Engine.open(log, options: options)
    defer { engine.close() }
    let report = try source.run(into: engine)
    return try Imported(report, engine)
  }
}

enum Fixture {
  /// Where a fixture lies.
  static func path(_ name: String) -> String { Repository.path("Tests/Fixtures/import/" + name) }
}

/// What an import left.
struct Imported {
  var report: ImportReport
  /// The events as an export shows them.
  var events: [JSONValue] = []
  /// What the laws find, as `law incident session`.
  var violations: [String] = []
  /// The sessions by key.
  var sessions: [String: JSONValue] = [:]
  var stateHash: String
  var isSound: Bool

  init(_ report: ImportReport, _ engine: Engine) throws {
    self.report = report
    var events: [JSONValue] = []
    try engine.export { events.append($0) }
    self.events = events
    var checker = LawChecker()
    try engine.forEachEvent { event in
      checker.observe(event)
      return true
    }
    checker.finish()
    violations = checker.violations.map { "\($0.law.rawValue) \($0.incident ?? "-") \($0.count)" }
    for session in try engine.call("sessions", JSONObject())["items"]?.array ?? [] {
      sessions[session["key"]?.string ?? ""] = session
    }
    stateHash = try engine.stateHash()
    isSound = try engine.verify()["ok"]?.bool ?? false
  }

  /// What happened on a key, as `kind what`.
  func story(_ session: String) -> [String] {
    events.filter { $0["session"]?.string == session }.map { event in
      let details: [String?] = [
        event["cause"]?.string, event["mode"]?.string, event["outcome"]?.string,
        event["failure"]?.string, event["because"]?.string.map { "“\($0)”" },
        (event["identity"] ?? event["reported"])?["sessionId"]?.string,
      ]
      return ([event["kind"]?.string] + details).compactMap { $0 }.joined(separator: " ")
    }
  }

  /// The events of a kind.
  func events(_ kind: String) -> [JSONValue] { events.filter { $0["kind"]?.string == kind } }

  /// The findings, as `kind row field`.
  var findings: [String] {
    report.findings.map { "\($0.kind.rawValue) \($0.row) \($0.field ?? "-")" }
  }
}
