internal import Glibc

guard CommandLine.arguments.dropFirst().first == "demo" else {
  print("wakelog")
  exit(0)
}
var options = Demo.Options()
options.asJSON = CommandLine.arguments.contains("--json")
options.hasColour = isatty(STDOUT_FILENO) == 1
exit(Demo.run(options) { print($0, terminator: "") })
