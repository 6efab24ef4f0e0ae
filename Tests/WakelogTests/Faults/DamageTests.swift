import Foundation
import Testing
import WakelogModel
import WakelogTesting

@testable import Wakelog

/// Files that are no log, of another format, or damaged: an error that says so, never a crash.
@Suite struct EngineDamageTests {
  let place = Place()

  private func error(_ path: String, readOnly: Bool = false) -> WakelogError? {
    do {
      try Engine.open(path, options: .forTests { $0.readOnly = readOnly }).close()
      return nil
    } catch {
      return error
    }
  }

  @Test func `what is no log is left alone`() throws {
    #expect(error(place.path + "/none", readOnly: true)?.code == .notFound)
    try "hello".write(toFile: place.path + "/file", atomically: true, encoding: .utf8)
    #expect(error(place.path + "/file")?.code == .corrupt)
    mkdir(place.path + "/full", 0o700)
    try "x".write(toFile: place.path + "/full/notes", atomically: true, encoding: .utf8)
    let full = error(place.path + "/full")
    #expect(full?.code == .corrupt && full?.message.contains("notes") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path + "/full") == ["notes"])
    #expect(error(place.path + "/file/log") != nil)
    #expect(error(place.path + "/nowhere/deep/log") != nil)
    for text in ["", "not a log", String(repeating: "\u{0}", count: 40_000)] {
      let path = place.path + "/\(text.utf8.count)"
      mkdir(path, 0o700)
      try text.write(toFile: path + "/data.mdb", atomically: true, encoding: .utf8)
      #expect(error(path)?.code == .corrupt, "\(text.utf8.count) bytes")
    }
  }

  private func makeLog() throws -> Data {
    var driver = Driver(seed: 8)
    let engine = try place.open { $0.checkpointEventsAtClosing = 1 }
    for _ in 0..<150 { driver.step(engine) }
    engine.close()
    return try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
  }

  private func put(_ data: Data) throws {
    try data.write(to: URL(fileURLWithPath: place.log + "/data.mdb"))
    unlink(place.log + "/lock.mdb")
  }

  @Test func `a log of a later release is refused`() throws {
    var data = try makeLog()
    let magic = Data("WAKELOG\0".utf8)
    var from = data.startIndex
    while let found = data.range(of: magic, in: from..<data.endIndex) {
      data[found.upperBound + 3] = 3
      from = found.upperBound
    }
    try put(data)
    let refused = error(place.log)
    #expect(refused?.code == .corrupt && refused?.message.contains("newerFormat") == true)
  }

  @Test func `a file that was cut is an error, unless only free pages are gone`() throws {
    let data = try makeLog()
    let whole = try place.look { try replay($0).last }
    var refusals = 0
    for part in [1, 17, 40, 63, 80, 99] {
      try put(data.prefix(data.count * part / 100))
      if let error = error(place.log) {
        #expect(error.code == .corrupt, "\(part) %: \(error)")
        refusals += 1
      } else {
        #expect(try place.look { try replay($0).last } == whole, "\(part) %")
        #expect(try place.fault() == nil, "\(part) %")
      }
    }
    #expect(refusals >= 4)
  }

  @Test func `flipped bits are found, or do no harm`() throws {
    let data = try makeLog()
    var random = SeededGenerator(seed: 4)
    var found = 0
    for _ in 0..<150 {
      var copy = data
      let at = Int.random(in: 0..<copy.count, using: &random)
      copy[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      try put(copy)
      do {
        let engine = try place.open()
        _ = try engine.stateHash()
        var driver = Driver(seed: 9)
        for _ in 0..<3 { driver.call(anything: engine) }
        try engine.export { _ in }
        engine.close()
      } catch let error as WakelogError {
        #expect(error.code == .corrupt && !error.message.isEmpty, "byte \(at): \(error)")
        found += 1
      }
    }
    #expect(found > 10)
  }
}

extension Driver {
  /// A call whose answer may be any error.
  fileprivate mutating func call(anything engine: Engine) {
    let (method, params) = call()
    _ = engine.refusal(method, params)
  }
}
