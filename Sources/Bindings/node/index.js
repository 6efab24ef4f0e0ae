import wakelog from './index.cjs';

export const {
  Host, Engine, Client, OutputReader, providers, command, classify,
  WakelogError, InvalidParameterError, UnknownMethodError, StaleFenceError, NotFoundError,
  ConflictError, BusyError, CorruptError, DiskFullError, ReadOnlyError, TooLargeError,
  HostSupersededError, DisconnectedError, RunFailedError, RefusedError,
} = wakelog;
