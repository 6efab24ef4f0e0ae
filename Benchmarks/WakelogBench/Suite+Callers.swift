import CSQLitePeer
import Wakelog
import WakelogModel

extension Suite {
  /// Durable calls by one caller and by 64, beside LMDB's and SQLite's own durable commits, in turn.
  mutating func callers() async throws {
    let paths = ["many", "alone", "bare", "peers"].map(scratch)
    paths.forEach(Machine.remove)
    let many = try Engine.open(paths[0])
    let alone = try Engine.open(paths[1])
    let bare = Bare(paths[2])
    Machine.makeDirectory(paths[3])
    let crowd = Crowd(engine: many, callers: 64, keys: 100)
    let one = Crowd(engine: alone, callers: 1, keys: 100)
    let seconds = options.isQuick ? 0.3 : 1.5
    _ = try crowd.onThreads(seconds: seconds)
    _ = try one.onThreads(seconds: seconds)
    var (threads, tasks, single) = (Samples(), Samples(), Samples())
    var (puts, rows) = (Samples(), Samples())
    var (peer, peers) = (Samples(), Samples())
    for _ in 0..<turns {
      // Single commits vary most with the disk's moods, so they alternate in short blocks.
      var blocks = Array(repeating: Samples(), count: 4)
      for _ in 0..<5 {
        blocks[0].add(try one.onThreads(seconds: seconds / 15))
        blocks[1].add(commits(bare, seconds / 15, sealSize: nil))
        blocks[2].add(commits(bare, seconds / 15, sealSize: 33))
        blocks[3].add(sqlite(paths[3] + "/one.db", threads: 1, seconds / 15))
      }
      single.add(blocks[0].median)
      puts.add(blocks[1].median)
      rows.add(blocks[2].median)
      peer.add(blocks[3].median)
      threads.add(try crowd.onThreads(seconds: seconds))
      tasks.add(try await crowd.asTasks(seconds: seconds))
      peers.add(sqlite(paths[3] + "/many.db", threads: 64, seconds))
    }
    add("64 threads, each waiting for its answer", threads, puts, peers)
    add("64 tasks, each awaiting its answer", tasks, puts, peers)
    let ratio = single.over(puts).median
    report.add(
      Row(
        "one caller alone, events/s", target: "at least 0.95 of bare commits",
        measured: shown(single.median), spread: single.spread(), ratio: fixed(ratio, 2),
        isMet: ratio >= 0.95))
    report.add(
      Row(
        "bare LMDB, the records alone, in one table: \(shown(2_500_000 / puts.median)) µs a commit",
        measured: shown(puts.median), spread: puts.spread()))
    report.add(
      Row(
        "bare LMDB, with a seal in a table of its own (ratio: the caller's to it)",
        measured: shown(rows.median), spread: rows.spread(),
        ratio: fixed(single.over(rows).median, 2)))
    report.add(
      Row(
        "SQLite, one connection, the records alone (ratio: the caller's to it)",
        measured: shown(peer.median), spread: peer.spread(),
        ratio: fixed(single.over(peer).median, 2)))
    report.add(
      Row(
        "SQLite, 64 threads with a connection each (ratio: 64 callers' to it)",
        measured: shown(peers.median), spread: peers.spread(),
        ratio: fixed(threads.over(peers).median, 1)))
    report.add(try SizeOnDisk(many).row("bytes on disk per event, 64 callers"))
    report.add(try SizeOnDisk(alone).row("bytes on disk per event, one caller"))
    many.close()
    alone.close()
    paths.forEach(Machine.remove)
  }

  /// The rows a second that SQLite makes durable, as `commits` does.
  private func sqlite(_ path: String, threads: Int32, _ seconds: Double) -> Double {
    let rate = unsafe sqlite_peer_rows_per_second(path, threads, seconds, Int32(recordBytes))
    precondition(rate > 0, "SQLite refused")
    return rate
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

  /// - Parameters:
  ///   - puts: What bare commits of LMDB reached; each has two and a half events.
  ///   - peers: What SQLite reached with as many threads.
  private mutating func add(
    _ what: String, _ samples: Samples, _ puts: Samples, _ peers: Samples
  ) {
    let ratio = samples.over(peers).median
    let isDiskFast = 2_500_000 / puts.median <= 350
    report.add(
      Row(
        "\(what), events/s",
        target: "6 times SQLite's 64 threads; at least 100,000 where a bare commit takes 350 µs",
        measured: shown(samples.median), spread: samples.spread(), ratio: fixed(ratio, 1),
        isMet: ratio >= 6 && (samples.median >= 100_000 || !isDiskFast)))
  }
}
