// A host imports `Wakelog` alone: the words of the model are the engine's own.
@_exported public import WakelogModel
