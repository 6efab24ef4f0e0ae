import Foundation
import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogForensics

/// A browser without a window, Debian's package `chromium`.
enum Browser {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Opens a page and gives what the browser prints.
  static func open(_ address: String, _ arguments: [String], profile: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments =
      [
        "--kill-after=5", "60", try #require(path), "--headless", "--no-sandbox", "--disable-gpu",
        "--hide-scrollbars", "--user-data-dir=\(profile)", "--virtual-time-budget=3000",
      ] + arguments + [address]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self)
  }
}

@Suite(
  .serialized,
  .enabled(if: Browser.path != nil, "no Chromium here: apt-get install chromium to look at reports")
)
struct BrowserTests {
  let place = Place()
  private var file: String { place.path + "/report.html" }

  private func writeReport() throws {
    var lines = Lines()
    for session in ["quiet", "loud"] {
      lines.open(session)
      lines.works(session, "id-of-\(session)", resuming: false)
    }
    for round in 1...3 {
      lines.fallsBackAndForgets("loud", dead: "id-of-loud", new: "a-new-id-\(round)")
    }
    try place.log(of: lines.all)
    let log = try place.look()
    defer { log.close() }
    try Report.write(try log.report().page(log), to: file)
  }

  private func page(_ fragment: String = "") throws -> String {
    try Browser.open("file://\(file)\(fragment)", ["--dump-dom"], profile: place.path + "/profile")
  }

  @Test func `the page shows its sessions and findings, and a link opens a finding's why`() throws {
    try writeReport()
    let plain = try page()
    #expect(plain.components(separatedBy: "<article").count == 3)
    #expect(plain.components(separatedBy: "class=\"finding\"").count == 4)
    #expect(!plain.contains("open=\"\""))
    // Only the script brings the tools out: it runs, under the page's own policy.
    #expect(plain.contains("<form role=\"search\" class=\"tools\">"))
    let opened = try page("#f2")
    let finding = try #require(
      opened.range(of: #"<details class="finding" id="f2"[^>]*>"#, options: .regularExpression))
    #expect(opened[finding].contains("open=\"\""))
    // An event lies in a folded list: its link opens that.
    #expect(try page("#e3").contains("<details class=\"events\" open=\"\">"))
  }

  @Test(arguments: ["1280,1600", "420,1600"])
  func `the page is drawn, on wide and narrow screens`(size: String) throws {
    try writeReport()
    let blank = place.path + "/blank.html"
    try "<!doctype html><title>blank</title>".write(
      toFile: blank, atomically: true, encoding: .utf8)
    let picture = try picture(file, size)
    #expect(picture.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(try picture.count > 8 * self.picture(blank, size).count)
  }

  private func picture(_ page: String, _ size: String) throws -> Data {
    let name = place.path + "/picture.png"
    _ = try Browser.open(
      "file://\(page)", ["--window-size=\(size)", "--screenshot=\(name)"],
      profile: place.path + "/profile")
    return try Data(contentsOf: URL(fileURLWithPath: name))
  }
}
