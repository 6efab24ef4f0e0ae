import Testing
import WakelogImport
