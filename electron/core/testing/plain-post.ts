import { request as startRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';

export type PlainAnswer = {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** False when the connection ended before the answer did. */
  complete: boolean;
};

/**
 * Sends one request with nothing of Soundpost's transport, so that the tests' servers are tested by a neutral client.
 * A broken answer resolves with what came.
 * @throws when no answer came at all
 */
export function plainPost(
  url: string,
  body: Uint8Array | string = '',
  options: RequestOptions = {},
): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const request = startRequest(url, { method: 'POST', agent: false, ...options });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      const settle = () => {
        const { statusCode: status = 0, headers, complete } = response;
        resolve({ status, headers, body: Buffer.concat(chunks), complete });
      };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', settle);
      response.on('end', settle);
    });
    // After an answer has begun, a reset while still sending is part of what is tested.
    request.on('error', reject);
    request.end(body);
  });
}
