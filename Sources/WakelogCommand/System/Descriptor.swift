internal import CWakelogSystem
internal import Glibc

/// What a process does with file descriptors, one function per need; interrupted calls are retried.
enum Descriptor {
  /// Reads what there is, up to the buffer's size: the count, 0 at the end, -1 for an error.
  static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = wait(for: [(descriptor, POLLIN)], milliseconds: -1)
      default: return -1
      }
    }
  }

  /// Writes all of it; false when the other side is gone or the disk is full. What standard output
  /// does not take is remembered, whoever writes there; a reader that has gone away is no error.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    write(bytes[...], to: descriptor)
  }

  /// Writes all of a part.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = unsafe Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count >= 0 {
          done += count
        } else if errno == EAGAIN {
          _ = wait(for: [(descriptor, POLLOUT)], milliseconds: -1)
        } else if errno != EINTR {
          if descriptor == STDOUT_FILENO, errno != EPIPE, errno != ECONNRESET {
            StandardOutput.remember(errno)
          }
          return false
        }
      }
      return true
    }
  }

  /// Waits for the first of some descriptors to become ready, which includes its end; what each is
  /// ready for, all zero when the time has passed.
  static func wait(for wanted: [(descriptor: Int32, events: Int32)], milliseconds: Int32) -> [Int32]
  {
    var polled = wanted.map { pollfd(fd: $0.descriptor, events: Int16($0.events), revents: 0) }
    while true {
      let count = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
      if count >= 0 || errno != EINTR { return polled.map { Int32($0.revents) } }
    }
  }

  /// A pipe whose ends are not inherited; nil when the process has no descriptors left.
  static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard unsafe wakelog_pipe(&ends) == 0 else { return nil }
    return (ends[0], ends[1])
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

/// The system's words for the last error of a system call.
func systemError(_ code: Int32 = errno) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
