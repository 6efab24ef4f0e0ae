import Foundation
import Testing
import Wakelog
import WakelogImport
import WakelogTesting

/// Damaged stores: whatever is in them, the tool reports it or refuses, and the log stays sound.
///
/// A few dozen rounds of each store by default; `WAKELOG_FUZZ_SECONDS=300 swift test --filter
/// WakelogImportTests.FuzzTests` goes on for that long. A failure names its seed, which
/// `WAKELOG_FUZZ_SEED` begins with.
struct FuzzTests {
  static let stores: [(HostKind, String)] = [
    (.hermes, "hermes/life"), (.hermes, "hermes/incident-3210"), (.archon, "archon/life.db"),
    (.archon, "archon/incident-1280.db"), (.paperclip, "paperclip/life"),
    (.paperclip, "paperclip/incident-6608"), (.openclaw, "openclaw/life"),
    (.openclaw, "openclaw/incident-77011"), (.openclaw, "openclaw/database"),
    (.openclaw, "openclaw/compressed"),
  ]

  @Test(arguments: stores)
  func `a damaged store never harms the log`(_ host: HostKind, _ name: String) throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["WAKELOG_FUZZ_SECONDS"].flatMap { Double($0) }
    let first = environment["WAKELOG_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    let end = seconds.map { Date(timeIntervalSinceNow: $0 / Double(Self.stores.count)) }
    var seed = first
    var taken = 0
    while end.map({ Date() < $0 }) ?? (seed < first + 12) {
      if try round(host, name, seed) { taken += 1 }
      seed += 1
    }
    // Damage that always makes a store unreadable would test nothing.
    #expect(taken > 0)
  }

  /// One round; gives whether the store could be taken.
  private func round(_ host: HostKind, _ name: String, _ seed: UInt64) throws -> Bool {
    let place = try Place()
    let store = try place.store(name)
    var chance = SeededGenerator(seed: seed)
    try damage(store, &chance)
    let first: Imported
    do {
      first = try place.take(host, store)
    } catch is ImportError {
      return false
    }
    #expect(first.isSound, "seed \(seed) of \(name)")
    #expect(
      first.events.allSatisfy { $0["imported"]?.bool == true }, "seed \(seed) of \(name)")
    let second = try place.take(host, store)
    #expect(second.report.events == 0, "seed \(seed) of \(name)")
    #expect(second.stateHash == first.stateHash, "seed \(seed) of \(name)")
    return true
  }

  private func damage(_ store: String, _ chance: inout SeededGenerator) throws {
    var files = [store]
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: store, isDirectory: &isFolder)
    if isFolder.boolValue {
      files = try FileManager.default.subpathsOfDirectory(atPath: store).sorted()
        .map { store + "/" + $0 }
        .filter { FileManager.default.contents(atPath: $0) != nil }
    }
    for _ in 0..<Int.random(in: 1...3, using: &chance) {
      let file = files.randomElement(using: &chance)!
      var bytes = [UInt8](FileManager.default.contents(atPath: file) ?? Data())
      guard !bytes.isEmpty else { continue }
      for _ in 0..<Int.random(in: 1...6, using: &chance) { change(&bytes, &chance) }
      try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
  }

  private func change(_ bytes: inout [UInt8], _ chance: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &chance)
    let end = min(bytes.count, place + Int.random(in: 1...64, using: &chance))
    switch Int.random(in: 0..<12, using: &chance) {
    case 0: bytes.removeLast(bytes.count - place)
    case 1: bytes.removeSubrange(place..<end)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 3: bytes.insert(contentsOf: Self.words.randomElement(using: &chance)!.utf8, at: place)
    case 4: bytes[place] = 0
    case 5:
      // A digit becomes another: times, numbers and ids that contradict each other.
      let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
      guard let digit = digits.randomElement(using: &chance) else { return }
      bytes[digit] = UInt8.random(in: 48...57, using: &chance)
    default: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &chance)
    }
  }

  private static let words = [
    "\"", "{", "}", "null", "../..", "\u{0}", "\n", ",,,", "1e999", "-1", "[[[[[[", "💥", "\\u0000",
    "99999999999999999999",
  ]
}
