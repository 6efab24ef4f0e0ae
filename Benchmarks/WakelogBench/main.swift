// Measures the engine beside bare LMDB and prints one Markdown table.
//
// What was expected before anything was measured, per operation:
//
// - A run that resumes and succeeds is two calls and five events: wake requested, run started,
//   attempt started; attempt finished, run finished. Their records have 38 bytes of header and 4
//   to 55 of fields; with frame, key and node each takes 23 more, so that an event is about 86
//   bytes in its table. Names are written once, a seal of 33 to 40 bytes with every commit, and a
//   checkpoint's rows a few times in the life of a log: 100 bytes an event in large commits, and
//   20 more when every call has a commit, a seal and half-filled pages of its own.
// - A commit costs two flushes: the data, then LMDB's header page. One caller alone pays for two
//   a call; callers who wait together share them, so that 64 of them pay for one commit of some
//   thirty calls while the other half prepare theirs. A commit writes the last page of `events`
//   and of `seals`, the branch above each, the table of tables and the list of free pages: six to
//   seven pages, where LMDB with one table writes four.
// - Replaying allocates nothing but new rows. A decision allocates the list of its events and what
//   the candidates looked at take; a call allocates its JSON result besides.
// - Memory is one row of 232 bytes for a session and one of 120 for each id it ever had.

let options = Options(CommandLine.arguments)
if options.child != nil {
  try Child(options).run()
} else {
  var suite = Suite(options)
  try await suite.run()
}
