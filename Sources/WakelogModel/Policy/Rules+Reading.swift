extension Rules {
  /// The sections of a document in its order.
  static let sections = ["reset", "resume", "fallback", "lease", "attention"]

  /// As many seconds as nanoseconds in 64 bits can hold: 292 years.
  fileprivate static let mostSeconds: Int64 = 9_223_372_036
  private static let seconds: ClosedRange<Int64> = 0...mostSeconds

  /// Replaces the rules that a document gives, and leaves the others as they are.
  mutating func read(_ document: PolicyReader) throws(PolicyError) {
    try reset.read(document)
    if let section = try document.object(
      "resume", keys: ["unscopedFallsBackToAgent", "boundToHost"])
    {
      try section.read("unscopedFallsBackToAgent", into: &resume.unscopedFallsBackToAgent)
      try section.read("boundToHost", into: &resume.boundToHost)
    }
    if let section = try document.object(
      "fallback", keys: ["maxAttempts", "suspectLimit", "inUse"])
    {
      try section.read("maxAttempts", in: 1...100, into: &fallback.maxAttempts)
      try section.read("suspectLimit", in: 1...100, into: &fallback.suspectLimit)
      try section.read("inUse", into: &fallback.inUse)
    }
    if let section = try document.object("lease", keys: ["seconds"]) {
      try section.readLimit("seconds", atMost: Self.mostSeconds, into: &lease.seconds)
    }
    if let section = try document.object("attention", keys: ["silentSeconds", "stuckSeconds"]) {
      try section.read("silentSeconds", in: Self.seconds, into: &attention.silentSeconds)
      try section.read("stuckSeconds", in: Self.seconds, into: &attention.stuckSeconds)
    }
  }
}

extension Rules.Reset {
  private static let keys = [
    "reasons", "unscopedTimer", "idleSeconds", "dailyAtHour", "exemptSources", "rotate",
    "invalidateOn", "explicitResumeWins",
  ]

  fileprivate mutating func read(_ document: PolicyReader) throws(PolicyError) {
    guard let section = try document.object("reset", keys: Self.keys) else { return }
    try section.read("reasons", into: &reasons)
    try section.read("unscopedTimer", into: &unscopedTimer)
    try section.readLimit("idleSeconds", atMost: Rules.mostSeconds, into: &idleSeconds)
    try section.read("dailyAtHour", in: 0...23, into: &dailyAtHour)
    try section.read("exemptSources", into: &exemptSources)
    if section.isNull("rotate") { rotate = nil }
    if let limits = try section.object("rotate", keys: ["runs", "inputTokens", "ageSeconds"]) {
      var rotation = Rules.Rotation()
      try limits.readLimit("runs", atMost: .max, into: &rotation.runs)
      try limits.readLimit("inputTokens", atMost: .max, into: &rotation.inputTokens)
      try limits.readLimit("ageSeconds", atMost: Rules.mostSeconds, into: &rotation.ageSeconds)
      rotate = rotation
    }
    try section.read("invalidateOn", into: &invalidateOn)
    try section.read("explicitResumeWins", into: &explicitResumeWins)
  }
}
