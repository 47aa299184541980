/**
 * What keyrings, D-Bus and their libraries read from the environment, and what Windows needs to start any process. All
 * else stays out, above all BASETEN_API_KEY and NODE_OPTIONS.
 */
const PASSED_ON =
  /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|DBUS_SESSION_BUS_ADDRESS|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DESKTOP_SESSION|GNOME_KEYRING_CONTROL|KDE_\w+|LD_LIBRARY_PATH|SYSTEMROOT|WINDIR|SYSTEMDRIVE|USERPROFILE|USERNAME|USERDOMAIN|APPDATA|LOCALAPPDATA|PROGRAMDATA|TEMP|TMP)$/i;

/** The environment for the keychain's process, out of the one that Soundpost was started with. */
export function keychainEnvironment(
  environment: Record<string, string | undefined>,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && PASSED_ON.test(name)) passed[name] = value;
  }
  // Errors of the keyring's libraries are told apart by their English sentences.
  return { ...passed, LC_ALL: 'C' };
}
