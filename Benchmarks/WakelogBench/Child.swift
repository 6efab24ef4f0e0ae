import Wakelog
import WakelogModel
import WakelogStore

/// This program started anew, so that memory and time are those of a process that does nothing
/// else. Prints numbers, one a line; bindings as `Suite+Bindings.swift` says.
struct Child {
  let options: Options

  init(_ options: Options) { self.options = options }

  func run() throws {
    let anonymous = Machine.memory("RssAnon")
    let start = Machine.seconds
    switch options.child {
    case "open":
      let engine = try Engine.open(options.directory)
      report(since: start, anonymous)
      engine.close()
    case "replay":
      let log = try Log.open(options.directory, options: LogOptions(readOnly: true))
      var state = State()
      try log.read { try $0.replay(into: &state) }
      report(since: start, anonymous)
      withExtendedLifetime(state) {}
    case "check":
      // What earlier openings found is noted there.
      Machine.removeFile("\(options.directory)/writer.lock")
      let log = try Log.open(options.directory, options: LogOptions())
      report(since: start, anonymous)
      log.close()
    case "cold": try Cold(options).run(anonymousBefore: anonymous)
    case "bindings":
      let engine = try Engine.open(options.directory)
      try SwiftBinding(engine: engine, count: options.events).run()
      engine.close()
    default: break
    }
  }

  private func report(since start: Double, _ anonymous: Int) {
    print(Machine.seconds - start)
    print(Machine.memory("RssAnon") - anonymous)
    print(Machine.memory("VmRSS"))
  }

  /// Runs a part in a process of its own, some times; gives seconds and bytes.
  static func measure(
    _ part: String, _ directory: String, turns: Int
  ) -> (seconds: Samples, anonymous: Samples, resident: Samples) {
    let found = measure(["--child", part, "--dir", directory], turns: turns, numbers: 3)
    return (found[0], found[1], found[2])
  }

  /// Runs this program with arguments, some times; gives each of the numbers that it prints.
  static func measure(_ arguments: [String], turns: Int, numbers: Int) -> [Samples] {
    var found = Array(repeating: Samples(), count: numbers)
    for _ in 0..<turns {
      let lines = Machine.runSelf(arguments).compactMap(Double.init)
      precondition(lines.count == numbers, "the child did not say what it measured")
      for (index, line) in lines.enumerated() { found[index].add(line) }
    }
    return found
  }
}
