import Foundation
import Testing
import Wakelog

/// A `wakelog serve` on its standard streams.
final class Server {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let errors = Pipe()
  private var buffer = Data()
  private var nextId = 0
  private static let ignoresBrokenPipes: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
  }()

  init(_ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = ["serve"] + arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var processIdentifier: Int32 { process.processIdentifier }

  func send(_ text: String) { send(Data((text + "\n").utf8)) }

  /// A server that was killed takes no more; that is for its replies to tell.
  func send(_ data: Data) {
    _ = Self.ignoresBrokenPipes
    try? input.fileHandleForWriting.write(contentsOf: data)
  }

  /// The next line; nil at the end.
  func line() -> String? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
        buffer = Data(buffer[(end + 1)...])
        return line
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      buffer.append(more)
    }
  }

  func reply() throws -> JSONValue { try JSONParser.parse(try #require(line())) }

  /// Sends a line as it is and gives the reply.
  func raw(_ text: String) throws -> JSONValue {
    send(text)
    return try reply()
  }

  /// Calls a method; gives the whole reply.
  func call(_ method: String, _ params: JSONValue = [:]) throws -> JSONValue {
    nextId += 1
    let request: JSONValue = [
      "jsonrpc": "2.0", "id": .integer(Int64(nextId)), "method": .string(method),
      "params": params,
    ]
    let answer = try raw(request.text)
    #expect(answer["id"]?.integer == Int64(nextId))
    return answer
  }

  /// Ends the input; gives what was still answered.
  func endInput() throws -> [JSONValue] {
    try input.fileHandleForWriting.close()
    var rest: [JSONValue] = []
    while let line = line() { rest.append(try JSONParser.parse(line)) }
    process.waitUntilExit()
    return rest
  }

  var exitStatus: Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  var isRunning: Bool { process.isRunning }

  /// Waits for what it says next on standard error; nil once it has ended.
  func errorText() -> String? {
    let text = errors.fileHandleForReading.availableData
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }

  func stop(_ number: Int32) { kill(process.processIdentifier, number) }
}

/// A wake of the usual kind.
func wakeParams(_ session: String) -> JSONValue {
  [
    "session": .string(session), "agent": "ada", "provider": "claude", "source": "message",
  ]
}
