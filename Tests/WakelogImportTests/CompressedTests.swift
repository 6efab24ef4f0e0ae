import Foundation
import Testing
import Wakelog

@testable import WakelogImport

/// Archives and rows that OpenClaw compressed, with Zstandard's own tool; and frames that are made
/// to harm.
struct CompressedTests {
  static let key = OpenClawTests.key
  static let archive =
    "3b000000-0000-4000-8000-000000000001.jsonl.reset.2026-05-03T10-00-00.000Z.zst"
  static let sessions = "/agents/main/sessions/"
  static let table = "/agents/ops/agent/openclaw-agent.sqlite"

  @Test func `compressed turns are read`() throws {
    let imported = try Place().take(.openclaw, Fixture.path("openclaw/compressed"))
    #expect(imported.findings == [])
    #expect(imported.sessions[Self.key]?["counters"]?["runs"] == 6)
    #expect(imported.sessions[Self.key]?["generation"] == 2)
    #expect(imported.sessions["agent:ops:main"]?["counters"]?["runs"] == 3)
  }

  // The host compresses what was imported before.
  @Test func `an archive that is compressed later is the same archive`() throws {
    let place = try Place()
    let store = try place.store("openclaw/compressed")
    let file = store + Self.sessions + Self.archive
    let packed = try #require(FileManager.default.contents(atPath: file))
    let plain = try Unpacked.all(of: Array(packed), atMost: 1 << 20)
    #expect(plain.count > packed.count)
    try FileManager.default.removeItem(atPath: file)
    try Data(plain).write(to: URL(fileURLWithPath: String(file.dropLast(4))))
    let first = try place.take(.openclaw, store)
    #expect(first.sessions[Self.key]?["counters"]?["runs"] == 6)
    try FileManager.default.removeItem(atPath: String(file.dropLast(4)))
    try packed.write(to: URL(fileURLWithPath: file))
    let second = try place.take(.openclaw, store)
    #expect(second.report.events == 0)
    #expect(second.stateHash == first.stateHash)
  }

  /// A frame whose blocks repeat one byte: 4 bytes for 128 KiB each.
  private func bomb(_ blocks: Int, window: UInt8 = 0x38) -> [UInt8] {
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, window]
    for block in 1...blocks {
      frame += [block == blocks ? 0x03 : 0x02, 0x00, 0x10, UInt8(ascii: "x")]
    }
    return frame
  }

  @Test func `a frame of one repeated byte is what it says`() throws {
    #expect(try Unpacked.all(of: bomb(2), atMost: 1 << 18).count == 1 << 18)
    #expect(throws: ImportError.self) { try Unpacked.all(of: bomb(2), atMost: 1 << 18 - 1) }
  }

  @Test(arguments: [
    ("bomb", "unpacks to more than a thousand times its size; what follows is not read"),
    ("window", "cannot be unpacked: Frame requires too much memory for decoding"),
    ("garbage", "cannot be unpacked: Unknown frame descriptor"), ("cut", "is cut off"),
    ("empty", "is cut off"),
  ])
  func `a frame that is made to harm is reported`(kind: String, because: String) throws {
    let place = try Place()
    let store = try place.store("openclaw/compressed")
    let file = URL(fileURLWithPath: store + Self.sessions + Self.archive)
    let whole = try Data(contentsOf: file)
    let bytes: [UInt8] =
      switch kind {
      // 512 MiB in 16 KiB.
      case "bomb": bomb(4_096)
      case "window": bomb(1, window: 0xA8)
      case "garbage": Array("no frame at all".utf8)
      case "cut": Array(whole.dropLast(20))
      default: []
      }
    try Data(bytes).write(to: file)
    let imported = try place.take(.openclaw, store)
    let finding = try #require(
      imported.report.findings.last { $0.row == "sessions/\(Self.archive)" })
    #expect(finding.because == because)
    // The rest of the store is taken, and the archive's name still tells the reset.
    #expect(imported.sessions[Self.key]?["generation"] == 2)
    #expect(imported.sessions["agent:ops:main"]?["counters"]?["runs"] == 3)
  }

  @Test func `a row that unpacks to too much is left out`() throws {
    let place = try Place()
    let store = try place.store("openclaw/compressed")
    let hex = bomb(200).map { String(format: "%02x", $0) }.joined()
    try SQLiteFile(store + Self.table).execute(
      "UPDATE transcript_events SET event_zstd = x'\(hex)' WHERE seq = 2;"
        + "UPDATE transcript_events SET event_zstd = x'00' WHERE seq = 3")
    let imported = try place.take(.openclaw, store)
    let row = "transcript_events/3b000000-0000-4000-8000-000000000003"
    #expect(
      imported.report.findings.map { "\($0.row) \($0.because)" } == [
        "\(row)/2 unpacks to more than 16777216 bytes",
        "\(row)/3 cannot be unpacked: Unknown frame descriptor",
      ])
    #expect(imported.sessions["agent:ops:main"]?["counters"]?["runs"] == 2)
  }
}
