import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { checkMessage } from './check-message.ts';
import { TrussError } from './truss.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('what Python can unpack passes', () => {
  test.each([
    ['a map of everything', encode({ a: [1, -1, 1.5, null, true, 'x', new Uint8Array(3)], b: {} })],
    ['long texts, lists and maps', encode({ t: 'x'.repeat(70_000), l: Array(70_000).fill(0) })],
    ['an empty list', bytes('90')],
    ['an empty map inside a list', bytes('92 80 01')],
    ['a bytes key', bytes('81 c4 01 61 02')],
    [
      'integers of every width',
      bytes(
        '98 cc01 cd0001 ce00000001 cf0000000000000001 d001 d10001 d200000001 d30000000000000001',
      ),
    ],
    ['floats', bytes('92 ca00000000 cb0000000000000000')],
    ['extensions', bytes('93 d40500 d80500000000000000000000000000000000 c7020500 00')],
    ['512 lists in one another', bytes(`${'91'.repeat(512)}c0`)],
  ])('%s', (_, message) => {
    expect(() => {
      checkMessage(Buffer.from(message));
    }).not.toThrow();
  });
});

describe('what Python refuses is refused in its words', () => {
  test.each([
    ['nothing', '', 'ValueError: Unpack failed: incomplete input'],
    ['a text cut short', 'a4 f09f98', 'ValueError: Unpack failed: incomplete input'],
    ['a length cut short', 'c6 ffff', 'ValueError: Unpack failed: incomplete input'],
    ['a length longer than the body', 'c6 ffffffff', 'ValueError: Unpack failed: incomplete input'],
    ['a map cut short', '82 a161 01', 'ValueError: Unpack failed: incomplete input'],
    ['a map that can not fit', 'df ffffffff', 'ValueError: 4294967295 exceeds max_map_len(2)'],
    ['a list that can not fit', 'dd ffffffff', 'ValueError: 4294967295 exceeds max_array_len(5)'],
    ['two values', '01 02', 'ExtraData: unpack(b) received extra data.'],
    ['the one unused byte', 'c1', 'FormatError: '],
    [
      'a number as key',
      '81 01 02',
      'ValueError: int is not allowed for map key when strict_map_key=True',
    ],
    [
      'null as key',
      '81 c0 02',
      'ValueError: NoneType is not allowed for map key when strict_map_key=True',
    ],
    [
      'a bare continuation byte',
      'a1 81',
      "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x81 in position 0: invalid start byte",
    ],
    [
      'a character cut short',
      'a2 e282',
      "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 0-1: unexpected end of data",
    ],
    [
      'a broken character after others',
      'a6 61 c3a9 e28228',
      "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 3-4: invalid continuation byte",
    ],
    [
      'a surrogate',
      'a3 eda080',
      "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte",
    ],
    ['endless nesting', `${'91'.repeat(1030)}c0`, 'StackError: '],
  ])('%s', (_, hex, words) => {
    expect(() => {
      checkMessage(bytes(hex));
    }).toThrow(TrussError.unhandled(words));
  });
});
