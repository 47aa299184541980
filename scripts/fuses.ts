import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** The switches in Electron's program, by their names. */
export type Fuses = Record<keyof typeof FuseV1Options, boolean>;

/**
 * How they stand in a package. `inspect` is for a build that tests drive: Playwright speaks to Electron through the inspector.
 * Electron checks the archive's hash on macOS and Windows alone.
 */
export function fusesFor(platform: string, inspect: boolean): Fuses {
  return {
    // Nobody runs scripts of their own with our program's name and signature.
    RunAsNode: false,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: inspect,
    EnableCookieEncryption: true,
    EnableEmbeddedAsarIntegrityValidation: platform !== 'linux',
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    // The page is on its own scheme.
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  };
}

/** Sets all fuses of a program. @throws Error when Electron has one that is not named here, or lacks one that is */
export async function setFuses(
  program: string,
  fuses: Fuses,
  { resetAdHocDarwinSignature }: { resetAdHocDarwinSignature: boolean },
): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature,
    [FuseV1Options.RunAsNode]: fuses.RunAsNode,
    [FuseV1Options.EnableCookieEncryption]: fuses.EnableCookieEncryption,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]:
      fuses.EnableNodeOptionsEnvironmentVariable,
    [FuseV1Options.EnableNodeCliInspectArguments]: fuses.EnableNodeCliInspectArguments,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]:
      fuses.EnableEmbeddedAsarIntegrityValidation,
    [FuseV1Options.OnlyLoadAppFromAsar]: fuses.OnlyLoadAppFromAsar,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]:
      fuses.LoadBrowserProcessSpecificV8Snapshot,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: fuses.GrantFileProtocolExtraPrivileges,
    [FuseV1Options.WasmTrapHandlers]: fuses.WasmTrapHandlers,
  });
}
