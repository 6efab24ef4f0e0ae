internal import CWakelogSystem
internal import Glibc
internal import Wakelog

/// Serves every connection of a Unix socket, each on threads of its own, over one engine.
struct SocketServer {
  /// Connections at a time; further ones wait in the system's queue.
  static let limit = 512
  /// How long a client may take to read its replies when the server is to stop.
  static let graceMilliseconds = 5_000

  let engine: Engine
  let listener: SocketListener
  let stop: StopSignal
  private let open = Monitor(0)
  private let traffic = Traffic(cores: Cores.available)

  init(_ engine: Engine, _ listener: SocketListener, _ stop: StopSignal) {
    self.engine = engine
    self.listener = listener
    self.stop = stop
  }

  /// Accepts until told to stop, then lets the connections finish; false when some have not, and
  /// the engine is still in use.
  func run() -> Bool {
    while let descriptor = next() {
      guard peerUser(of: descriptor) == geteuid() else {
        close(descriptor)
        printError("a connection of another user was refused")
        continue
      }
      open.wait { count in count < Self.limit ? count += 1 : nil }
      let connection = Connection(
        engine, input: descriptor, output: descriptor, stop: stop.descriptor, traffic)
      let thread = Thread.start { [open] in
        if !connection.serve() { printError("no thread is left for a connection") }
        close(descriptor)
        open.change { $0 -= 1 }
      }
      if let thread {
        thread.detach()
      } else {
        close(descriptor)
        open.change { $0 -= 1 }
      }
    }
    listener.remove()
    return open.wait(milliseconds: Self.graceMilliseconds) { $0 == 0 ? true : nil } ?? false
  }

  /// The next connection; nil once the server is to stop.
  private func next() -> Int32? {
    while true {
      let ready = Descriptor.wait(
        for: [(listener.descriptor, POLLIN), (stop.descriptor, POLLIN)], milliseconds: -1)
      if ready[1] != 0 { return nil }
      let descriptor = wakelog_accept(listener.descriptor)
      if descriptor >= 0 { return descriptor }
      // Without descriptors to spare the connection stays in the queue until one is free.
      if errno == EMFILE || errno == ENFILE { usleep(50_000) }
    }
  }
}
