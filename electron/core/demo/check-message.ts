import { TrussError } from './truss.ts';
import { assertUtf8 } from './utf8.ts';

/** As deep as Python's msgpack goes. */
const DEEPEST = 1024;

/** What one value's head says: its type in Python's words, where its bytes are, and how many values it holds. */
type Head = {
  type: 'NoneType' | 'bool' | 'int' | 'float' | 'str' | 'bytes' | 'ExtType' | 'list' | 'dict';
  /** where the head ends and the value's own bytes begin */
  start: number;
  /** bytes of a scalar's content; 0 for list and dict */
  size: number;
  /** values inside a list, keys and values inside a dict */
  inside: number;
};

/**
 * Checks that `body` is exactly one msgpack value by stepping over it, so that even a big message is never decoded or
 * copied. Finds what Python's msgpack would, as Truss calls it, and says it in its words.
 * @throws TrussError 500, as Truss answers, for anything Truss could not unpack
 */
export function checkMessage(body: Buffer): void {
  // What is still to come in the maps and lists that are open, innermost last.
  const open: { isMap: boolean; left: number }[] = [];
  let position = 0;

  do {
    const head = readHead(body, position);
    position = head.start + head.size;
    if (position > body.length) throw incomplete();
    const around = open.at(-1);
    if (around) {
      if (around.isMap && around.left % 2 === 0) checkKey(head);
      around.left -= 1;
    }
    // -1 is msgpack's own timestamp.
    if (head.type === 'ExtType' && body.readInt8(head.start) < -1) {
      throw valueError('code must be 0~127');
    }
    if (head.type === 'str') assertUtf8(body.subarray(head.start, position));

    if (head.inside > 0) {
      open.push({ isMap: head.type === 'dict', left: head.inside });
      if (open.length > DEEPEST) throw TrussError.unhandled('StackError: ');
    }
    while (open.at(-1)?.left === 0) open.pop();
  } while (open.length > 0);

  if (position < body.length) {
    throw TrussError.unhandled('ExtraData: unpack(b) received extra data.');
  }
}

/** The content of a message that is nothing but bytes; undefined for any other message. */
export function topLevelBytes(body: Buffer): Buffer | undefined {
  const head = readHead(body, 0);
  return head.type === 'bytes' ? body.subarray(head.start) : undefined;
}

function checkKey({ type }: Head): void {
  if (type === 'str' || type === 'bytes') return;
  throw valueError(`${type} is not allowed for map key when strict_map_key=True`);
}

function readHead(body: Buffer, position: number): Head {
  const byte = body[position];
  if (byte === undefined) throw incomplete();
  const start = position + 1;
  if (byte < 0x80 || byte >= 0xe0) return scalar('int', start, 0);
  if (byte < 0x90) return map(body, start, byte & 0x0f);
  if (byte < 0xa0) return list(body, start, byte & 0x0f);
  if (byte < 0xc0) return scalar('str', start, byte & 0x1f);
  return readTagged(body, byte, start);
}

function readTagged(body: Buffer, byte: number, start: number): Head {
  /** A length that follows the head, in 1, 2 or 4 bytes as the last two head values of a family say. */
  const sized = (width: number): [start: number, size: number] => {
    if (start + width > body.length) throw incomplete();
    return [start + width, body.readUIntBE(start, width)];
  };
  switch (byte) {
    case 0xc0:
      return scalar('NoneType', start, 0);
    case 0xc2:
    case 0xc3:
      return scalar('bool', start, 0);
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return scalar('bytes', ...sized(2 ** (byte - 0xc4)));
    case 0xc7:
    case 0xc8:
    case 0xc9: {
      const [typeAt, size] = sized(2 ** (byte - 0xc7));
      return scalar('ExtType', typeAt, size + 1);
    }
    case 0xca:
    case 0xcb:
      return scalar('float', start, byte === 0xca ? 4 : 8);
    case 0xd9:
    case 0xda:
    case 0xdb:
      return scalar('str', ...sized(2 ** (byte - 0xd9)));
    case 0xdc:
    case 0xdd:
      return list(body, ...sized(byte === 0xdc ? 2 : 4));
    case 0xde:
    case 0xdf:
      return map(body, ...sized(byte === 0xde ? 2 : 4));
    case 0xc1:
      throw TrussError.unhandled('FormatError: ');
  }
  // 0xcc to 0xd3 are integers of 1, 2, 4 and 8 bytes; 0xd4 to 0xd8 extensions of 1 to 16 bytes after their type.
  if (byte <= 0xd3) return scalar('int', start, 2 ** (byte % 4));
  return scalar('ExtType', start, 1 + 2 ** (byte - 0xd4));
}

function scalar(type: Head['type'], start: number, size: number): Head {
  return { type, start, size, inside: 0 };
}

function list(body: Buffer, start: number, count: number): Head {
  const most = body.length;
  if (count > most) throw valueError(`${count} exceeds max_array_len(${most})`);
  return { type: 'list', start, size: 0, inside: count };
}

function map(body: Buffer, start: number, count: number): Head {
  const most = Math.floor(body.length / 2);
  if (count > most) throw valueError(`${count} exceeds max_map_len(${most})`);
  return { type: 'dict', start, size: 0, inside: count * 2 };
}

function incomplete(): TrussError {
  return valueError('Unpack failed: incomplete input');
}

function valueError(text: string): TrussError {
  return TrussError.unhandled(`ValueError: ${text}`);
}
