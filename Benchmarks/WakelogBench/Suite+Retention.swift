import Glibc
import Synchronization
import Wakelog
import WakelogModel
import WakelogStore

extension Suite {
  /// The log trimmed to a tenth while eight callers write: how long it takes, what the callers
  /// notice, and what becomes of the file and of memory.
  mutating func retention() throws {
    let path = scratch("retention")
    let archive = scratch("retention-archive")
    let compact = scratch("retention-compact")
    for folder in [path, archive, compact] { _ = Machine.run("rm -rf '\(folder)'") }
    let source = try Engine.open(log)
    try source.copy(to: path, compact: true)
    source.close()
    let size = { (folder: String) in Machine.bytesOnDisk("\(folder)/data.mdb") >> 20 }
    let before = size(path)

    let engine = try Engine.open(path)
    let events = UInt64(try engine.statistics().lastSequence)
    let crowd = Crowd(engine: engine, callers: 8, keys: 50, first: 10_000_000)
    let alone = try crowd.onThreads(seconds: options.isQuick ? 2 : 10)
    let memory = Machine.memory("RssAnon")
    let trim = try crowd.whileTrimming(through: events * 9 / 10, into: archive)
    engine.close()
    let after = size(path)
    let reopened = try Engine.open(path)
    try reopened.copy(to: compact, compact: true)
    reopened.close()

    report.add(
      Row(
        "trim of \(grouped(trim.events)) events of \(grouped(Int(events))) while 8 callers write, s",
        measured: fixed(trim.seconds, 1),
        spread: "\(shown(Double(trim.events) / trim.seconds)) events/s"))
    report.add(
      Row(
        "8 callers meanwhile, events/s", measured: shown(trim.rate),
        spread: "before: \(shown(alone))", ratio: fixed(trim.rate / alone, 2)))
    report.add(
      Row(
        "its file after the trim, MiB", measured: grouped(after),
        spread: "before \(grouped(before)), compact \(grouped(size(compact)))"))
    report.add(
      Row(
        "peak of memory meanwhile, MiB", measured: grouped(trim.peak >> 20),
        spread: "before: \(grouped(memory >> 20))"))
    for folder in [path, archive, compact] { _ = Machine.run("rm -rf '\(folder)'") }
  }
}

extension Crowd {
  /// Lets the callers call while one more thread trims the log, and until that is done.
  fileprivate func whileTrimming(
    through event: UInt64, into archive: String
  ) throws -> (events: Int, seconds: Double, rate: Double, peak: Int) {
    let before = try engine.statistics().lastSequence
    let isDone = Atomic<Bool>(false)
    let moved = Atomic<Int>(0)
    let peak = Atomic<Int>(0)
    let (engine, keys, callers, first) = (engine, keys, callers, first)
    let seconds = Machine.time {
      WakelogBench.onThreads(callers + 2) { index in
        if index == callers {
          let result = try? engine.trim(
            before: .event(event + 1), archive: archive, by: "wakelog-bench")
          moved.store(Int(result?["events"]?.integer ?? 0), ordering: .relaxed)
          isDone.store(true, ordering: .releasing)
        } else if index > callers {
          while !isDone.load(ordering: .acquiring) {
            peak.store(
              max(peak.load(ordering: .relaxed), Machine.memory("RssAnon")), ordering: .relaxed)
            usleep(20_000)
          }
        } else {
          var caller = Caller(engine, name: first + index, keys: keys)
          while !isDone.load(ordering: .acquiring) {
            do { try caller.run() } catch { preconditionFailure("a call failed: \(error)") }
          }
        }
      }
    }
    let events = moved.load(ordering: .relaxed)
    precondition(events > 0, "nothing was trimmed")
    let written = try engine.statistics().lastSequence - before
    return (events, seconds, Double(written) / seconds, peak.load(ordering: .relaxed))
  }
}
