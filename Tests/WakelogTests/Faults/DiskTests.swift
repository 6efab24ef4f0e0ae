import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// A file system of its own, of a size. Needs root; without, the tests say that they were skipped.
private struct Disk: ~Copyable {
  let path: String

  init?(_ place: Place, size: String) {
    path = place.path + "/disk"
    mkdir(path, 0o700)
    guard mount("tmpfs", path, "tmpfs", 0, "size=" + size) == 0 else {
      print("SKIPPED: a file system of its own cannot be mounted here (\(errno))")
      return nil
    }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  /// Takes up room until it is given back.
  func fill(leaving bytes: Int = 0) {
    var status = statvfs()
    statvfs(path, &status)
    let free = Int(status.f_bavail) * Int(status.f_bsize)
    let filler = Data(count: max(free - bytes, 0))
    _ = FileManager.default.createFile(atPath: "\(path)/filler\(free)", contents: filler)
  }

  func giveBack() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix("filler") { unlink(path + "/" + name) }
  }

  func makeReadOnly() -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0
  }
}

@Suite struct DiskTests {
  let place = Place()

  @Test func `a full disk changes nothing, and room lets it go on`() throws {
    guard let disk = Disk(place, size: "8m") else { return }
    let log = disk.path + "/log"
    let engine = try Engine.open(log, options: .forTests { $0.checkpointEvents = 10 })
    var driver = Driver(seed: 77)
    for _ in 0..<60 { driver.step(engine) }
    disk.fill(leaving: 150_000)
    var failures = 0
    for number in 0..<200 where failures < 20 {
      let before = try engine.stateHash()
      let key: JSONValue = ["key": .string("k\(number)")]
      if let error = engine.refusal("wake", CallerTests.wake("full \(number)").with(key)) {
        #expect(error.code == .diskFull, "\(error)")
        #expect(try engine.stateHash() == before)
        failures += 1
      }
      // Evidence fills the rest.
      if number % 4 == 0 { driver.step(engine) }
      let noise: JSONValue = .string(String(repeating: "x", count: 9_000))
      if let wake = try? engine.ask("wake", CallerTests.wake("big \(number)")) {
        let end: JSONValue = [
          "attempt": wake["attempt"]!, "fence": wake["fence"]!, "turns": 1, "stdout": noise,
        ]
        _ = engine.refusal("finish", end)
      }
    }
    #expect(failures == 20)
    let hash = try engine.stateHash()
    let broken = Mutex<[WakelogError.Code]>([])
    onThreads(8) { caller in
      // A reply takes pages of its own, which a wake alone may find in those that failures freed.
      let key: JSONValue = ["key": .string("later \(caller)")]
      let error = engine.refusal("wake", CallerTests.wake("later \(caller)").with(key))
      broken.withLock { $0.append(error?.code ?? .busy) }
    }
    #expect(broken.withLock { $0 } == Array(repeating: .diskFull, count: 8))
    #expect(try engine.stateHash() == hash)
    #expect(try engine.ask("sessions")["items"]?.array?.isEmpty == false)
    disk.giveBack()
    #expect(try engine.ask("wake", CallerTests.wake("after"))["disposition"] == "started")
    for _ in 0..<60 { driver.step(engine) }
    let last = try engine.stateHash()
    engine.close()
    let store = try Log.open(log)
    #expect(try store.verify().ok)
    #expect(try replay(store).last == last)
    store.close()
    // The checkpoints that failed left nothing out of those that did not.
    let again = try Engine.open(log, options: .forTests())
    #expect(try again.stateHash() == last)
    again.close()
  }

  @Test func `sessions leave memory for a disk that has room, and answer when it is full`() throws {
    guard let disk = Disk(place, size: "8m") else { return }
    let engine = try Engine.open(disk.path + "/log", options: .forTests { $0.smallestCold = 1 })
    for number in 0..<400 {
      try ResultTests.run(engine, "session \(number)", at: Int64(number), ["turns": 1])
    }
    let hash = try engine.stateHash()
    let gone = { try engine.perform(writes: false) { $0.state.pagesGone() } }
    disk.fill()
    try engine.letColdLeave()
    #expect(try gone() == 0)
    #expect(try engine.stateHash() == hash)
    disk.giveBack()
    try engine.letColdLeave()
    #expect(try gone() > 10)
    disk.fill()
    // Whatever is read and changed now needs no more room, as every call takes back what it wrote.
    for number in 0..<400 {
      let wake = CallerTests.wake("session \(number)")
      if let error = engine.refusal("wake", wake) { #expect(error.code == .diskFull) }
    }
    try engine.letColdLeave()
    let last = try engine.stateHash()
    engine.close()
    let store = try Log.open(disk.path + "/log")
    #expect(try replay(store).last == last)
    store.close()
  }

  /// LMDB maps its lock file. On a full disk the first write to that map was a bus error.
  @Test func `a log cannot be made on a full disk, and says so`() throws {
    guard let disk = Disk(place, size: "1m") else { return }
    disk.fill()
    let error = #expect(throws: WakelogError.self) {
      try Engine.open(disk.path + "/log", options: .forTests())
    }
    #expect(error?.code == .diskFull)
    disk.giveBack()
    try Engine.open(disk.path + "/log", options: .forTests()).close()
    disk.fill()
    // With its lock file it is opened, and without one it says why not.
    let engine = try Engine.open(disk.path + "/log", options: .forTests())
    #expect(engine.refusal("wake", CallerTests.wake("s"))?.code == .diskFull)
    engine.close()
    unlink(disk.path + "/log/lock.mdb")
    disk.fill()
    for isReader in [false, true] {
      let error = #expect(throws: WakelogError.self) {
        try Engine.open(disk.path + "/log", options: .forTests { $0.readOnly = isReader })
      }
      #expect(error?.code == .diskFull)
    }
  }

  @Test func `a disk that is read only is read`() throws {
    guard let disk = Disk(place, size: "8m") else { return }
    let log = disk.path + "/log"
    let engine = try Engine.open(log, options: .forTests())
    try engine.ask("wake", CallerTests.wake("s"))
    let hash = try engine.stateHash()
    engine.close()
    guard disk.makeReadOnly() else { return print("SKIPPED: the disk stays writable") }
    let error = #expect(throws: WakelogError.self) { try Engine.open(log, options: .forTests()) }
    #expect(error?.code == .readOnly)
    let reader = try Engine.open(log, options: .forTests { $0.readOnly = true })
    #expect(try reader.stateHash() == hash)
    let refused = reader.refusal("wake", CallerTests.wake("t"))
    #expect(refused?.code == .readOnly && refused?.message.isEmpty == false)
    reader.close()
  }

  @Test func `an engine that only reads refuses every method that writes`() throws {
    let engine = try place.open()
    let wake = try engine.ask("wake", CallerTests.wake("s"))
    let hash = try engine.stateHash()
    engine.close()
    let reader = try place.open { $0.readOnly = true }
    for (method, params) in KeyTests.writing(wake) {
      let params = params.with(["key": "k"])
      #expect(reader.refusal(method, params)?.code == .readOnly, "\(method)")
    }
    for method in ["hello", "sessions", "agents", "attention", "events", "policy", "subscribe"] {
      #expect(reader.refusal(method) == nil, "\(method)")
    }
    #expect(try reader.stateHash() == hash)
    reader.close()
    let host = #expect(throws: WakelogError.self) {
      try place.open {
        $0.readOnly = true
        $0.host = "h"
      }
    }
    #expect(host?.code == .readOnly)
  }

  @Test(arguments: [1, 65_536, 1 << 20]) func `a map of any size grows`(bytes: Int) throws {
    var driver = Driver(seed: 13)
    let engine = try place.open { $0.mapSizeBytes = bytes }
    let text = String(repeating: "x", count: 20_000)
    for number in 0..<40 {
      driver.step(engine)
      let end: JSONValue = ["turns": 1, "stdout": .string(text)]
      try ResultTests.run(engine, "big \(number)", at: Int64(number), end)
    }
    onThreads(8) { caller in
      for round in 0..<10 {
        #expect(engine.refusal("wake", CallerTests.wake("\(caller) \(round)")) == nil)
      }
    }
    let hash = try engine.stateHash()
    engine.close()
    #expect(try place.fault() == nil)
    let again = try place.open { $0.mapSizeBytes = bytes }
    #expect(try again.stateHash() == hash)
    again.close()
  }
}
