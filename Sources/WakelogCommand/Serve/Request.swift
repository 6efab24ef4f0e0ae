internal import Wakelog
internal import WakelogModel

/// One request of JSON-RPC 2.0, read strictly.
struct Request {
  /// What the reply is to carry; nil for a notification, which is carried out and not answered.
  var id: JSONValue?
  /// The method's name.
  var method: String
  /// The named parameters; none when left out.
  var params: JSONObject

  /// Why a line is no request.
  struct Refusal: Error {
    /// The error object of the reply.
    var error: JSONValue
    /// The id to answer with, null where none could be read; nil for a notification.
    var id: JSONValue?

    init(_ code: Int64, _ message: String, id: JSONValue? = .null, data: JSONValue = [:]) {
      error = ["code": .integer(code), "message": .string(message), "data": data]
      self.id = id
    }

    /// A line beyond the limit.
    static var tooLarge: Refusal {
      Refusal(
        -32000, "the line is longer than \(LineReader.limit) bytes; send less in one request",
        data: ["code": "tooLarge"])
    }
  }

  /// Reads one line.
  init(_ line: [UInt8]) throws(Refusal) {
    let object = try Self.object(in: line)
    let id = object["id"]
    switch id {
    case nil, .string, .integer, .number, .null: break
    default:
      throw Refusal(-32600, "invalid request: id is a string, a number or null")
    }
    guard object["jsonrpc"] == .string("2.0") else {
      throw Refusal(-32600, "invalid request: jsonrpc must be \"2.0\"", id: id ?? .null)
    }
    guard case .string(let method)? = object["method"] else {
      throw Refusal(-32600, "invalid request: method must be a string", id: id ?? .null)
    }
    switch object["params"] {
    case nil, .null: params = JSONObject()
    case .object(let object): params = object
    default:
      throw Refusal(
        -32602, "params must be an object of named parameters", id: id,
        data: ["field": "params"])
    }
    self.id = id
    self.method = method
  }

  private static func object(in line: [UInt8]) throws(Refusal) -> JSONObject {
    let parsed: Result<JSONValue, JSONParseError> = unsafe line.withUnsafeBytes { bytes in
      Result { () throws(JSONParseError) in unsafe try JSONParser.parse(bytes) }
    }
    switch parsed {
    case .success(.object(let object)): return object
    case .success(.array):
      throw Refusal(-32600, "invalid request: batches are not taken; send one object a line")
    case .success:
      throw Refusal(-32600, "invalid request: a request is an object")
    case .failure(let error):
      throw Refusal(-32700, "parse error: \(error)")
    }
  }
}
