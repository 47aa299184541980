import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/** Whom https connections trust: Node's list, a CA file of the user's, and the system's list once it is needed. */
export class Trust {
  readonly #caFile: () => Promise<string | undefined>;
  #withSystem = false;
  #made: Promise<tls.SecureContext | undefined> | undefined;
  /** The file it was made with: the user may choose another at any time. */
  #madeWith: string | undefined;

  constructor(caFile: () => Promise<string | undefined>) {
    this.#caFile = caFile;
  }

  /** Made once for a file, as it parses some hundred certificates. Undefined means Node's own. @throws SoundpostError `ca_unusable` */
  async context(): Promise<tls.SecureContext | undefined> {
    const path = await this.#caFile();
    if (!this.#made || path !== this.#madeWith) {
      const making = this.#make(path);
      this.#made = making;
      this.#madeWith = path;
      // A file that could not be read may be there at the next run.
      making.catch(() => {
        if (this.#made === making) this.#made = undefined;
      });
    }
    return this.#made;
  }

  /**
   * Trusts the system's certificates too, when `error` says that those so far were not enough. They are read only then,
   * since reading them takes a fifth of a second. Answers whether trying again has a point.
   */
  addSystem(error: unknown): boolean {
    const isUnknown = hasErrorCode(
      error,
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    );
    if (!isUnknown || this.#withSystem || !canList()) return false;
    this.#withSystem = true;
    this.#made = undefined;
    return true;
  }

  async #make(path: string | undefined): Promise<tls.SecureContext | undefined> {
    if (path === undefined && !this.#withSystem) return undefined;
    const own = path === undefined ? [] : [await readCertificates(path)];
    const system = this.#withSystem ? tls.getCACertificates('system') : [];
    return tls.createSecureContext({ ca: [...new Set([...known(), ...system, ...own])] });
  }
}

/** From Node 22.15 on. */
const canList = (): boolean => 'getCACertificates' in tls;

/** With those of NODE_EXTRA_CA_CERTS, where Node can say them. */
function known(): readonly string[] {
  return canList() ? tls.getCACertificates('default') : tls.rootCertificates;
}

/** The certificates of a file, in PEM. @throws SoundpostError `ca_unusable` */
export async function readCertificates(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'latin1');
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    if (!blocks) throw new Error('There is no PEM certificate in it.');
    for (const block of blocks) new X509Certificate(block);
    return blocks.join('\n');
  } catch (error) {
    const why = hasErrorCode(error, 'ENOENT')
      ? 'It is not there.'
      : hasErrorCode(error, 'EACCES', 'EPERM', 'EISDIR')
        ? 'It can’t be read.'
        : 'It holds no certificate in PEM form.';
    throw new SoundpostError(
      'ca_unusable',
      `The CA file that was chosen can’t be used, so nothing was sent. ${why} Choose another in the settings, or with --ca.`,
      { cause: error },
    );
  }
}
