internal import Wakelog
internal import WakelogModel

/// `wakelog demo`: five incidents of four hosts, each played twice from the same recorded facts,
/// by the host's rules of the time and by Wakelog.
///
/// What the hosts would have written goes into a second log, as imported events, so that both can
/// be looked at with the same commands. Nothing is printed that the plays did not come to.
enum Demo {
  /// What was asked for.
  struct Options {
    /// Data instead of text.
    var asJSON = false
    /// Whether the reader can see colours.
    var hasColour = false
    /// The folder for the logs, which must not exist yet; nil for a new temporary one.
    var directory: String?
  }

  /// Something wrong in the demo itself.
  struct Fault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }

  /// Plays all incidents and prints them.
  ///
  /// Gives 0 when every incident broke its laws as it was and none here; 1 when that is not so,
  /// or when the plays could not be made.
  static func run(_ options: Options = Options(), print: (String) -> Void) -> Int32 {
    do {
      let show = try Show(directory: try options.directory ?? temporaryDirectory())
      if options.asJSON {
        print(show.json.text + "\n")
      } else {
        var page = Page(ink: Ink(isOn: options.hasColour))
        page.add(show)
        print(page.text)
      }
      return show.isAsTold ? 0 : 1
    } catch {
      print("wakelog: the demo could not be played: \(error)\n")
      return 1
    }
  }
}
