import CRecorder
import Foundation
import TestSupport
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// A folder, in memory, with the disk that is recorded, its journal, and the images made of it.
final class Recording: Sendable {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder(inMemory: true)
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
  }

  var path: String { folder.path }
  var disk: String { path + "/disk" }
  var journal: Journal { get throws { try Journal(path) } }

  /// Lets a load run in processes of its own, recorded.
  func record(_ load: CrashLoad) async throws {
    try load.prepare(disk)
    try Journal.keep(disk, beside: path)
    async let first: Void = run(load, 0)
    if load.processCount > 1 { await run(load, 1) }
    await first
    let words = try? String(contentsOfFile: path + "/words", encoding: .utf8)
    #expect(words == nil, "the load \(load) did not end well")
    let log = try Log.open(disk + "/log", options: LogOptions(readOnly: true))
    defer { log.close() }
    try CrashCheck.note(log, beside: disk)
  }

  private func run(_ load: CrashLoad, _ number: Int) async {
    await #expect(processExitsWith: .success) {
      [path = path as String, load = load.rawValue as String, number = number as Int] in
      alarm(120)
      recorder_begin(path + "/disk", path + "/journal")
      try Finding.write(to: path + "/words") {
        try CrashLoad(rawValue: load)!.run(path + "/disk", number: number)
      }
    }
  }

  /// The files on the disk that are recorded.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: disk).filter { path in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: disk + "/" + path, isDirectory: &isFolder)
      return !isFolder.boolValue && !path.hasSuffix("lock.mdb") && !path.hasSuffix("writer.lock")
    }
  }

  /// Rebuilds that many images of what was recorded, with a fault that a store might have, and opens
  /// each; gives what is not well with the first that is not, and nil when all are.
  func check(_ count: Int, seed: UInt64, fault: StoreFault? = nil) async throws -> String? {
    await #expect(processExitsWith: .success) {
      [
        path = path as String, count = count as Int, seed = seed as UInt64,
        fault = (fault?.rawValue ?? "") as String
      ] in
      let checker = try ImageChecker(path: path, fault: StoreFault(rawValue: fault))
      try checker.run(count, seed: seed)
    }
    let result = try String(contentsOfFile: path + "/result", encoding: .utf8)
    guard result.hasPrefix(ImageChecker.allWell) else { return result }
    print(result)
    return nil
  }
}
