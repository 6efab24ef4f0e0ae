internal import Glibc

var options = Demo.Options()
options.asJSON = CommandLine.arguments.contains("--json")
options.hasColour = isatty(STDOUT_FILENO) == 1
exit(Demo.run(options) { print($0, terminator: "") })
