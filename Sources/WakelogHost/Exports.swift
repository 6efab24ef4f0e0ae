// A host imports `WakelogHost` alone.
@_exported public import Wakelog
@_exported public import WakelogProviders
