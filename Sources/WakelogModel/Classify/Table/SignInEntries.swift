/// Texts about signing in that speak of sessions: they come before the session family.
let signInEntries: [FailureEntry] = [
  FailureEntry(
    "auth.sessionExpired", .authentication,
    [
      "oauth session @ and could not be refreshed", "oauth session", "sso session", "login session",
      "auth session", "authentication session", "sign-in session", "refresh token expired",
      "session * expired && log in", "session * expired && login", "session * expired && sign in",
      "session * expired && authenticate", "session * expired && credentials",
      "session expired && log in", "session expired && login", "session expired && sign in",
      "session expired && authenticate", "session token * expired", "session token * invalid",
      "invalid session token", "session cookie",
    ],
    source: "openclaw/openclaw#112348, #135519"),
  FailureEntry(
    "auth.interactive", .authentication, providers: ["gemini"],
    ["manual authorization is required"],
    source: "google-gemini/gemini-cli FatalAuthenticationError"),
]
