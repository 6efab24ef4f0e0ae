import Wakelog
import WakelogModel
import WakelogStore

extension Suite {
  /// Events that are decided already, appended in large commits, beside LMDB's own puts.
  mutating func bulk() throws {
    let count = min(options.events, options.isQuick ? 100_000 : 1_000_000)
    let perCommit = 16_384
    let events = try read(count)
    var ours = Samples()
    var stores = Samples()
    var theirs = Samples()
    for _ in 0..<turns {
      let paths = (scratch("bulk"), scratch("bare"), scratch("store"))
      let engine = try Engine.open(paths.0)
      let bare = Bare(paths.1)
      let seconds = try Machine.time {
        for start in stride(from: 0, to: count, by: perCommit) {
          let part = events[start..<min(start + perCommit, count)]
          try engine.bulk { bulk in
            for event in part { bulk.append(event) }
          }
        }
      }
      let bareSeconds = Machine.time {
        for start in stride(from: 0, to: count, by: perCommit) {
          bare.append(min(perCommit, count - start), size: recordBytes)
        }
      }
      engine.close()
      stores.add(Double(count) / (try appendToStore(events, paths.2, perCommit)))
      ours.add(Double(count) / seconds)
      theirs.add(Double(count) / bareSeconds)
      Machine.remove(paths.0)
      Machine.remove(paths.1)
      Machine.remove(paths.2)
    }
    let ratio = ours.over(theirs).median
    report.add(
      Row(
        "bulk append, \(grouped(perCommit)) a commit, reduced on the way, events/s",
        target: "at least 0.5 of bare LMDB", measured: shown(ours.median), spread: ours.spread(),
        ratio: fixed(ratio, 2), isMet: ratio >= 0.5))
    let part = stores.over(theirs).median
    report.add(
      Row(
        "of it the store alone: record, checksum, seal and put", measured: shown(stores.median),
        spread: stores.spread(), ratio: fixed(part, 2)))
    report.add(
      Row(
        "bare LMDB puts of \(recordBytes) bytes", measured: shown(theirs.median),
        spread: theirs.spread()))
  }

  /// The seconds that the store takes for events which nobody reduces.
  private func appendToStore(
    _ events: [Event], _ path: String, _ perCommit: Int
  ) throws -> Double {
    let log = try Log.open(path)
    defer { log.close() }
    return try Machine.time {
      for start in stride(from: 0, to: events.count, by: perCommit) {
        try log.write { transaction in
          for index in start..<min(start + perCommit, events.count) {
            _ = try events[index].withRecord { try transaction.append($0) }
          }
        }
      }
    }
  }

  private func read(_ count: Int) throws -> [Event] {
    let log = try Log.open(self.log, options: LogOptions(readOnly: true, checksPages: false))
    defer { log.close() }
    var events: [Event] = []
    events.reserveCapacity(count)
    try log.read { transaction in
      try transaction.forEachRecord(through: UInt64(count)) { sequence, record in
        events.append(Event(record: record, sequence: SequenceNumber(sequence)))
        return true
      }
    }
    return events
  }
}
