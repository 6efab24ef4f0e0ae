internal import Glibc

/// How the terminal was set, to be set so again when a program that changed it died.
struct TerminalModes {
  private let modes: termios

  /// Remembers the modes of the terminal on standard input; nil where there is none.
  init?() {
    var modes = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &modes) == 0 else { return nil }
    self.modes = modes
  }

  /// Sets them again, unless the terminal is another job's by now.
  func restore() {
    guard tcgetpgrp(STDIN_FILENO) == getpgrp() else { return }
    var modes = modes
    unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
  }
}
