internal import CWakelogSystem
internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogModel

/// Serves every connection of a Unix socket, each on threads of its own, over one engine.
struct SocketServer {
  /// Connections at a time.
  static let limit = 2_048
  /// Descriptors that connections leave to the engine.
  static let spareDescriptors = 16

  private let service: Service
  private let listener: SocketListener
  private let open = Monitor(0)
  private let descriptors = Descriptor.raiseLimit()

  init(_ service: Service, _ listener: SocketListener) {
    self.service = service
    self.listener = listener
  }

  /// Accepts until told to stop, then lets the connections finish.
  func run() {
    var isRefusing = false
    while let descriptor = next() {
      guard peerUser(of: descriptor) == geteuid() else {
        close(descriptor)
        printError("a connection of another user was refused")
        continue
      }
      let obstacle = admit(descriptor)
      if let obstacle {
        refuse(descriptor, because: obstacle)
        // Once, however often such a client tries again.
        if !isRefusing { printError("a connection was refused: \(obstacle)") }
      }
      isRefusing = obstacle != nil
    }
    listener.remove()
    let _: Bool = open.wait { $0 == 0 ? true : nil }
  }

  /// Serves a connection; returns what stands in the way if it cannot.
  private func admit(_ descriptor: Int32) -> String? {
    guard Int(descriptor) < descriptors - Self.spareDescriptors else {
      return "the server may open \(descriptors) files, and has as many connections as that allows"
    }
    let hasRoom = open.change { count in
      guard count < Self.limit else { return false }
      count += 1
      return true
    }
    guard hasRoom else { return "the server has \(Self.limit) connections, which is its limit" }
    let connection = Connection(service, input: descriptor, output: descriptor)
    let thread = Thread.start { [open] in
      connection.serve()
      close(descriptor)
      open.change { $0 -= 1 }
    }
    guard let thread else {
      open.change { $0 -= 1 }
      return "the system has no thread left for the server"
    }
    thread.detach()
    return nil
  }

  /// Tells a client that it is not served. The line finds room: nothing was sent before.
  private func refuse(_ descriptor: Int32, because obstacle: String) {
    let refusal = Request.Refusal(
      -32000, "\(obstacle); close a connection, or share one, and connect again",
      data: ["code": "busy", "limit": .integer(Int64(Self.limit))])
    var line = TextBuffer()
    Reply(refusal).write(to: &line)
    _ = Descriptor.write(line.bytes(), to: descriptor)
    close(descriptor)
  }

  /// The next connection; nil once the server is to stop.
  private func next() -> Int32? {
    let stop = service.stop
    while true {
      let ready = Descriptor.wait(
        for: [(listener.descriptor, POLLIN), (stop, POLLIN)], milliseconds: -1)
      if ready[1] != 0 { return nil }
      let descriptor = wakelog_accept(listener.descriptor)
      if descriptor >= 0 { return descriptor }
      // Where the whole system has no descriptors left the connection stays in the queue.
      if errno == EMFILE || errno == ENFILE {
        _ = Descriptor.wait(for: [(stop, POLLIN)], milliseconds: 100)
      }
    }
  }
}
