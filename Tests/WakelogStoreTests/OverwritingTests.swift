import Foundation
import Testing

@testable import WakelogStore

/// What was redacted stayed in free pages of the file, and in the unused parts of others, until
/// chance overwrote it: 300 runs later it was still there.
struct OverwritingTests {
  let place = Place()

  private func holds(_ text: String) throws -> Bool {
    let data = try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
    return data.range(of: Data(text.utf8)) != nil
  }

  @Test(arguments: [10, 200, 3_000, 20_000])
  func redactedBytesAreNowhereInTheFile(padding: Int) throws {
    let log = try Log.open(place.log)
    let secret = "the code is 493021"
    for number in 0..<40 {
      try log.write { transaction in
        let text = number == 20 ? secret : "other"
        let evidence = bytes(text) + [UInt8](repeating: 32, count: padding)
        try transaction.append(bytes("event").span.bytes, evidence: evidence.span.bytes)
        try transaction.intern(1, bytes("name \(number)").span.bytes)
      }
    }
    #expect(try holds(secret))
    let isRedacted = try log.write { try $0.redact(21) }
    #expect(isRedacted)
    #expect(try log.overwriteRemoved())
    #expect(try !holds(secret))
    for number in 0..<40 { try log.append("later \(number)") }
    #expect(try !holds(secret))
    let check = try log.verify()
    #expect(check.ok && check.redacted == 1 && check.events == 80)
    let other = bytes("other") + [UInt8](repeating: 32, count: padding)
    let kept = try log.read { try $0.evidence(20) }
    #expect(kept == .bytes(other))
  }

  @Test func aReaderThatStillSeesItIsWaitedFor() throws {
    let log = try Log.open(place.log)
    let secret = "the code is 493021"
    _ = try log.write { transaction in
      try transaction.append(bytes("one").span.bytes, evidence: bytes(secret).span.bytes)
    }
    try log.read { _ in
      let isRedacted = try log.write { try $0.redact(1) }
      #expect(isRedacted)
      #expect(try !log.overwriteRemoved())
      #expect(try holds(secret))
    }
    #expect(try log.overwriteRemoved())
    #expect(try !holds(secret))
    #expect(try log.verify().ok)
  }
}
