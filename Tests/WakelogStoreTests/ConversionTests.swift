import Foundation
import Testing

@testable import WakelogStore

/// Logs of format 1 open for ever: read as they are, converted when they are opened for writing.
struct ConversionTests {
  let place = Place()

  static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/logs/format-1/data.mdb").path

  /// Puts a log of format 1 in the place.
  private func put() throws {
    Place.remove(place.log)
    mkdir(place.log, 0o700)
    try Data(contentsOf: URL(fileURLWithPath: Self.fixture))
      .write(to: URL(fileURLWithPath: place.log + "/data.mdb"))
  }

  private func version() throws -> UInt32 {
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    defer { log.close() }
    return try log.statistics().formatVersion
  }

  private func content(_ options: LogOptions) throws -> Everything {
    let log = try Log.open(place.log, options: options)
    defer { log.close() }
    let check = try log.verify()
    #expect(check.ok, "\(check)")
    return try Everything(log)
  }

  @Test func itIsReadAsItIs() throws {
    try put()
    let before = try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    let check = try log.verify()
    #expect(check.ok && check.events == 576 && check.seals == 260 && check.redacted == 1)
    #expect(
      check.seal.map { String(format: "%02x", $0) }.joined()
        == "0fd2e4d1f1acbf7c4a94dcfe85a8b06d8dcde2452c813b88c5b40cee171d86ec")
    #expect(try log.statistics().formatVersion == 1)
    log.close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb")) == before)
  }

  @Test func whatItHoldsIsTheSameAfterwards() throws {
    try put()
    let before = try content(LogOptions(readOnly: true))
    let told = Flag(false)
    var options = LogOptions()
    options.progress = { done, total in told.value = told.value || (done == 576 && total == 576) }
    let after = try content(options)
    #expect(told.value)
    #expect(after == before)
    #expect(try version() == 2)
    #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb", "writer.lock"])
    let log = try Log.open(place.log)
    #expect(log.identity.origin.prefix(4) == [0, 0, 0, 1])
    #expect(try log.verify().seals == 260)
    try log.append("more")
    #expect(try log.verify().events == 577)
  }

  @Test func aCrashAtAnyStepLeavesTheOldLogOrTheNew() async throws {
    try put()
    let before = try content(LogOptions(readOnly: true))
    let steps: [SystemCall] = [
      .convertBegin, .convertCommit, .convertSync, .convertRename, .convertEnd, .beginWrite,
      .commit,
    ]
    for step in steps {
      try put()
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = place.log as String, step = step.rawValue as String] in
        var options = LogOptions()
        options.fault = { call in
          if call.rawValue == step { kill(getpid(), SIGKILL) }
          return 0
        }
        _ = try Log.open(path, options: options)
      }
      #expect(try content(LogOptions(readOnly: true)) == before, "\(step)")
      #expect(try content(LogOptions()) == before, "\(step)")
      #expect(try version() == 2)
      #expect(
        try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb", "writer.lock"], "\(step)")
    }
  }

  @Test func aKillAtAnyMomentLeavesTheOldLogOrTheNew() async throws {
    try put()
    let before = try content(LogOptions(readOnly: true))
    for round in 0..<12 {
      try put()
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = place.log as String, wait = UInt32(500 + 1_371 * round) as UInt32] in
        Thread.detachNewThread {
          usleep(wait)
          kill(getpid(), SIGKILL)
        }
        let log = try Log.open(path)
        _ = log
        while true { pause() }
      }
      #expect(try content(LogOptions()) == before, "round \(round)")
      #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb", "writer.lock"])
    }
  }

  @Test func aRefusedCallLeavesTheOldLog() throws {
    for step in SystemCall.allCases where step.rawValue.hasPrefix("convert") {
      try put()
      var options = LogOptions()
      options.fault = { $0 == step ? EIO : 0 }
      let error = #expect(throws: StoreError.self) { try Log.open(place.log, options: options) }
      #expect(error?.code == .inputOutput)
      #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb", "writer.lock"])
      #expect(try version() == (step == .convertEnd ? 2 : 1), "\(step)")
    }
  }

  @Test func aBrokenChainIsNamedAndNothingIsChanged() throws {
    try put()
    let file = URL(fileURLWithPath: place.log + "/data.mdb")
    var data = try Data(contentsOf: file)
    let at = try #require(data.range(of: Data("Your one-time code is 493022".utf8)))
    var from = data.startIndex
    while let found = data.range(of: data[at], in: from..<data.endIndex) {
      data[found.lowerBound] ^= 1
      from = found.upperBound
    }
    try data.write(to: file)
    let error = #expect(throws: StoreError.self) { try Log.open(place.log) }
    #expect(error?.code == .corrupt && error?.table == "evidence" && error?.sequence != nil)
    #expect(error?.message.contains("wakelog salvage") == true)
    #expect(try Data(contentsOf: file) == data)
    #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb", "writer.lock"])
  }

  @Test func itIsNotConvertedWhileAnotherProcessHasItOpen() async throws {
    try put()
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    await #expect(processExitsWith: .success) { [path = place.log as String] in
      do throws(StoreError) {
        _ = try Log.open(path)
        preconditionFailure("it was converted under a reader")
      } catch {
        precondition(error.code == .busy && error.message.contains("format 1"), "\(error)")
      }
    }
    #expect(try log.verify().ok)
    log.close()
    #expect(try content(LogOptions()).records.count == 576)
  }
}

/// All that a log answers with.
private struct Everything: Equatable {
  var identifier: [UInt8] = []
  var records: [[UInt8]] = []
  var commits: [UInt64] = []
  var evidence: [Evidence] = []
  var symbols: [String] = []
  var replies: [[UInt8]] = []
  var checkpoint: [[UInt8]] = []

  init(_ log: Log) throws {
    identifier = log.identifier
    try log.read { transaction in
      try transaction.forEachRecord { sequence, record in
        records.append(record.array)
        evidence.append(try transaction.evidence(sequence))
        return true
      }
      try log.forEachCommit(through: .max) { commit in
        commits.append(commit.last)
        return true
      }
      for namespace in UInt8.min...UInt8.max {
        let count = try transaction.symbolCount(namespace)
        guard count > 0 else { continue }
        for number in 1...count {
          let name = try #require(try transaction.symbol(namespace, number) { $0.array })
          #expect(try transaction.number(of: name.span.bytes, namespace: namespace) == number)
          symbols.append("\(namespace) \(number) \(name)")
        }
      }
      var rows = try transaction.snapshot.cursor(.replies)
      while try rows.next() {
        replies.append(try #require(try transaction.reply(Array(rows.key))))
      }
      if let header = try transaction.checkpointHeader { checkpoint.append(header) }
      for table in UInt8(0)...40 {
        try transaction.forEachCheckpointRow(table: table) { row, bytes in
          checkpoint.append([table] + bytes.array + bigEndianBytes(row))
        }
      }
      var rung = try transaction.rung(notAfter: .max)
      while let position = rung {
        checkpoint.append(try transaction.rungHeader(position) ?? [])
        for table in UInt8(0)...40 {
          try transaction.forEachRungPiece(position, table: table) { piece, bytes in
            checkpoint.append([table] + bytes.array + bigEndianBytes(piece))
          }
        }
        rung = position > 0 ? try transaction.rung(notAfter: position - 1) : nil
      }
    }
  }
}
