import Wakelog
import WakelogModel

extension Suite {
  /// Durable calls by one caller and by 64, beside LMDB's own durable commits, in turn.
  mutating func callers() async throws {
    let paths = ["many", "alone", "bare"].map(scratch)
    paths.forEach(Machine.remove)
    let many = try Engine.open(paths[0])
    let alone = try Engine.open(paths[1])
    let bare = Bare(paths[2])
    let crowd = Crowd(engine: many, callers: 64, keys: 100)
    let one = Crowd(engine: alone, callers: 1, keys: 100)
    let seconds = options.isQuick ? 0.3 : 1.5
    _ = try crowd.onThreads(seconds: seconds)
    _ = try one.onThreads(seconds: seconds)
    var threads = Samples()
    var tasks = Samples()
    var single = Samples()
    var puts = Samples()
    var rows = Samples()
    for _ in 0..<turns {
      // Single commits vary most with the disk's moods, so they alternate in short blocks.
      var blocks = [Samples(), Samples(), Samples()]
      for _ in 0..<5 {
        blocks[0].add(try one.onThreads(seconds: seconds / 15))
        blocks[1].add(commits(bare, seconds / 15, sealSize: nil))
        blocks[2].add(commits(bare, seconds / 15, sealSize: 33))
      }
      single.add(blocks[0].median)
      puts.add(blocks[1].median)
      rows.add(blocks[2].median)
      threads.add(try crowd.onThreads(seconds: seconds))
      tasks.add(try await crowd.asTasks(seconds: seconds))
    }
    add("64 threads, each waiting for its answer", threads, single)
    add("64 tasks, each awaiting its answer", tasks, single)
    let ratio = single.over(puts).median
    report.add(
      Row(
        "one caller alone, events/s", target: "at least 0.85 of bare commits",
        measured: shown(single.median), spread: single.spread(), ratio: fixed(ratio, 2),
        isMet: ratio >= 0.85))
    report.add(
      Row(
        "bare LMDB, the records alone, in one table", measured: shown(puts.median),
        spread: puts.spread()))
    report.add(
      Row(
        "bare LMDB, with a seal in a table of its own (ratio: the caller's to it)",
        measured: shown(rows.median), spread: rows.spread(),
        ratio: fixed(single.over(rows).median, 2)))
    report.add(try SizeOnDisk(many).row("bytes on disk per event, 64 callers"))
    report.add(try SizeOnDisk(alone).row("bytes on disk per event, one caller"))
    many.close()
    alone.close()
    paths.forEach(Machine.remove)
  }

  /// The events a second that LMDB makes durable: three and two a commit, as wakes and finishes.
  private func commits(_ bare: Bare, _ seconds: Double, sealSize: Int?) -> Double {
    let before = bare.last
    let start = Machine.seconds
    while Machine.seconds < start + seconds {
      bare.append(3, size: recordBytes, sealSize: sealSize)
      bare.append(2, size: recordBytes, sealSize: sealSize)
    }
    return Double(bare.last - before) / (Machine.seconds - start)
  }

  private mutating func add(_ what: String, _ samples: Samples, _ single: Samples) {
    let ratio = samples.over(single).median
    report.add(
      Row(
        "\(what), events/s", target: "at least 100,000, 15 times one alone",
        measured: shown(samples.median), spread: samples.spread(), ratio: fixed(ratio, 1),
        isMet: samples.median >= 100_000 && ratio >= 15))
  }
}
