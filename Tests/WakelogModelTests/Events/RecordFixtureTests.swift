import Glibc
import Testing

@testable import WakelogModel

/// The storage format, as bytes that were written once and must be read for ever.
///
/// A new kind adds a line. A line never changes: fields that were added since read as zero.
struct RecordFixtureTests {
  static let lines = lines(of: "version-1.txt")
  /// Kinds to which fields or flags were added, with those.
  static let longer = lines(of: "version-1-longer.txt")

  @Test func `Every kind has its record`() {
    let kinds = Self.lines.map { String($0.prefix { $0 != " " }) }
    #expect(kinds == EventKind.allCases.map(\.name))
  }

  @Test(arguments: lines)
  func `A record of the first version reads as it was meant, and is written so`(
    line: String
  ) throws {
    try check(line) { $0.asFirstWritten }
  }

  @Test(arguments: longer)
  func `What was added to a kind stands at its end`(line: String) throws {
    try check(line) { $0 }
  }

  private func check(_ line: String, _ written: (Event) -> Event) throws {
    let words = line.split(separator: " ").map(String.init)
    let kind = try #require(EventKind(name: words[0]))
    let bytes = try #require(Self.bytes(hexadecimal: words[1]))
    let event = bytes.withUnsafeBytes { Event(record: $0.bytes, sequence: SequenceNumber(41)) }
    let sample = written(Event.sample(kind))
    #expect(event == sample)
    #expect(sample.recordBytes == bytes)
  }

  private static func lines(of file: String) -> [String] {
    text(of: "../../Fixtures/records/" + file)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }

  static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
    guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// A file beside this one; empty when it cannot be read.
  private static func text(of path: String, from file: String = #filePath) -> String {
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    guard let handle = fopen("/\(folder)/\(path)", "r") else { return "" }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(handle), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
