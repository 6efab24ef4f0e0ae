import Foundation
import Testing
import Wakelog

struct ServeTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  static let refused: [(line: String, code: Int64)] = [
    ("{nonsense", -32700), ("[]", -32600), (#"[{"jsonrpc":"2.0","id":1}]"#, -32600),
    ("7", -32600), (#"{"id":1,"method":"hello"}"#, -32600),
    (#"{"jsonrpc":"1.0","id":1,"method":"hello"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":{},"method":"hello"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":"nope"}"#, -32601),
    (#"{"jsonrpc":"2.0","id":1,"method":"hello","params":[]}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"wake","params":{"session":"s"}}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"session","params":{"session":"s"}}"#, -32000),
  ]

  @Test func `what is no request gets the error that says so, and the log is untouched`() throws {
    let server = try Server(["--log", scratch.log])
    for (line, code) in Self.refused {
      let reply = try server.raw(line)
      #expect(reply["error"]?["code"]?.integer == code, "\(line)")
    }
    #expect(try server.call("hello")["result"]?["events"]?.integer == 0)
    let badField = try server.call("wake", ["session": "s", "agent": "a", "provider": "p"])
    #expect(badField["error"]?["data"]?["field"]?.string == "source")
    #expect(try server.endInput().isEmpty)
    #expect(server.exitStatus == 0)
  }

  @Test func `ids come back as they were, and a call without one is carried out in silence`()
    throws
  {
    let server = try Server(["--log", scratch.log])
    #expect(try server.raw(#"{"jsonrpc":"2.0","id":"a","method":"hello"}"#)["id"]?.string == "a")
    #expect(try server.raw(#"{"jsonrpc":"2.0","id":null,"method":"hello"}"#)["id"]?.isNull == true)
    server.send(
      #"{"jsonrpc":"2.0","method":"wake","params":{"session":"quiet","agent":"ada","#
        + #""provider":"claude","source":"message"}}"#)
    #expect(
      try server.call("session", ["session": "quiet"])["result"]?["status"]?.string == "running")
    server.send("\r")
    server.send("   ")
    #expect(try server.raw("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"hello\"}\r")["id"] == 5)
  }

  @Test func `hundreds of requests sent at once are answered in their order, then the server ends`()
    throws
  {
    let server = try Server(["--log", scratch.log])
    var text = ""
    for number in 0..<400 {
      let request: JSONValue = [
        "jsonrpc": "2.0", "id": .integer(Int64(number)), "method": "wake",
        "params": wakeParams("s\(number % 37)"),
      ]
      text += request.text + "\n"
    }
    // The last line has no end, and counts.
    text += #"{"jsonrpc":"2.0","id":"last","method":"hello"}"#
    server.send(Data(text.utf8))
    let replies = try server.endInput()
    #expect(replies.count == 401)
    for (number, reply) in replies.dropLast().enumerated() {
      #expect(reply["id"]?.integer == Int64(number))
      #expect(reply["result"] != nil)
    }
    #expect(replies.last?["id"]?.string == "last")
    #expect(server.exitStatus == 0)
  }

  @Test func `a line of ten million bytes is refused, the server's memory stays, and it goes on`()
    throws
  {
    let server = try Server(["--log", scratch.log])
    _ = try server.call("hello")
    let before = anonymousKiB(server.processIdentifier)
    var line = Data(#"{"jsonrpc":"2.0","id":1,"method":""#.utf8)
    line.append(Data(repeating: 0x61, count: 10_000_000))
    line.append(Data("\"}\n".utf8))
    server.send(line)
    #expect(try server.reply()["error"]?["data"]?["code"]?.string == "tooLarge")
    #expect(anonymousKiB(server.processIdentifier) < before + 8 << 10)
    #expect(try server.call("hello")["result"] != nil)
  }

  @Test func `a signal to stop ends the server with what it accepted answered`() throws {
    let server = try Server(["--log", scratch.log])
    _ = try server.call("wake", wakeParams("s"))
    server.stop(SIGTERM)
    #expect(server.exitStatus == 0)
  }

  /// Paperclip hot restart: a host that was killed finds its runs ended when it comes back.
  @Test func `a host that was killed finds its runs ended when it is served again`() throws {
    let first = try Server(["--log", scratch.log, "--host", "h"])
    _ = try first.call("wake", wakeParams("s"))
    first.stop(SIGKILL)
    _ = first.exitStatus
    let second = try Server(["--log", scratch.log, "--host", "h"])
    let session = try second.call("session", ["session": "s"])["result"]
    #expect(session?["status"]?.string == "idle")
    #expect(session?["lastRun"]?["outcome"]?.string == "interrupted")
  }

  @Test func `events are told as they become durable, of other processes too, without gaps`()
    throws
  {
    let server = try Server(["--log", scratch.log])
    let other = try Server(["--log", scratch.log])
    _ = try other.call("wake", wakeParams("before"))
    let reply = try server.call("subscribe", ["from": 1])
    #expect(reply["result"] != nil)
    for number in 0..<50 { _ = try other.call("wake", wakeParams("s\(number)")) }
    for expected in 1...204 {
      let event = try server.reply()
      #expect(event["method"]?.string == "event")
      #expect(event["params"]?["seq"]?.integer == Int64(expected))
    }
  }
}

/// The memory of a process that is no file's, in KiB: the log's own pages do not count.
func anonymousKiB(_ process: Int32) -> Int {
  let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon") }
  return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
}
