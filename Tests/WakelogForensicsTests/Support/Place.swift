import Foundation
import TestSupport
import Testing
import WakelogModel
import WakelogTesting

@testable import Wakelog
@testable import WakelogForensics

/// A directory that goes away with the test, and the log in it.
final class Place: Sendable {
  private let folder = try! TemporaryFolder(inMemory: true)

  var path: String { folder.path }
  var log: String { path + "/log" }

  /// Opens the log for writing, with times taken as given.
  func engine(_ change: (inout Engine.Options) -> Void = { _ in }) throws -> Engine {
    var options = Engine.Options()
    options.givenClock = true
    options.mapSizeBytes = 64 << 20
    change(&options)
    return try Engine.open(log, options: options)
  }

  /// Makes the log of the lines of an export.
  func log(of lines: [JSONValue]) throws {
    var rest = lines[...]
    _ = try Engine.importLog(to: log) { rest.popFirst() }
  }

  /// Opens the log to look into it.
  func look() throws -> IncidentLog { try IncidentLog.open(log) }
}

extension Engine {
  /// A call of the wire, whose parameters are a literal.
  @discardableResult
  func ask(_ method: String, _ params: JSONValue = [:]) throws(WakelogError) -> JSONValue {
    try call(method, params.object ?? JSONObject())
  }
}

extension JSONValue {
  /// The same object with members replaced or added.
  func with(_ other: JSONValue) -> JSONValue {
    guard var object, let changes = other.object else { return self }
    for member in changes.members { object[member.name] = member.value }
    return .object(object)
  }
}
