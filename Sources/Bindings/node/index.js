import wakelog from './index.cjs';

export const {
  Engine, Client, OutputReader, providers, command, classify,
  WakelogError, InvalidParameterError, UnknownMethodError, StaleFenceError, NotFoundError,
  ConflictError, BusyError, CorruptError, DiskFullError, ReadOnlyError, TooLargeError,
  HostSupersededError, DisconnectedError,
} = wakelog;
