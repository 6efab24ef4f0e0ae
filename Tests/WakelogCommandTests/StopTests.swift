import Foundation
import Testing
import Wakelog
import WakelogStore

/// A server behind a process that was stopped holding the log ended after ten seconds with status 0,
/// as if it had answered everything.
struct StopTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  /// A log whose writer's lock is held until this goes away.
  private final class Held {
    private let isHeld = DispatchSemaphore(value: 0)
    private let mayEnd = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ path: String) throws {
      let log = try Log.open(path)
      let (isHeld, mayEnd, hasEnded) = (isHeld, mayEnd, hasEnded)
      Thread {
        try? log.write { _ in
          isHeld.signal()
          mayEnd.wait()
        }
        log.close()
        hasEnded.signal()
      }.start()
      isHeld.wait()
    }

    deinit {
      mayEnd.signal()
      hasEnded.wait()
    }
  }

  /// A server whose one request waits for the log, as it says itself.
  private func waiting(grace: String) throws -> Server {
    let server = try Server(["--log", scratch.log, "--grace", grace])
    server.send(#"{"jsonrpc":"2.0","id":1,"method":"wake","params":\#(wakeParams("s").text)}"#)
    var said = ""
    while !said.contains("writers wait") { said += try #require(server.errorText()) }
    return server
  }

  @Test func `a stop ends within its grace, and the status says that a request went unanswered`()
    throws
  {
    _ = try Tool.run(["stats", "--log", scratch.log])
    let held = try Held(scratch.log)
    let server = try waiting(grace: "1")
    server.stop(SIGTERM)
    #expect(server.exitStatus == 6)
    #expect(server.errorText()?.contains("1 request unanswered") == true)
    withExtendedLifetime(held) {}
  }

  @Test func `a second signal ends it at once`() throws {
    _ = try Tool.run(["stats", "--log", scratch.log])
    let held = try Held(scratch.log)
    let server = try waiting(grace: "3600")
    server.stop(SIGTERM)
    // The first may not be taken yet, and a signal that waits already is not kept twice.
    while server.isRunning { server.stop(SIGTERM) }
    #expect(server.exitStatus == 6)
    withExtendedLifetime(held) {}
  }

  @Test func `a request that can be answered within the grace is, and the status is 0`() throws {
    _ = try Tool.run(["stats", "--log", scratch.log])
    var held: Held? = try Held(scratch.log)
    let server = try waiting(grace: "60")
    server.stop(SIGTERM)
    withExtendedLifetime(held) {}
    held = nil
    #expect(try server.reply()["result"]?["disposition"]?.string == "started")
    #expect(server.exitStatus == 0)
  }

  @Test func `the end of input is the end also where nothing was asked`() throws {
    let server = try Server(["--log", scratch.log, "--grace", "0"])
    #expect(try server.endInput().isEmpty)
    #expect(server.exitStatus == 0)
  }
}
