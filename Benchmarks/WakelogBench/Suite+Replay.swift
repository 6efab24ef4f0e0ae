import CAllocations
import Wakelog
import WakelogModel
import WakelogStore

extension Suite {
  /// Replay through all reducers beside LMDB's cursor over the same events, in turn.
  mutating func replay() throws {
    let log = try Log.open(self.log, options: LogOptions(readOnly: true, checksPages: false))
    defer { log.close() }
    let bare = BareWalk(self.log)
    var ours = Samples()
    var theirs = Samples()
    var allocations: UInt64 = 0
    for turn in 0...turns {
      var state = State()
      state.sessions.reserve(options.sessions)
      let before = allocations_made()
      let seconds = try Machine.time { try log.read { try $0.replay(into: &state) } }
      allocations = allocations_made() - before
      let walked = Machine.time { precondition(bare.walk() == events) }
      // The first turn maps the pages.
      guard turn > 0 else { continue }
      ours.add(Double(events) / seconds)
      theirs.add(Double(events) / walked)
    }
    let ratio = ours.over(theirs).median
    report.add(
      Row(
        "replay through all reducers, events/s", target: "at least 0.5 of the cursor",
        measured: shown(ours.median), spread: ours.spread(), ratio: fixed(ratio, 2),
        isMet: ratio >= 0.5))
    report.add(
      Row("bare LMDB cursor over them", measured: shown(theirs.median), spread: theirs.spread()))
    let each = Double(allocations) / Double(events)
    report.add(
      Row(
        "allocations per event replayed", target: "none but new rows",
        measured: fixed(each, 6), spread: "\(grouped(Int(allocations))) in all",
        isMet: each < 0.001))
  }
}
