import Foundation
import Testing

@testable import WakelogStore

/// One torn header refused a whole log, and a bad page everything before it.
struct SalvageTests {
  let place = Place()

  private var target: String { place.path + "/saved" }

  private func makeData() throws -> Data {
    let log = try DamageTests.makeLog(place.log)
    log.close()
    return try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
  }

  private func put(_ data: Data) throws {
    try data.write(to: URL(fileURLWithPath: place.log + "/data.mdb"))
    Place.remove(target)
  }

  private func texts(_ path: String) throws -> [String] {
    let log = try Log.open(path)
    defer { log.close() }
    let check = try log.verify()
    #expect(check.ok, "\(check)")
    return try log.texts()
  }

  @Test func aSoundLogIsSavedWhole() throws {
    try put(makeData())
    let salvage = try Salvage.run(place.log, to: target)
    #expect(salvage.losses.isEmpty && salvage.strays.isEmpty, "\(salvage.losses)")
    let saved = try Log.open(target)
    let original = try Log.open(place.log)
    var (one, two) = (try Content(saved), try Content(original))
    one.checkpoint = []
    two.checkpoint = []
    #expect(one == two)
  }

  @Test func aTornHeaderLeavesTheOlder() throws {
    var data = try makeData()
    try put(data)
    let whole = try texts(place.log)
    data = try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
    for page in 0..<2 {
      var torn = data
      torn.replaceSubrange(page * 4096..<page * 4096 + 200, with: [UInt8](repeating: 0, count: 200))
      try put(torn)
      let salvage = try Salvage.run(place.log, to: target)
      #expect(salvage.losses.contains { $0.hasPrefix("header \(page)") })
      let saved = try texts(target)
      #expect(saved == Array(whole.prefix(saved.count)) && saved.count > whole.count - 10)
    }
  }

  @Test func damagedPagesCostWhatStoodOnThem() throws {
    let data = try makeData()
    try put(data)
    let whole = try texts(place.log)
    var random = SplitMix(3)
    var partly = 0
    for _ in 0..<60 {
      var damaged = data
      for _ in 0..<3 {
        let page = 2 + Int(random.next() % UInt64(data.count / 4096 - 2))
        let at = page * 4096 + Int(random.next() % 4096)
        damaged[at] ^= UInt8(truncatingIfNeeded: random.next() | 1)
      }
      try put(damaged)
      guard let salvage = try? Salvage.run(place.log, to: target) else { continue }
      let saved = try texts(target)
      #expect(saved == Array(whole.prefix(saved.count)))
      #expect(saved.count == whole.count || !salvage.losses.isEmpty)
      for stray in salvage.strays {
        #expect(whole[Int(stray.sequence) - 1] == String(decoding: stray.record, as: UTF8.self))
      }
      if saved.count < whole.count, saved.count > 0 { partly += 1 }
    }
    #expect(partly > 0)
  }

  @Test func noiseIsAnErrorAndNoCrash() throws {
    let data = try makeData()
    var random = SplitMix(5)
    for round in 0..<40 {
      var noise = data
      for _ in 0..<(round + 1) * 40 {
        noise[Int(random.next() % UInt64(noise.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if round % 4 == 0 { noise = noise.prefix(Int(random.next() % UInt64(noise.count))) }
      try put(noise)
      do {
        _ = try Salvage.run(place.log, to: target)
        _ = try texts(target)
      } catch let error as StoreError {
        #expect([.corrupt, .notALog].contains(error.code), "\(error)")
      }
    }
  }

  @Test func aLogOfFormat1IsSavedAsFormat2() throws {
    mkdir(place.log, 0o700)
    try put(Data(contentsOf: URL(fileURLWithPath: ConversionTests.fixture)))
    let salvage = try Salvage.run(place.log, to: target)
    #expect(salvage.losses.isEmpty && salvage.events == 576, "\(salvage.losses)")
    let log = try Log.open(target)
    #expect(try log.verify().seals == 260)
  }
}
