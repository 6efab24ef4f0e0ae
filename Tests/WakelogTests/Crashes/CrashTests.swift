import CRecorder
import Foundation
import Testing

/// Disks after a loss of power: every write and flush of a load is recorded, disks are rebuilt on
/// which only what was flushed is certain, and each is opened.
///
/// `WAKELOG_CRASHES` says how many; with 10,000 every flush of the loads is among the moments.
@Suite(.enabled(if: recorder_is_there(), "a sanitizer stands before the calls to be recorded"))
struct CrashTests {
  let recording = try! Recording()

  static var count: Int {
    ProcessInfo.processInfo.environment["WAKELOG_CRASHES"].flatMap { Int($0) } ?? 300
  }

  @Test(arguments: CrashLoad.allCases)
  func `whatever a loss of power leaves has all that was answered`(load: CrashLoad) async throws {
    try await recording.record(load)
    let seed = UInt64.random(in: 0...UInt64.max)
    let count = Self.count / CrashLoad.allCases.count
    let found = try await recording.check(count, seed: seed)
    #expect(found == nil, "\(load), seed \(seed)")
  }
}

/// The recorder sees all there is, and the checks find what they look for.
@Suite(.enabled(if: recorder_is_there(), "a sanitizer stands before the calls to be recorded"))
struct CrashRecorderTests {
  let recording = try! Recording()

  @Test(arguments: CrashLoad.allCases)
  func `the journal has every change of every file`(load: CrashLoad) async throws {
    try await recording.record(load)
    let journal = try recording.journal
    var crashes = Crashes(journal)
    let files = crashes.image(Crash(cut: journal.records.count, arrival: .all, seed: 0)).files
    #expect(try Set(files.keys) == Set(recording.files()))
    #expect(files.count >= 2)
    // Callers append their answers at once, and which comes first is of no account.
    for (path, content) in files where path != Journal.answers {
      #expect(try Data(contentsOf: URL(fileURLWithPath: recording.disk + "/" + path)) == content)
    }
  }

  @Test(arguments: StoreFault.allCases)
  func `a store that does it wrong is found out`(fault: StoreFault) async throws {
    try await recording.record(.methods)
    #expect(try await recording.check(120, seed: 5, fault: fault) != nil)
  }
}
