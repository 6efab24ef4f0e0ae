import Foundation
import TestSupport
import WakelogModel
import WakelogStore

@testable import Wakelog

/// A directory that goes away with the test, in memory where that can be had, and the log in it.
final class Place: Sendable {
  private let folder = try! TemporaryFolder(inMemory: true)

  var path: String { folder.path }
  var log: String { path + "/log" }

  /// Opens the log, with times taken as given: tests have their own clock.
  func open(_ change: (inout Engine.Options) -> Void = { _ in }) throws(WakelogError) -> Engine {
    try Engine.open(log, options: .forTests(change))
  }

  /// Looks into the log without an engine; none may have it open in this process.
  func look<Value>(_ body: (Log) throws -> Value) throws -> Value {
    let log = try Log.open(log)
    defer { log.close() }
    return try body(log)
  }

  /// What is wrong with the file, the chain or what hangs on it; nil when nothing is.
  func fault() throws -> String? {
    try look { log in try log.verify().firstBad.map { "\($0)" } }
  }
}

extension Engine.Options {
  static func forTests(_ change: (inout Engine.Options) -> Void = { _ in }) -> Engine.Options {
    var options = Engine.Options()
    options.givenClock = true
    options.mapSizeBytes = 64 << 20
    // A test that holds the writer's lock may itself have to wait for a processor, for minutes.
    options.writerWaitSeconds = 600
    change(&options)
    return options
  }
}

extension Engine {
  /// A call of the wire, whose parameters are a literal.
  @discardableResult
  func ask(_ method: String, _ params: JSONValue = [:]) throws(WakelogError) -> JSONValue {
    try call(method, params.object ?? JSONObject())
  }

  /// The error of a call; nil when it is carried out.
  func refusal(_ method: String, _ params: JSONValue = [:]) -> WakelogError? {
    do throws(WakelogError) {
      _ = try ask(method, params)
      return nil
    } catch {
      return error
    }
  }

  /// How many events there are.
  var count: UInt64 { get throws { try ask("hello")["events"].count } }
}

extension JSONValue? {
  var count: UInt64 { self?.integer.map { UInt64(clamping: $0) } ?? .max }
}

extension JSONValue {
  /// The same object with members replaced or added.
  func with(_ other: JSONValue) -> JSONValue {
    guard var object, let changes = other.object else { return self }
    for member in changes.members { object[member.name] = member.value }
    return .object(object)
  }

  /// The same object without a member.
  func without(_ names: String...) -> JSONValue {
    guard var object else { return self }
    for name in names { object[name] = nil }
    return .object(object)
  }

  /// The names of an object's members, sorted.
  var names: [String] { object?.members.map(\.name).sorted() ?? [] }

  /// The text, all of it, for comparing byte by byte.
  var bytes: [UInt8] { Array(text.utf8) }
}
