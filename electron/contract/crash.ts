/** What the crash dumps take on this computer. */
export type CrashDumpUsage = { count: number; bytes: number };
