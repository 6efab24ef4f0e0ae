internal import Wakelog
internal import WakelogModel

/// What a connection answers to one line.
struct Reply: Sendable {
  /// The outcome of a request.
  enum Outcome: Sendable {
    /// The method's result.
    case result(JSONText)
    /// An error object.
    case error(JSONValue)
  }

  /// The id of the request; nil for a notification, to which nothing is written.
  var id: JSONValue?
  /// What came of it.
  var outcome: Outcome
  /// What is to be done once the reply has been written.
  var afterwards: (@Sendable () -> Void)?

  init(_ id: JSONValue?, _ result: Result<JSONText, WakelogError>) {
    self.id = id
    switch result {
    case .success(let text): outcome = .result(text)
    case .failure(let error): outcome = .error(error.json)
    }
  }

  init(_ refusal: Request.Refusal) {
    id = refusal.id
    outcome = .error(refusal.error)
  }

  /// About how many bytes it takes.
  var bytes: Int {
    guard case .result(let text) = outcome else { return 1 << 10 }
    return text.bytes.count + 256
  }

  /// Appends the reply as a line.
  func write(to buffer: inout TextBuffer) {
    guard let id else { return }
    buffer.append(literal: #"{"jsonrpc":"2.0","id":"#)
    JSONWriter.write(id, to: &buffer)
    switch outcome {
    case .result(let text):
      buffer.append(literal: #","result":"#)
      buffer.append(text.bytes)
    case .error(let error):
      buffer.append(literal: #","error":"#)
      JSONWriter.write(error, to: &buffer)
    }
    buffer.append(literal: "}\n")
  }
}
