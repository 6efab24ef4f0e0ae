import Glibc

/// Time, memory, files and processes, by POSIX alone.
enum Machine {
  /// Seconds on a clock that never goes back.
  static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// How long a closure takes, in seconds.
  static func time(_ body: () throws -> Void) rethrows -> Double {
    let start = seconds
    try body()
    return seconds - start
  }

  /// A line of /proc/self/status in bytes: `RssAnon`, `VmRSS`.
  static func memory(_ field: String) -> Int {
    for line in lines(of: "/proc/self/status") where line.hasPrefix(field + ":") {
      let digits = line.filter(\.isNumber)
      return (Int(digits) ?? 0) * 1_024
    }
    return 0
  }

  static func lines(of path: String) -> [Substring] {
    guard let file = unsafe fopen(path, "r") else { return [] }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe getc(file)
      guard byte != EOF else { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// The bytes of a file that are on disk: a sparse file's holes do not count.
  static func bytesOnDisk(_ path: String) -> Int {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return 0 }
    return Int(status.st_blocks) * 512
  }

  /// Removes a log's directory.
  static func remove(_ directory: String) {
    for file in ["data.mdb", "lock.mdb", "writer.lock"] { removeFile("\(directory)/\(file)") }
    _ = unsafe rmdir(directory)
  }

  static func removeFile(_ path: String) { _ = unsafe unlink(path) }

  static func makeDirectory(_ path: String) { _ = unsafe mkdir(path, 0o700) }

  /// Whether files can be made in a directory.
  static func canWrite(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

  /// Runs this program again with arguments; gives the lines that it prints.
  static func runSelf(_ arguments: [String]) -> [String] {
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    guard let own = unsafe realpath("/proc/self/exe", nil) else { return [] }
    defer { unsafe free(own) }
    return run("\(unsafe String(cString: own)) \(quoted)")
  }

  /// Runs a command of the shell; gives the lines that it prints.
  static func run(_ command: String) -> [String] {
    guard let pipe = unsafe popen(command, "r") else { return [] }
    defer { unsafe pclose(pipe) }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe getc(pipe)
      guard byte != EOF else { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// Runs a closure on several threads and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  final class Start {
    let body: @Sendable (Int) -> Void
    let index: Int
    init(_ body: @escaping @Sendable (Int) -> Void, _ index: Int) {
      self.body = body
      self.index = index
    }
  }
  var threads: [pthread_t] = []
  for index in 0..<count {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(Start(body, index)).toOpaque()
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        let start = unsafe Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
        start.body(start.index)
        return nil
      }, context)
    precondition(code == 0, "no thread could be started")
    threads.append(thread)
  }
  for thread in threads { pthread_join(thread, nil) }
}
