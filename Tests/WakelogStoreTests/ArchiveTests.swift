import Foundation
import Testing

@testable import WakelogStore

/// Segments verify alone and together, and whatever became of their bytes is found, not believed.
@Suite struct ArchiveTests {
  let place = Place(in: "/dev/shm")

  var archive: String { place.path + "/archive" }

  /// A log of some commits with names, long names and evidence, some of which is gone.
  func makeLog() throws -> Log {
    let log = try Log.open(place.log)
    for commit in 0..<30 {
      try log.write { transaction in
        for number in 0...(commit % 5) {
          let text = bytes("event \(commit) \(number)")
          if number == 1 {
            let evidence = bytes(String(repeating: "words \(commit) ", count: commit + 1))
            try transaction.append(text.span.bytes, evidence: evidence.span.bytes)
          } else {
            try transaction.append(text.span.bytes)
          }
        }
        let name = commit == 7 ? String(repeating: "long", count: 200) : "name \(commit)"
        try transaction.intern(UInt8(1 + commit % 3), bytes(name).span.bytes)
      }
    }
    try log.write { transaction in
      try transaction.append(bytes("last").span.bytes)
      try transaction.redact(5)
    }
    return log
  }

  func options(_ events: UInt64) -> Log.ArchiveOptions {
    var options = Log.ArchiveOptions()
    options.segmentEvents = events
    options.sliceRows = 4
    return options
  }

  @Test func `a log is archived commit by commit, and built again as it was`() throws {
    let log = try makeLog()
    let end = try log.read { try $0.lastSequence }
    let half = try #require(try log.read { try $0.commit(notAfter: end / 2) }).last
    let first = try log.archive(through: half, into: archive, options: options(12))
    let second = try log.archive(through: end, into: archive, options: options(12))
    #expect(first.count > 1 && second.count > 1)
    let found = try Archive(archive)
    #expect(found.segments == first + second && found.first == 1 && found.last == end)
    #expect(try found.verify(with: log).ok)
    for segment in found.segments {
      let alone = try Archive.verify(segment: segment.path)
      #expect(alone.ok && alone.first == segment.first && alone.last == segment.last)
      var status = stat()
      #expect(stat(segment.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
    let copy = place.path + "/copy"
    let builder = try LogBuilder(copy, SegmentReader(found.segments[0].path).header)
    for segment in found.segments {
      let reader = try SegmentReader(segment.path)
      while let item = try reader.next() { try builder.add(item) }
    }
    try builder.finish()
    let again = try Log.open(copy)
    #expect(try again.verify() == log.verify())
    #expect(try again.texts() == log.texts())
    for sequence in 1...end {
      #expect(
        try again.read { try $0.evidence(sequence) } == log.read { try $0.evidence(sequence) })
    }
    again.close()
    log.close()
  }

  @Test func `every flipped byte of a segment is found, or says nothing else`() throws {
    let log = try makeLog()
    _ = try log.archive(through: log.read { try $0.lastSequence }, into: archive)
    log.close()
    let path = try Archive(archive).segments[0].path
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    let items = try items(path)
    var harmless = 0
    for place in sound.indices {
      for flip in [UInt8(1), 0x80, 0xFF] {
        var damaged = sound
        damaged[place] ^= flip
        try damaged.write(to: URL(fileURLWithPath: path))
        // How large a window the unpacker takes, for one, makes no difference to what it unpacks.
        guard isSound(path) else { continue }
        harmless += 1
        let found = try self.items(path)
        #expect(found == items, "byte \(place) ^ \(flip)")
      }
    }
    #expect(harmless < 20)
    for count in [0, 5, 11, 12, 13, sound.count / 2, sound.count - 1] {
      try sound.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(!isSound(path), "cut to \(count)")
    }
    try (sound + [0]).write(to: URL(fileURLWithPath: path))
    #expect(!isSound(path), "one byte more")
    try sound.write(to: URL(fileURLWithPath: path))
    #expect(isSound(path))
  }

  private func items(_ path: String) throws -> [ArchiveItem] {
    let reader = try SegmentReader(path)
    var items: [ArchiveItem] = []
    while let item = try reader.next() { items.append(item) }
    return items
  }

  private func isSound(_ path: String) -> Bool {
    (try? Archive.verify(segment: path).ok) ?? false
  }

  @Test func `bytes that nobody wrote are refused, whatever they are`() throws {
    var random = SystemRandomNumberGenerator()
    try Archive.create(archive)
    let path = archive + "/x"
    let header = SegmentHeader(
      identifier: [UInt8](repeating: 1, count: 16), secret: [UInt8](repeating: 2, count: 32),
      origin: [], first: 1, last: 9, previous: [UInt8](repeating: 3, count: 32))
    for round in 0..<600 {
      // Behind a sound header, so that the body is reached.
      let file = try SegmentFileWriter(path)
      var body = header.identifier + header.secret + [0] + bigEndianBytes(header.first)
      body += bigEndianBytes(header.last) + header.previous
      if round % 3 == 0 { body.removeLast(Int.random(in: 0..<body.count, using: &random)) }
      let marks: [UInt8] = [0, 1, 2, 3, 4, 5, 1, 4, 5, 127, 128, 255]
      for _ in 0..<Int.random(in: 0..<60, using: &random) {
        body.append(
          Bool.random(using: &random)
            ? marks.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random))
      }
      try file.write(body)
      try file.finish()
      #expect(!isSound(path), "\(body)")
    }
  }

  @Test func `segments that do not belong together are found`() throws {
    let log = try makeLog()
    let end = try log.read { try $0.lastSequence }
    _ = try log.archive(through: end, into: archive, options: options(12))
    let segments = try Archive(archive).segments
    // One is missing.
    let aside = place.path + "/aside"
    try FileManager.default.moveItem(atPath: segments[1].path, toPath: aside)
    #expect(throws: StoreError.self) { try Archive(archive) }
    // One of another log stands in its place.
    let other = try Log.open(place.path + "/other")
    for _ in 0..<Int(segments[1].last) { try other.append("x") }
    let elsewhere = place.path + "/elsewhere"
    let header = SegmentHeader(
      identifier: other.identity.identifier, secret: other.identity.secret, origin: [],
      first: segments[1].first, last: segments[1].last,
      previous: try #require(
        try other.read { try $0.commit(notAfter: segments[1].first - 1) }
      ).seal)
    try Archive.create(elsewhere)
    let writer = try SegmentWriter(header, in: elsewhere)
    try other.forEachItem(from: header.first, through: header.last) { item in
      try writer.add(item)
      return true
    }
    try writer.finish()
    #expect(isSound(writer.segment.path))
    try FileManager.default.moveItem(atPath: writer.segment.path, toPath: segments[1].path)
    let check = try Archive(archive).verify()
    #expect(check.firstBad?.path == segments[1].path, "\(check)")
    #expect(throws: StoreError.self) {
      try other.archive(through: 3, into: archive, options: options(12))
    }
    other.close()
    log.close()
  }

  @Test func `a segment that was broken off leaves a draft, and the next trim takes its place`()
    throws
  {
    let log = try makeLog()
    let end = try log.read { try $0.lastSequence }
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try log.archive(through: end, into: archive, options: options(12)) { done, _ in
        if done > 30 { throw Stop() }
      }
    }
    let some = try Archive(archive)
    try Data("torn".utf8).write(
      to: URL(fileURLWithPath: "\(archive)/00000000000000000001-00000000000000000002.wakelog.draft")
    )
    _ = try log.archive(through: end, into: archive, options: options(12))
    let all = try Archive(archive)
    #expect(all.segments.count > some.segments.count && all.last == end)
    #expect(try all.verify(with: log).ok)
    log.close()
  }
}
