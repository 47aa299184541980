import { randomBytes } from 'node:crypto';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';

/** One part of a form: a text, or a file with its name and media type. */
export type FormPart = {
  name: string;
  content: ByteSource;
  file?: { name: string; mediaType: string };
};

/**
 * Writes a form as `multipart/form-data` (RFC 7578, names escaped as the HTML standard says). The boundary is random and
 * stands in no part that lies in memory; that a file holds it by chance is out of the question.
 */
export function writeMultipart(parts: readonly FormPart[]): {
  boundary: string;
  pieces: (Uint8Array | ByteSource)[];
} {
  const boundary = unusedBoundary(parts);
  const text = new TextEncoder();
  const pieces = parts.flatMap((part, index) => {
    const before = `${index ? '\r\n' : ''}--${boundary}\r\n${headersOf(part)}\r\n\r\n`;
    return [text.encode(before), part.content];
  });
  const end = `${parts.length ? '\r\n' : ''}--${boundary}--\r\n`;
  return { boundary, pieces: [...pieces, text.encode(end)] };
}

function headersOf({ name, file }: FormPart): string {
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  if (!file) return disposition;
  return `${disposition}; filename="${escaped(file.name)}"\r\nContent-Type: ${file.mediaType}`;
}

/** So that a name can't end its quotes or its line. */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function unusedBoundary(parts: readonly FormPart[]): string {
  for (;;) {
    const boundary = `soundpost-${randomBytes(12).toString('hex')}`;
    const isInside = ({ content }: FormPart): boolean =>
      content instanceof MemoryBytes && Buffer.from(content.bytes).includes(boundary);
    if (!parts.some(isInside)) return boundary;
  }
}
