import Foundation
import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogStore

/// LMDB takes the number of the last commit, and then the header that goes by it. A reader that was
/// held up in between found there the header of a commit that was not announced yet; the next was
/// given the commit before that one, and took the log for replaced.
@Suite struct OlderSnapshotTests {
  let place = Place()

  @Test func `an older snapshot is refused, and the state stays where it was`() throws {
    let stage = try Stage(place)
    let core = Core()
    let began = try stage.log.read { older in
      try stage.write()
      return try stage.log.read { newer in
        let began = [try core.begin(newer.snapshot), try core.begin(older.snapshot)]
        core.end()
        return began
      }
    }
    #expect(began == [2, nil])
    #expect(core.state.position.value == 2)
    stage.log.close()
  }

  @Test func `a reader that is given an older snapshot asks for another`() throws {
    let stage = try Stage(place)
    let older = try stage.headers
    try stage.write()
    let newer = try stage.headers
    let reader = Stage.reading()
    let begun = stage.carryOut([reader], putting: [1: older, 4: newer])
    #expect(begun == [.beginRead, .beginRead, .beginRead, .beginRead])
    #expect(try reader.value() == 2)
    stage.log.close()
    #expect(try place.fault() == nil)
  }

  /// A copy of before is put over the file of a running host.
  @Test func `a log that was replaced is corrupt, and is not waited for longer than half a second`()
    throws
  {
    let stage = try Stage(place)
    let copy = try stage.contents
    try stage.write()
    stage.put(copy)
    let reader = Stage.reading()
    let begun = stage.carryOut([reader])
    #expect(begun == Array(repeating: .beginRead, count: 501))
    expectReplaced(reader)
    stage.log.close()
  }

  @Test func `a writer that looks at an older snapshot asks for another`() throws {
    let stage = try Stage(place)
    let older = try stage.headers
    try stage.write()
    let newer = try stage.headers
    let writer = Stage.writing()
    let begun = stage.carryOut([writer], putting: [1: older, 2: newer])
    #expect(begun == [.beginRead, .beginRead, .beginWrite])
    #expect(try writer.value() == 3)
    stage.log.close()
    #expect(try place.fault() == nil)
  }

  /// It decides anew, within the transaction; there the log is still shorter than it was.
  @Test func `a writer that is given an older log to write to fails alone, and keeps nothing`()
    throws
  {
    let stage = try Stage(place)
    let older = try stage.headers
    try stage.write()
    let newer = try stage.headers
    let (writer, reader) = (Stage.writing(), Stage.reading())
    let begun = stage.carryOut([writer, reader], putting: [2: older, 4: newer])
    #expect(begun == [.beginRead, .beginWrite, .beginWrite, .beginRead])
    expectReplaced(writer)
    #expect(try reader.value() == 2)
    try stage.write()
    #expect(try stage.log.read { try $0.lastSequence } == 3)
    stage.log.close()
    #expect(try place.fault() == nil)
  }

  @Test func `no checkpoint is put onto an older snapshot; the next has all of it`() throws {
    let stage = try Stage(place)
    let older = try stage.headers
    try stage.write()
    let newer = try stage.headers
    let begun = stage.carryOut([Stage.reading(wantsCheckpoint: true)], putting: [2: older])
    #expect(begun == [.beginRead, .beginWrite])
    stage.put(newer)
    let kept = { try stage.log.read { try Checkpoint.restore(LogView(snapshot: $0.snapshot)) } }
    #expect(try kept() == nil)
    try stage.write()
    stage.carryOut([Stage.reading(wantsCheckpoint: true)])
    #expect(try kept()?.position.value == 3)
    stage.log.close()
    #expect(try place.fault() == nil)
  }

  private func expectReplaced(_ job: ResultJob<JSONValue>) {
    let error = #expect(throws: WakelogError.self) { try job.value() }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains(place.log) == true)
    #expect(error?.message.contains("It was replaced") == true)
  }
}
