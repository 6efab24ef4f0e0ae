import Wakelog
import WakelogModel

extension Suite {
  /// Opening the log from its checkpoint, and by replaying all of it.
  mutating func opening() throws {
    let turns = options.isQuick ? 3 : 5
    let checkpoint = Child.measure("open", log, turns: turns)
    let replay = Child.measure("replay", log, turns: turns)
    let check = Child.measure("check", log, turns: turns)
    report.add(
      Row(
        "opening a log that was closed, s", target: "under 0.060 for 10 million events",
        measured: fixed(checkpoint.seconds.median, 3), spread: checkpoint.seconds.spread(),
        isMet: events < 10_000_000 ? nil : checkpoint.seconds.median < 0.06))
    for (what, samples) in [
      ("opening by replay of everything", replay.seconds),
      ("checking every page of the file, as after a crash", check.seconds),
    ] {
      report.add(
        Row("\(what), s", measured: fixed(samples.median, 3), spread: samples.spread()))
    }
  }

  /// Memory for a million sessions, each with a few runs.
  mutating func memory() throws {
    let sessions = options.isQuick ? 100_000 : 1_000_000
    let path = scratch("memory")
    Machine.remove(path)
    let world = World(keys: sessions, seed: 0x3E3)
    world.toIntroduce = sessions
    let engine = try Engine.open(path)
    _ = try world.fill(engine, events: sessions * 8)
    let seen = world.keys.count { $0.session.exists }
    engine.close()
    for (what, part) in [("opened from the checkpoint", "open"), ("after replay", "replay")] {
      let found = Child.measure(part, path, turns: 3)
      let each = found.anonymous.median / Double(seen)
      report.add(
        Row(
          "memory per session, \(grouped(seen)) of them, \(what), bytes", target: "at most 600",
          measured: shown(each),
          spread: "resident in all \(grouped(Int(found.resident.median / 1_048_576))) MiB",
          isMet: each <= 600))
    }
    cold(path, sessions: seen)
    Machine.remove(path)
  }
}
