internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogModel

extension Command {
  static let serve = Command(
    name: "serve",
    summary: "Serve a log to host programs: JSON-RPC 2.0, one object a line",
    about: """
      For hosts that are not written in Swift, C, Python or JavaScript, or that want the engine in \
      a process of its own. Reads requests from standard input and answers on standard output; \
      with --socket on every connection of a Unix socket that only its owner may use. Answers only \
      what is safely on disk, in the order of the requests. Ends with its input, or by SIGTERM, \
      after everything accepted is answered; what cannot be answered within --grace is counted on \
      standard error, and the exit status is 6. A second SIGTERM ends it at once. A socket serves \
      2,048 connections; further ones receive an error that says so. Any number of servers may \
      share one log.
      """,
    options: [
      .log,
      Option(
        name: "--policy", value: "NAME|FILE",
        help: "adopt this policy for every process on the log"),
      Option(
        name: "--host", value: "NAME",
        help: "this host's name; runs that it left open when it died are ended"),
      Option(
        name: "--take-over", value: nil,
        help: "take the host's name though a process that has it lives"),
      Option(name: "--socket", value: "PATH", help: "serve a Unix socket instead"),
      Option(
        name: "--grace", value: "SECONDS",
        help: "how long a stop may take, 0 to 3600; default 10"),
      Option(
        name: "--cold-after", value: "SECONDS",
        help: "how long sessions that nobody wakes stay in memory, 0 for ever; default 86400"),
      Option(
        name: "--given-clock", value: nil, help: "take times from requests, however far ahead"),
    ],
    examples: [
      "wakelog serve --log /var/lib/agents/log --policy standard --host gateway",
      #"echo '{"jsonrpc":"2.0","id":1,"method":"hello"}' | wakelog serve --log /tmp/log"#,
    ],
    run: serve)

  private static func serve(_ invocation: Invocation) throws -> ExitStatus {
    let folder = try invocation.logFolder()
    var options = Engine.Options()
    options.policy = try invocation.value("--policy").map(readPolicy)
    options.host = invocation.value("--host")
    options.takesOver = invocation.has("--take-over")
    options.givenClock = invocation.has("--given-clock")
    if let seconds = try invocation.integer("--cold-after") {
      options.coldAfterSeconds = Double(seconds)
    }
    options.trustsFolder = invocation.has("--trust-folder")
    options.warn = { printError($0) }
    let grace = Int(try invocation.integer("--grace", in: 0...3_600) ?? 10)
    let socket = Monitor<SocketListener?>(nil)
    let ledger = Ledger()
    let stop = StopSignal.install(graceSeconds: grace) {
      socket.look { $0?.remove() }
      return ledger.close()
    }
    guard let stop else { throw CommandError.refused("the process has no descriptors left") }
    do throws(SocketListener.Failure) {
      if let path = invocation.value("--socket") {
        let listener = try SocketListener(path: path)
        socket.change { $0 = listener }
      }
    } catch {
      throw CommandError(status: error.isInUse ? .refused : .usage, message: error.message)
    }
    let listener = socket.look { $0 }
    let engine: Engine
    do throws(WakelogError) {
      let progress = ConversionProgress()
      options.conversionProgress = { progress.show($0, $1) }
      engine = try Engine.open(folder, options: options)
    } catch {
      listener?.remove()
      let status = CommandError(error).status
      throw CommandError(
        status: status == .usage ? .usage : .unreadable, message: "\(folder): \(error.message)")
    }
    let service = Service(engine, stop: stop.descriptor, ledger)
    if let listener {
      printError("serving \(folder) on \(invocation.value("--socket") ?? "")")
      SocketServer(service, listener).run()
    } else {
      Connection(service, input: STDIN_FILENO, output: STDOUT_FILENO).serve()
    }
    engine.close()
    return .done
  }
}

/// A policy by its built-in name or from a file, which a name with a dot or a slash means.
func readPolicy(_ name: String) throws -> Policy {
  if let policy = Policy.builtIn(named: name) { return policy }
  guard let text = readFile(name) else {
    throw CommandError.usage(
      "no policy '\(name)': neither a file (\(systemError())) nor built in"
        + hint(name, among: Policy.builtInNames))
  }
  do {
    return try Policy(json: JSONParser.parse(text))
  } catch let error as PolicyError {
    throw CommandError.usage("\(name): \(error.field): \(error.message)")
  } catch {
    throw CommandError.usage("\(name): \(error)")
  }
}

/// A file's text; nil when it cannot be read.
func readFile(_ path: String) -> String? {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var text: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = Descriptor.read(descriptor, into: &chunk)
    guard count > 0 else { return count == 0 ? String(decoding: text, as: UTF8.self) : nil }
    text += chunk[..<count]
  }
}
