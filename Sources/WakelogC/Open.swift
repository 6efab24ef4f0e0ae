public import CWakelog
internal import Glibc
internal import Wakelog

/// See wakelog.h.
@c @implementation
public func wakelog_open(
  _ directory: UnsafePointer<CChar>!, _ host: UnsafePointer<CChar>!,
  _ options: UnsafePointer<CChar>!, _ engine: UnsafeMutablePointer<wakelog_engine>!
) -> wakelog_status {
  unsafe engine?.pointee = 0
  return answer { () throws(WakelogError) in
    guard let engine = unsafe engine else { throw .null("engine") }
    let directory = unsafe try Text.required(directory, "directory")
    guard directory.utf8.count < PATH_MAX else {
      throw WakelogError(
        .tooLarge,
        "`directory` has \(directory.utf8.count) bytes; a path has less than \(PATH_MAX)",
        field: "directory")
    }
    var opening = unsafe try Engine.Options(Text.optional(options, "options") ?? "{}")
    opening.host = unsafe try Text.optional(host, "host")
    let open = OpenEngine(try Engine.open(directory, options: opening))
    unsafe engine.pointee = engines.add(open)
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_close(_ engine: wakelog_engine) -> wakelog_status {
  answer { () throws(WakelogError) in
    let open = try engines.remove(engine) { open throws(WakelogError) in
      try open.refuseFromCallback()
    }
    open.close()
  }
}

extension Engine.Options {
  /// The options of `wakelog_open`, strictly read.
  init(_ text: String) throws(WakelogError) {
    self.init()
    for member in try Text.object(text, "options").members where !member.value.isNull {
      let field = "options.\(member.name)"
      switch (member.name, member.value) {
      case ("policy", let value): policy = try Self.policy(value, field)
      case ("readOnly", .bool(let value)): readOnly = value
      case ("givenClock", .bool(let value)): givenClock = value
      case ("takeOver", .bool(let value)): takesOver = value
      case ("mapSizeBytes", .integer(let value)) where value > 0: mapSizeBytes = Int(value)
      case ("coldAfterSeconds", let value):
        coldAfterSeconds = try Self.seconds(value, field, "a number of seconds, 0 for never")
      case ("trustsFolder", .bool(let value)): trustsFolder = value
      case ("writerWaitSeconds", let value):
        writerWaitSeconds = try Self.seconds(value, field, "a number from 0")
      case ("readOnly", _), ("givenClock", _), ("trustsFolder", _), ("takeOver", _):
        throw WakelogError(.invalidParameter, "`\(field)` is true or false", field: field)
      case ("mapSizeBytes", _):
        throw WakelogError(.invalidParameter, "`\(field)` is a number from 1", field: field)
      default:
        throw WakelogError(
          .invalidParameter,
          "`\(field)` is unknown; remove it, or use one of policy, readOnly, givenClock, "
            + "mapSizeBytes, coldAfterSeconds, writerWaitSeconds, trustsFolder, takeOver",
          field: field)
      }
    }
  }

  private static func seconds(
    _ value: JSONValue, _ field: String, _ what: String
  ) throws(WakelogError) -> Double {
    switch value {
    case .integer(let value) where value >= 0: return Double(value)
    case .number(let value) where value >= 0: return value
    default: throw WakelogError(.invalidParameter, "`\(field)` is \(what)", field: field)
    }
  }

  private static func policy(
    _ value: JSONValue, _ field: String
  ) throws(WakelogError) -> Policy {
    guard let name = value.string else {
      do throws(PolicyError) {
        return try Policy(json: value)
      } catch {
        let place = error.field.isEmpty ? field : "\(field).\(error.field)"
        throw WakelogError(.invalidParameter, error.message, field: place)
      }
    }
    guard let policy = Policy.builtIn(named: name) else {
      throw WakelogError(
        .invalidParameter,
        "there is no policy \(name.prefix(64)); give a document, or one of "
          + Policy.builtInNames.joined(separator: ", "), field: field)
    }
    return policy
  }
}
