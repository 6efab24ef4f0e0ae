import Foundation
import Testing
import Wakelog
import WakelogModel
import WakelogStore

@testable import WakelogCommand

/// The demo as others see it: what it says of the incidents, and the logs that it leaves.
///
/// One after the other: they open the same two logs.
@Suite(.serialized) struct DemoTests {
  /// A folder of this test's own, taken away with it.
  private final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "wakelog-demo-test-\(UUID().uuidString)"
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// One play for all tests that only look.
  private static let played = Result {
    atexit { try? FileManager.default.removeItem(atPath: DemoTests.shared) }
    return try Demo.Show(directory: shared)
  }

  private static let shared = NSTemporaryDirectory() + "wakelog-demo-test-\(UUID().uuidString)"

  private func show() throws -> Demo.Show { try Self.played.get() }

  @Test("the demo ends well, and its data can be read")
  func runs() throws {
    let folder = Folder()
    var text = ""
    let status = Demo.run(.init(asJSON: true, directory: folder.path)) { text += $0 }
    #expect(status == 0)
    let json = try JSONParser.parse(text)
    #expect(json["ok"] == true)
    #expect(json["incidents"]?.array?.count == 5)
    #expect(json["logs"]?["here"]?.string == folder.path + "/here")
  }

  @Test(
    "an incident breaks, as it was, the laws it is known for, and none here",
    arguments: [
      ("paperclip-6608", [1, 4, 8], [1, 4, 8]),
      ("paperclip-1907", [3, 5], [3, 5]),
      ("archon-1280", [1, 2], [1, 2]),
      ("hermes-3210", [3, 9], [3, 9]),
      // The run that is blamed on the agent contradicts its last attempt, too: law 4.
      ("openclaw-77011", [1, 2, 7, 8], [1, 2, 4, 7, 8]),
    ])
  func laws(name: String, known: [Int], broken: [Int]) throws {
    let act = try #require(try show().acts.first { $0.incident.name == name })
    #expect(act.incident.breaks.map(Demo.Words.number).sorted() == known)
    #expect(Set(act.past.breaches.map { Demo.Words.number(of: $0.law) }).sorted() == broken)
    #expect(act.present.breaches.isEmpty)
    #expect(act.isAsTold)
  }

  @Test("the totals are those of the recorded facts")
  func totals() throws {
    let show = try show()
    let past = show.past.totals
    let present = show.present.totals
    #expect(past.runs == 37)
    #expect(present.runs == 37)
    #expect(past.deadResumes == 19)
    #expect(present.deadResumes == 5)
    #expect(past.workedButFailed == 5)
    #expect(present.workedButFailed == 0)
    // Two of OpenClaw's ran out of time, which its rows say.
    #expect(past.blamedOnAgent == 13)
    #expect(present.blamedOnAgent == 0)
    #expect(past.resetsUndone == 4)
    #expect(present.resetsUndone == 0)
    #expect(past.messagesLost == 8)
    #expect(present.messagesLost == 0)
    // Here a dead resume is one run's, so the only wait is the one for a host that did not look.
    #expect(present.wedgedMilliseconds == 606_984)
  }

  @Test("both logs open again and verify, and the hosts' own breaks the same laws once read back")
  func logs() throws {
    let show = try show()
    for directory in [show.pastDirectory, show.presentDirectory] {
      let log = try Log.open(directory, options: LogOptions(readOnly: true))
      let found = try log.verify()
      #expect(found.ok)
      #expect(found.events > 100)
      log.close()
    }
    let engine = try Engine.open(show.pastDirectory)
    defer { engine.close() }
    var lines: [JSONValue] = []
    try engine.export { lines.append($0) }
    let again = try Demo.breaches(of: lines, suspectLimit: 100)
    #expect(again.map(\.event) == show.acts.flatMap(\.past.breaches).map(\.event))
  }

  @Test("no run is left open, neither as it was nor here")
  func closedRuns() throws {
    let show = try show()
    for directory in [show.pastDirectory, show.presentDirectory] {
      let engine = try Engine.open(directory)
      defer { engine.close() }
      for session in try engine.sessions(SessionsRequest()).json["items"]?.array ?? [] {
        #expect(session["openRun"]?.isNull == true)
      }
    }
  }

  @Test("every incident says where it was reported, and by which rules the host went")
  func citations() throws {
    for act in try show().acts {
      #expect(act.incident.cites.allSatisfy { $0.hasPrefix("https://github.com/") })
      #expect(!act.incident.cites.isEmpty)
      #expect(!act.past.rules.isEmpty)
    }
  }

  @Test("the page fits 100 columns, has no colours unless asked for, and is the same every time")
  func page() throws {
    var plain = Demo.Page(ink: Demo.Ink(isOn: false))
    let show = try show()
    plain.add(show)
    let long = plain.text.split(separator: "\n").filter { $0.count > 100 }
    #expect(long.allSatisfy { $0.contains(show.directory) })
    #expect(!plain.text.contains("\u{1B}"))
    var colours = Demo.Page(ink: Demo.Ink(isOn: true))
    colours.add(show)
    #expect(colours.text.contains("\u{1B}[31m"))
    let other = Folder()
    var again = Demo.Page(ink: Demo.Ink(isOn: false))
    again.add(try Demo.Show(directory: other.path))
    #expect(
      again.text.replacing(other.path, with: "") == plain.text.replacing(show.directory, with: ""))
  }

  @Test("the first incident reads as it did")
  func golden() throws {
    var page = Demo.Page(ink: Demo.Ink(isOn: false))
    page.add(try show())
    let ruler = String(repeating: "─", count: 100)
    let parts = page.text.split(separator: ruler + "\n")
    let golden = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden/demo-paperclip-6608.txt"), encoding: .utf8)
    #expect(parts[1] == golden[...])
  }

  @Test("a folder that holds a demo already is left alone")
  func occupied() throws {
    let directory = try show().directory
    var text = ""
    let status = Demo.run(.init(directory: directory)) { text += $0 }
    #expect(status == 1)
    #expect(text.contains("holds a log already"))
  }
}
