import Testing
@testable import WakelogStore
