import Foundation
import Wakelog

/// A connection to a served socket.
/// `@unchecked Sendable`: each is used by one thread at a time.
final class SocketClient: @unchecked Sendable {
  let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Where the next line begins in the buffer, and how far it was looked for an end.
  private var (start, seen) = (0, 0)

  init?(_ path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let code = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // What is closed when this goes away, also now: closed twice, it would be somebody else's.
    guard code == 0 else { return nil }
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      done += count
    }
  }

  /// The next line; nil at the end.
  func line() -> String? {
    while true {
      if let end = buffer[seen...].firstIndex(of: 10) {
        defer { (start, seen) = (end + 1, end + 1) }
        return String(decoding: buffer[start..<end], as: UTF8.self)
      }
      buffer.removeFirst(start)
      (start, seen) = (0, buffer.count)
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count <= 0 { return nil }
      buffer += chunk[..<count]
    }
  }

  /// Calls a method; null when the server went away.
  func call(_ method: String, _ params: JSONValue = [:]) -> JSONValue {
    let request: JSONValue = [
      "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": params,
    ]
    send(request.text + "\n")
    return line().flatMap { try? JSONParser.parse($0) } ?? .null
  }

  /// The number of the event that the next notification tells of; nil at the end.
  func sequence() -> Int64? {
    line().flatMap { try? JSONParser.parse($0) }?["params"]?["seq"]?.integer
  }
}

/// A `wakelog serve --socket`, ready for connections.
final class SocketHost {
  let process = Process()
  let socket: String

  /// `descriptors`: how many files the server may open, where that is to be few.
  init(_ log: String, socket: String, descriptors: Int? = nil) throws {
    self.socket = socket
    let limit = descriptors.map { "ulimit -n \($0); " } ?? ""
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\(limit)exec \"$0\" serve --log \"$1\" --socket \"$2\"", Tool.path, log, socket,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<500 {
      if SocketClient(socket) != nil { return }
      usleep(10_000)
    }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  func stop(_ signal: Int32) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }
}
