import { SoundpostError } from '../soundpost-error.ts';

/** What electron-updater and Chromium's or Node's network say, in words. */
export function updateFailure(error: unknown): SoundpostError {
  if (error instanceof SoundpostError) return error;
  const said = error instanceof Error ? `${codeOf(error)} ${error.message}` : String(error);
  const [, message = usual] = meanings.find(([form]) => form.test(said)) ?? [];
  const code = /\bENOSPC\b|\bEDQUOT\b/.test(said) ? 'disk_full' : 'update_failed';
  return new SoundpostError(code, message, { cause: error });
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';

const usual =
  'The update failed, and this version was left as it is. Try again later, or install the new one by hand; the log has the details.';

const meanings: [form: RegExp, words: string][] = [
  [
    /ENOSPC|EDQUOT/,
    'The disk of this computer is full, so the update could not be kept. Free some space and try again.',
  ],
  [
    /ERR_CHECKSUM_MISMATCH|INVALID_SIGNATURE|not signed by the application owner|[Cc]ode signature/,
    'What came is not what the release names, or was not signed by whoever made this program. It was thrown away, and nothing was installed. Try again later.',
  ],
  [
    /CHANNEL_FILE_NOT_FOUND|LATEST_VERSION_NOT_FOUND|NO_PUBLISHED_VERSIONS|ASSET_NOT_FOUND|NO_FILES_PROVIDED|\b404\b/,
    'The place for updates has no release for this system. Nothing is wrong with this computer.',
  ],
  [
    /INVALID_UPDATE_INFO|INVALID_RELEASE_FEED|INVALID_VERSION/,
    'The place for updates answered with something that is no release. Nothing is wrong with this computer; try again later.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|net::ERR_|timed out|socket hang up/i,
    'The place for updates could not be reached. Check the network and its proxy, and try again.',
  ],
  [
    /HTTP_ERROR_|"method: GET url:|\b(?:403|429|5\d\d)\b/,
    'The place for updates refused to answer. Try again later.',
  ],
];
