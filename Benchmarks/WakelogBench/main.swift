// Measures the engine beside bare LMDB and prints one Markdown table.

let options = Options(CommandLine.arguments)
if options.child != nil {
  try Child(options).run()
} else {
  var suite = Suite(options)
  try await suite.run()
}
