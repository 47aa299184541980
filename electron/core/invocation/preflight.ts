import type { Intent } from '../../contract/intent.ts';
import type { PreflightNote, Remedy } from '../../contract/preflight.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import type { OpenFile } from '../codec/field-value.ts';
import { requestBody, type RequestBody } from '../codec/request-body.ts';
import { SoundpostError } from '../soundpost-error.ts';

/**
 * Bytes: what Baseten's edge takes as a whole body, base64 counted (its error reference, 413: 100 MB). Read as decimal,
 * which MB means: the smaller of the two readings, so that nobody uploads 100 MB to be refused.
 */
const BASETEN_LIMIT = 100_000_000;

type Request = Pick<Intent, 'target' | 'body' | 'fields'>;

/**
 * A request's body, once nothing is left that would surely keep it from being sent or taken. Reads no file.
 * @throws SoundpostError `too_large`, `invalid_field`, `invalid_target`, and what `openFile` throws
 */
export async function sendableBody(request: Request, openFile: OpenFile): Promise<RequestBody> {
  const body = await requestBody(request, openFile);
  if (fits(body, request)) return body;
  const smaller = await fittingBody(changed(request, { body: 'msgpack', asItIs: true }), openFile);
  throw new SoundpostError(
    'too_large',
    `The request would be ${megabytes(body.length)}, and Baseten takes 100 MB at most. ${
      smaller
        ? `${request.body === 'msgpack' ? 'With its files as bytes' : 'As msgpack'} it would be ${megabytes(smaller.length)}; or send a compressed file, such as MP3 or FLAC.`
        : 'Send a compressed file, such as MP3 or FLAC, or a shorter one, or its address as a text if the model can fetch it.'
    }`,
  );
}

/** What there is to know before a request is sent; an empty list when nothing. Reads no file. */
export async function preflight(request: Request, openFile: OpenFile): Promise<PreflightNote[]> {
  try {
    await sendableBody(request, openFile);
    return isFormForPredict(request) ? [formForPredict] : [];
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    const { code, message } = error;
    // The page decodes such a file itself when the request is run.
    if (code === 'needs_decoding') return [];
    return [{ code, message, blocks: true, remedies: await remedies(request, openFile) }];
  }
}

/** The changes that help: each is tried, since what a request lacks may be more than one thing. */
async function remedies(request: Request, openFile: OpenFile): Promise<Remedy[]> {
  const { body, fields } = request;
  const isChosen = fields.some(
    ({ value }) => value.type === 'file' && (value.travel?.as ?? 'auto') !== 'auto',
  );
  const others: Remedy[] = [
    { label: 'Send as msgpack', body: 'msgpack', asItIs: false },
    { label: 'Send as JSON', body: 'json', asItIs: false },
    { label: 'Send as msgpack', body: 'msgpack', asItIs: true },
  ];
  const changes = others.filter((change) => change.body !== body);
  if (isChosen) changes.unshift({ label: asItIsLabel[body], body, asItIs: true });
  const helping: Remedy[] = [];
  for (const change of changes) {
    const isNew = !helping.some(({ label }) => label === change.label);
    if (isNew && (await fittingBody(changed(request, change), openFile))) helping.push(change);
  }
  return helping;
}

const asItIsLabel: Record<Intent['body'], string> = {
  msgpack: 'Send as bytes',
  json: 'Send as base64',
  multipart: 'Send as a file',
  raw: 'Send the file as it is',
};

function changed(request: Request, { body, asItIs }: Pick<Remedy, 'body' | 'asItIs'>): Request {
  if (!asItIs) return { ...request, body };
  const fields = request.fields.map(({ name, value }) => ({
    name,
    value: value.type === 'file' ? { ...value, travel: { as: 'auto' } as const } : value,
  }));
  return { ...request, body, fields };
}

/** The body, or null when it can't be sent. */
async function fittingBody(request: Request, openFile: OpenFile): Promise<RequestBody | null> {
  try {
    const body = await requestBody(request, openFile);
    return fits(body, request) ? body : null;
  } catch (error) {
    if (error instanceof SoundpostError) return null;
    throw error;
  }
}

/** Only Baseten's model hosts are known to have a limit. */
const fits = ({ length }: RequestBody, request: Request): boolean =>
  length <= BASETEN_LIMIT || urlAtBaseten(request) === null;

/** Truss reads a `predict` body as JSON or msgpack, unless the model takes the request itself. */
const isFormForPredict = (request: Request): boolean =>
  request.body === 'multipart' && urlAtBaseten(request)?.pathname.endsWith('/predict') === true;

/** The address, when it is on one of Baseten's model hosts. */
function urlAtBaseten({ target }: Request): URL | null {
  if (target.kind === 'demo') return null;
  const url = endpointUrl(target);
  return url.hostname.endsWith('.api.baseten.co') ? url : null;
}

const formForPredict: PreflightNote = {
  code: 'model_rejected_input',
  message:
    'Most models read a predict request as msgpack or JSON. Forms are for routes of the model’s own server: give its URL, such as …/sync/v1/audio/transcriptions.',
  blocks: false,
  remedies: [],
};

/** Rounded up, so that what is over a limit never reads as the limit. */
const megabytes = (bytes: number): string => `${(Math.ceil(bytes / 1e5) / 10).toFixed(1)} MB`;
