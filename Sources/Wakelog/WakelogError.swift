public import WakelogModel

/// Why a call was not carried out, and what to do next.
public struct WakelogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of error it is. The raw value is `data.code` on the wire.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// A parameter is unknown, missing or wrong: JSON-RPC -32602.
    case invalidParameter
    /// No such method: JSON-RPC -32601.
    case unknownMethod
    /// The fence is stale; the write changed nothing and is recorded.
    case staleFence
    /// Another process took the host's name: this one's epoch is over.
    case hostSuperseded
    /// The session, agent or run is not known.
    case notFound
    /// The state is not what the call expects.
    case conflict
    /// A run is open, or the log is in use.
    case busy
    /// The log is damaged, or no log.
    case corrupt
    /// There is no room on the disk; nothing was written.
    case diskFull
    /// The log was opened for reading, or may not be written.
    case readOnly
    /// A value is longer than its limit.
    case tooLarge
  }

  /// What kind of error it is.
  public var code: Code
  /// What is wrong and what to do next, in a sentence.
  public var message: String
  /// The parameter concerned, as a dotted path.
  public var field: String?
  /// Where the flush cursor is, when a flush did not start there.
  public var cursor: UInt64?
  /// What else `data` says on the wire: of a process that is in the way, `pid`, `since`, `command`
  /// and whether it is `stopped`.
  public var details = JSONObject()

  /// Describes an error.
  public init(_ code: Code, _ message: String, field: String? = nil, cursor: UInt64? = nil) {
    self.code = code
    self.message = message
    self.field = field
    self.cursor = cursor
  }

  /// The code, the field and the message in one line.
  public var description: String {
    let place = field.map { " (\($0))" } ?? ""
    return "\(code.rawValue)\(place): \(message)"
  }

  /// The number of the error in JSON-RPC.
  public var rpcCode: Int64 {
    switch code {
    case .invalidParameter: -32602
    case .unknownMethod: -32601
    default: -32000
    }
  }

  /// The error object of a JSON-RPC reply.
  public var json: JSONValue {
    var data = JSONObject()
    if rpcCode == -32000 { data["code"] = .string(code.rawValue) }
    if let field { data["field"] = .string(field) }
    if let cursor { data["cursor"] = .integer(Int64(clamping: cursor)) }
    for member in details.members { data[member.name] = member.value }
    return [
      "code": .integer(rpcCode), "message": .string(message), "data": .object(data),
    ]
  }
}
