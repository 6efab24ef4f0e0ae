import Foundation
import Synchronization
import TestSupport
import Testing
import Wakelog

/// A chat, as the README's example has one.
struct Message: Sendable {
  var chat = "agent:main:telegram:direct:42"
  var text: String
  var id: String
}

/// What the README's example speaks with.
final class Bot: Sendable {
  let messages: AsyncStream<Message>
  private let said = Mutex<[String]>([])

  init(_ texts: [String]) {
    messages = AsyncStream { stream in
      for (number, text) in texts.enumerated() {
        stream.yield(Message(text: text, id: "update-\(number)"))
      }
      stream.finish()
    }
  }

  func send(_ chat: String, _ text: String) {
    if !text.isEmpty { said.withLock { $0.append(text) } }
  }

  func retry(_ payloads: [String]) { said.withLock { $0 += payloads } }
  var heard: [String] { said.withLock { $0 } }
}

/// The README's loop, where the CLI is missing, where it hangs, and with the real one.
///
/// In a process of its own, whose PATH and folder are what the example takes: here the example is
/// run with those of this process, which has no `/srv/app`; see the packages' tests for the others.
@Suite(.serialized) struct ReadmeTests {
  /// README's first loop left the run open here, and every later message waited for it.
  @Test func `with no claude on the PATH every message is answered by an error`() async throws {
    let folder = try TemporaryFolder(inMemory: true)
    let bot = Bot(["one", "two"])
    try await serve(bot, folder.path + "/log")
    #expect(bot.heard.count == 2)
    #expect(
      bot.heard.allSatisfy { $0.contains("could not be started") }, "\(bot.heard)")
    let engine = try Engine.open(folder.path + "/log")
    defer { engine.close() }
    let session = try await engine.session(SessionRequest(session: Message(text: "", id: "").chat))
    #expect(session.openRun == nil)
    #expect(!session.isPending)
  }
}
