internal import Glibc
internal import WakelogHost

extension Descriptor {
  /// Writes all of it; false when the other side is gone or the disk is full. What standard output
  /// does not take is remembered, whoever writes there; a reader that has gone away is no error.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    write(bytes[...], to: descriptor)
  }

  /// Writes all of a part.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    guard let error = writeAll(bytes, to: descriptor) else { return true }
    if descriptor == STDOUT_FILENO, error != EPIPE, error != ECONNRESET {
      StandardOutput.remember(error)
    }
    return false
  }

  /// Lets the process have as many descriptors as the system allows it; returns how many.
  static func raiseLimit() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 1_024
    }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0
    return Int(clamping: isRaised ? raised.rlim_cur : limit.rlim_cur)
  }

  /// Whether a descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// How many columns the terminal of a descriptor has; nil where it is none.
  static func columns(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
