import {
  createHash,
  generateKeyPairSync,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';

/** A certificate and its key, both in PEM. */
export type Certified = { cert: string; key: string };

type Wanted = {
  /** The host it is for; also its name. */
  host: string;
  /** Who signs it; itself when absent. */
  by?: Authority;
  validTo?: Date;
};

/** Signs certificates. Its own is what clients must trust. */
export type Authority = Certified & { name: string; privateKey: KeyObject };

const DAY = 86_400_000;

// ASN.1 DER (X.690): a tag, a length, and what it holds.
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size =
    length < 128
      ? [length]
      : length < 256
        ? [0x81, length]
        : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
/** One part: commonName. */
const nameOf = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const extension = (id: string, value: Uint8Array): Buffer =>
  sequence(oid(id), der(0x01, Buffer.from([0xff])), der(0x04, value));

/** Makes an X.509 certificate (RFC 5280, 4.1), so that tests need neither openssl nor keys in the repository. */
function certificate(
  name: string,
  publicKey: KeyObject,
  extensions: Buffer,
  {
    by,
    validTo = new Date(Date.now() + DAY),
  }: { by: Pick<Authority, 'name' | 'privateKey'> } & Pick<Wanted, 'validTo'>,
): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const serial = createHash('sha256').update(spki).digest().subarray(0, 8);
  serial[0] = 1;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    nameOf(by.name),
    sequence(time(new Date(validTo.getTime() - 30 * DAY)), time(validTo)),
    nameOf(name),
    spki,
    der(0xa3, sequence(extensions)),
  );
  const signature = sign('sha256', body, by.privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return new X509Certificate(whole).toString();
}

const newKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A new authority that nobody trusts yet. */
export function newAuthority(name = 'Test authority'): Authority {
  const { publicKey, privateKey } = newKeys();
  const isAuthority = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))));
  const cert = certificate(name, publicKey, isAuthority, { by: { name, privateKey } });
  return { name, privateKey, cert, key: pem(privateKey) };
}

/** A server's certificate. */
export function certify({ host, by, validTo }: Wanted): Certified {
  const { publicKey, privateKey } = newKeys();
  const address = /^[\d.]+$/.test(host) ? Buffer.from(host.split('.').map(Number)) : null;
  const alternative = address ? der(0x87, address) : der(0x82, Buffer.from(host));
  const cert = certificate(host, publicKey, extension('551d11', sequence(alternative)), {
    by: by ?? { name: host, privateKey },
    ...(validTo ? { validTo } : {}),
  });
  return { cert, key: pem(privateKey) };
}
