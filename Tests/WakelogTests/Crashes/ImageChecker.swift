import Foundation

/// Rebuilds images, and opens each in a process that was forked for it.
struct ImageChecker {
  /// What the result of a check begins with if all images are well.
  static let allWell = "all well: "

  let path: String
  private let fault: StoreFault?
  private let journal: Journal
  private let truth: [UInt64: Set<String>]

  init(path: String, fault: StoreFault?) throws {
    self.path = path
    self.fault = fault
    let recorded = try Journal(path)
    journal = fault?.inject(recorded) ?? recorded
    truth = try CrashCheck.truth(beside: path + "/disk")
  }

  /// Stops at the first image that is not well; writes into a file what that is.
  func run(_ count: Int, seed: UInt64) throws {
    var crashes = Crashes(journal)
    let image = path + "/image"
    for crash in crashes.choose(count, seed: seed) {
      try crashes.image(crash).write(to: image)
      if let words = open(image, crash) {
        guard fault == nil else { return try report(words) }
        // For whoever looks into it, beyond the test.
        let kept = NSTemporaryDirectory() + "wakelog-crash-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: path, toPath: kept)
        return try report("\(words)\n\(crash); journal and image are in \(kept)")
      }
      try FileManager.default.removeItem(atPath: image)
    }
    let flushes = min(count / 2, crashes.flushCount)
    try report(
      Self.allWell + "\(count) images, at \(flushes) of \(crashes.flushCount) flushes, seed \(seed)"
    )
  }

  private func report(_ words: String) throws {
    try words.write(toFile: path + "/result", atomically: true, encoding: .utf8)
  }

  /// What is not well with an image; nil when all is.
  private func open(_ image: String, _ crash: Crash) -> String? {
    // Swift hides fork, as it should.
    typealias Fork = @convention(c) () -> pid_t
    let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
    let child = fork()
    if child == 0 {
      alarm(60)
      do {
        let mayBeRefused = crash.arrival == .tornInside
        try CrashCheck(folder: image, truth: truth, mayBeRefused: mayBeRefused).run()
        _exit(0)
      } catch {
        try? "\(error)".write(toFile: path + "/words", atomically: false, encoding: .utf8)
        _exit(1)
      }
    }
    precondition(child > 0, "no process can be made")
    var status: Int32 = 0
    waitpid(child, &status, 0)
    switch status {
    case 0: return nil
    case 1 << 8: return try? String(contentsOfFile: path + "/words", encoding: .utf8)
    default: return "the process that opened it ended with signal \(status & 0x7F)"
    }
  }
}
