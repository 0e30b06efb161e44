import { describe, expect, it } from 'vitest';
import { checkBoard, parseBoardOutput } from '#shared/verify/board-output.ts';

const LOGITS = [-120, 45, 2147483647];
const LINES = 'class 0: -120\r\nclass 1: 45\r\nclass 2: 2147483647\r\npredicted class: 2\r\n';
const read = (text: string) => parseBoardOutput(text, 3);

describe('parseBoardOutput', () => {
  it.each([
    ['the example’s lines', LINES],
    ['with time stamps of a serial monitor', LINES.replaceAll('class ', '12:03:44.120 -> class ')],
    ['a list on one line', 'boot ok\n[-120, 45, 2147483647]\n'],
    ['a named list', 'logits: -120 45 2147483647'],
    ['one number on each line', '-120\n45\n2147483647\n'],
    ['logits by index', 'logits[0] = -120\nlogits[1] = 45\nlogits[2] = 2147483647'],
  ])('reads %s', (_, text) => expect(read(text)).toEqual({ logits: LOGITS, selfTest: null }));

  it('reads the self test', () => {
    expect(read('PASS\n').selfTest).toEqual({ passed: true, layer: null, table: null });
    expect(read('FAIL: first difference in layer act2\n').selfTest?.layer).toBe('act2');
    expect(read('FAIL: corrupt table net_act1_data').selfTest?.table).toBe('net_act1_data');
  });

  it.each([
    ['', 'nothing was pasted'],
    ['hello', 'no logits were found'],
    ['1, 2', 'a list of 3 integers, not of 2'],
    ['class 0: -120\nclass 2: 3', 'class 1: no logit was found'],
    ['class 0: 1\nclass 0: 2\nclass 1: 2\nclass 2: 3', 'class 0 is there twice, as 1 and as 2'],
    ['class 7: 1', 'class 7: the network has the classes 0 to 2'],
    ['class 0: 0.5\nclass 1: 2\nclass 2: 3', '"0.5" is no integer of 32 bits'],
    ['1 2 2147483648', '"2147483648" is no integer of 32 bits'],
  ])('refuses %j and says why', (text, message) => expect(() => read(text)).toThrow(message));
});

describe('checkBoard', () => {
  const candidates = [
    { name: 'test sample 3', logits: [1, 2, 3] },
    { name: 'golden sample 0', logits: LOGITS },
  ];
  it('finds the sample that the board ran', () => {
    const check = checkBoard(read(LINES), candidates);
    expect(check).toMatchObject({ agrees: true, compared: { with: 'golden sample 0', differing: [] } });
  });
  it('names the classes that differ from the likeliest sample', () => {
    const check = checkBoard(read('1 9 3'), candidates);
    expect(check).toMatchObject({
      agrees: false,
      compared: { with: 'test sample 3', differing: [1], predicted: 1, expectedClass: 2 },
    });
  });
  it('does not agree where the self test failed', () => {
    expect(checkBoard(read('FAIL: first difference in layer a'), candidates).agrees).toBe(false);
  });
});
