import Foundation
import WakelogTesting

/// A moment at which the power goes, and which of the changes under way arrived on the disk.
struct Crash: CustomStringConvertible {
  enum Arrival: CaseIterable {
    /// Nothing that is not certain.
    case none
    /// All of it, as when a process is killed and the machine goes on.
    case all
    /// Any of the writes, of their pages, or of their sectors.
    case writes, pages, sectors
    /// All in order, and of the last write as many sectors as the device came to.
    case torn
    /// The same, with the last sector torn itself: no disk does that, and memory may.
    case tornInside
  }

  /// How many records were made before.
  var cut: Int
  var arrival: Arrival
  /// Of a hundred changes that may have arrived, how many did.
  var share = 50
  var seed: UInt64

  var description: String { "cut \(cut), \(arrival) \(share) %, seed \(seed)" }
}

/// Chooses moments, and rebuilds what each leaves.
struct Crashes {
  let journal: Journal
  private let certainty: [Int]
  private let flushes: [Int]
  private let names: [Int]
  private var base: DiskImage
  private var done = 0

  init(_ journal: Journal) {
    self.journal = journal
    base = journal.start
    certainty = journal.certainty()
    flushes = journal.records.indices.filter {
      [.flushed, .settled].contains(journal.records[$0].kind)
    }
    names = journal.records.indices.filter { journal.records[$0].kind.changesNames }
  }

  /// How many moments there are at which a flush had just ended.
  var flushCount: Int { flushes.count }

  /// That many moments, in order: half of them as a flush has ended, each another one as far as
  /// there are, the others anywhere.
  func choose(_ count: Int, seed: UInt64) -> [Crash] {
    var random = SeededGenerator(seed: seed)
    let ends = min(count / 2, flushes.count)
    let start = Int.random(in: 0..<max(flushes.count, 1), using: &random)
    return (0..<count).map { number in
      var crash = Crash(cut: 0, arrival: .none, seed: random.next())
      if number < ends {
        crash.cut = flushes[(start + number * flushes.count / ends) % flushes.count] + 1
        return crash
      }
      // Before the end of a flush most is under way.
      let end = flushes.randomElement(using: &random) ?? journal.records.count
      crash.cut = max(end - Int.random(in: 0..<6, using: &random), 0)
      crash.arrival = Crash.Arrival.allCases.randomElement(using: &random)!
      crash.share = [10, 50, 90].randomElement(using: &random)!
      return crash
    }.sorted { $0.cut < $1.cut }
  }

  /// What a moment leaves. Moments are asked for in their order.
  mutating func image(_ crash: Crash) -> DiskImage {
    let records = journal.records
    // What is certain now is certain at every later moment.
    while done < crash.cut, !records[done].kind.changesContent || certainty[done] <= crash.cut {
      if records[done].kind.changesContent { base.change(records[done], journal.bytes) }
      done += 1
    }
    var image = base
    var random = SeededGenerator(seed: crash.seed)
    for index in names where index < crash.cut {
      if certainty[index] <= crash.cut || arrives(crash, &random) { image.rename(records[index]) }
    }
    let last = records[..<crash.cut].lastIndex { $0.kind == .write }
    for index in done..<crash.cut where records[index].kind.changesContent {
      let record = records[index]
      if certainty[index] <= crash.cut {
        image.change(record, journal.bytes)
      } else if record.kind == .truncated {
        if arrives(crash, &random) { image.change(record, journal.bytes) }
      } else {
        let pieces = arrived(record, crash, isLast: index == last, &random)
        image.change(record, journal.bytes, arrived: pieces)
      }
    }
    return image
  }

  private func arrives(_ crash: Crash, _ random: inout SeededGenerator) -> Bool {
    switch crash.arrival {
    case .none: false
    case .all, .torn, .tornInside: true
    default: Int.random(in: 0..<100, using: &random) < crash.share
    }
  }

  /// The bytes of a write that arrived.
  private func arrived(
    _ record: Journal.Record, _ crash: Crash, isLast: Bool, _ random: inout SeededGenerator
  ) -> [Range<Int>] {
    let count = record.data.count
    let offset = record.offset ?? 0
    let unit =
      switch crash.arrival {
      case .pages: 4_096
      case .sectors: 512
      default: count
      }
    if isLast, crash.arrival == .torn || crash.arrival == .tornInside {
      let end = Int.random(in: 0...count, using: &random)
      guard crash.arrival == .torn, end < count else { return [0..<end] }
      return [0..<max(end - (offset + end) % 512, 0)]
    }
    var pieces: [Range<Int>] = []
    var at = 0
    while at < count {
      // Sectors lie where the device has them, wherever the write begins.
      let end = unit == count ? count : min(count, at + unit - (offset + at) % unit)
      if arrives(crash, &random) { pieces.append(at..<end) }
      at = end
    }
    return pieces
  }
}
