import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import { featureBytes } from '#shared/dataset/sound/bytes.ts';
import { createFrontEnd } from '#shared/dataset/sound/front-end.ts';
import { clipsOf, wav } from '#shared/dataset/sources/wav/index.ts';
import { frontEndOf, WavOptionsSchema } from '#shared/dataset/sources/wav/options.ts';
import { readWave } from '#shared/dataset/sources/wav/riff.ts';
import { partOfSpeaker, speakerOf } from '#shared/dataset/sources/wav/speaker.ts';
import { noiseSound, tone, waveFile } from '#test/support/sounds.ts';

const pcm = Int16Array.of(0, 1, -1, 255, -256, 12_345, -12_345, 32_767, -32_768, 300);

describe('a WAV file', () => {
  it('of 16, 24 and 32 bits and of floats gives the samples back; one of 8 bits their upper half', () => {
    for (const options of [
      {},
      { bits: 24 },
      { bits: 32 },
      { bits: 32, float: true },
      { extensible: true },
    ] as const) {
      const sound = readWave('a.wav', waveFile(pcm, { rate: 8000, ...options }));
      expect(sound).toMatchObject({ rate: 8000, channels: 1, bits: 'bits' in options ? options.bits : 16 });
      expect([...sound.pcm]).toEqual([...pcm]);
    }
    expect([...readWave('a.wav', waveFile(pcm, { bits: 8 })).pcm]).toEqual(
      [...pcm].map((value) => value & ~255),
    );
  });

  it('is averaged over its channels, halves up, and floats beyond 1 are clipped', () => {
    const stereo = Int16Array.of(100, 200, -1, 0, 32_767, 32_767, -5, -6);
    expect([...readWave('a.wav', waveFile(stereo, { channels: 2 })).pcm]).toEqual([150, 0, 32_767, -5]);
    const loud = Float64Array.of(70_000, -70_000, 16_384);
    expect([...readWave('a.wav', waveFile(loud, { bits: 32, float: true })).pcm]).toEqual([
      32_767, -32_768, 16_384,
    ]);
  });

  it('may have other chunks, of odd length too, and a length that its writer did not know', () => {
    const before: [string, Uint8Array][] = [
      ['LIST', new Uint8Array(7)],
      ['bext', new Uint8Array(4)],
    ];
    expect([...readWave('a.wav', waveFile(pcm, { before })).pcm]).toEqual([...pcm]);
    expect([...readWave('a.wav', waveFile(pcm, { length: 0xffffffff })).pcm]).toEqual([...pcm]);
  });

  const whole = waveFile(pcm);
  const changed = (at: number, value: number) => {
    const bytes = whole.slice();
    bytes[at] = value;
    return bytes;
  };
  it.each([
    ['empty', new Uint8Array(0), 'a.wav, byte 0: expected a RIFF/WAVE file; found 0 bytes'],
    [
      'another kind of file',
      new TextEncoder().encode('no sound at all'),
      'byte 0: expected a RIFF/WAVE file; found another kind',
    ],
    ['big-endian', changed(3, 88), 'byte 0: expected a RIFF/WAVE file'],
    [
      'cut in its sound',
      whole.subarray(0, 50),
      'byte 50: expected 20 bytes of sound; found the end of the file after 6',
    ],
    [
      'cut in its format',
      whole.subarray(0, 30),
      'byte 30: expected 16 bytes of the chunk "fmt "; found the end',
    ],
    ['without sound', whole.subarray(0, 36), 'byte 36: expected a chunk "data"; found the end of the file'],
    ['of no sample', waveFile([]), 'byte 44: expected sound; found none'],
    [
      'compressed',
      changed(20, 7),
      'byte 20: expected 8, 16, 24 or 32-bit PCM or 32-bit float; found format 7 of 16 bits',
    ],
    ['of 12 bits', changed(34, 12), 'found format 1 of 12 bits'],
    ['of no channel', changed(22, 0), 'byte 22: expected 1 to 32 channels; found 0'],
    ['at no rate', changed(25, 0), 'byte 24: expected a sample rate from 1000 to 768000 Hz; found 128'],
    [
      'of half a frame',
      waveFile(pcm.subarray(0, 3), { channels: 2 }),
      'byte 48: expected whole frames of 4 bytes; found 2 bytes',
    ],
    [
      'with a number that is none',
      waveFile([NaN, 1], { bits: 32, float: true }),
      'byte 44: expected a number; found NaN',
    ],
    [
      'without a format before its sound',
      waveFile(pcm, { before: [['data', new Uint8Array(4)]] }),
      'byte 12: expected a chunk "fmt " before the data',
    ],
  ])('is refused when it is %s', (_, bytes, message) => {
    expect(() => readWave('a.wav', bytes)).toThrow(message);
  });
});

describe('speakers', () => {
  it('are those of the file names, and their part that of SHA-1', () => {
    expect(speakerOf('yes/0a7c2a8d_nohash_0.wav')).toBe('0a7c2a8d');
    expect(speakerOf('yes/1.wav')).toBeNull();
    for (let i = 0; i < 500; i++) {
      const speaker = `speaker-${i * 7919}`.repeat(1 + (i % 9));
      const digest = createHash('sha1').update(speaker).digest('hex');
      const percent = Number(BigInt(`0x${digest}`) % 2n ** 27n) * (100 / (2 ** 27 - 1));
      expect(partOfSpeaker(speaker)).toBe(percent >= 10 && percent < 20 ? 'test' : 'train');
    }
  });
});

describe('folders of sound', () => {
  const options = { sampleRate: 8000, length: 0.25, frame: 32, hop: 32, bands: 8, testShare: 0.25 };
  const read = (files: Record<string, Uint8Array>, more: object = {}) =>
    collectDataset(wav.configure!({ ...options, ...more }), Object.keys(files), ({ name }) => ({
      name,
      bytes: new Uint8Array(0),
      sound: readWave(name, files[name]!),
    }));
  const set = (count: number, make: (i: number, label: number) => Uint8Array) =>
    Object.fromEntries(
      ['a', 'b'].flatMap((name, label) =>
        Array.from({ length: count }, (_, i) => [`${name}/${i}.wav`, make(i, label)]),
      ),
    );
  const plain = (samples = 2000) =>
    set(8, (i, label) => waveFile(tone(8000, samples, 500 * (1 + label) + 20 * i), { rate: 8000 }));

  it('become the bytes of their front end, over the range of the training part', () => {
    const files = plain();
    const found = read(files);
    const spec = frontEndOf(WavOptionsSchema.parse(options));
    const { clip } = createFrontEnd(spec);
    expect([found.train.shape, found.train.count, found.test.count]).toEqual([[7, 8, 1], 12, 4]);
    const plan = wav.configure!(options).plan(Object.keys(files), 'here');
    const features = plan.map(({ name }) => clip(readWave(name, files[name]!).pcm));
    const train = features.slice(0, 12).flatMap((values) => [...values]);
    const maps = [[Math.min(...train), Math.max(...train)]] as const;
    const expected = new Uint8Array(12 * 56);
    features.slice(0, 12).forEach((values, i) => featureBytes(values, maps, expected, i * 56));
    expect(found.train.images).toEqual(expected);
    expect([Math.min(...expected), Math.max(...expected)]).toEqual([0, 255]);
  });

  it('tell what was done to the files', () => {
    let facts: ReturnType<ReturnType<typeof wav.open>['finish']> | undefined;
    const notesOf = (files: Record<string, Uint8Array>, more: object = {}) => {
      const format = wav.configure!({ ...options, ...more });
      const reader = format.open({ images: () => undefined, labels: () => undefined });
      for (const planned of format.plan(Object.keys(files), 'here')) {
        const { name } = planned;
        reader.add(planned, { name, bytes: new Uint8Array(0), sound: readWave(name, files[name]!) });
      }
      facts = reader.finish();
      return facts.notes;
    };
    expect(notesOf(plain())?.filter((note) => !note.includes('outside'))).toEqual([]);
    expect(facts?.recordings?.map((clip) => clip.length)).toEqual([2000, 2000, 2000, 2000]);
    const mixed = set(8, (i) =>
      waveFile(noiseSound(i === 0 ? 9000 : i === 1 ? 500 : 2000, 900, i + 1), {
        rate: i === 2 ? 16_000 : 8000,
        channels: i === 3 ? 2 : 1,
      }),
    );
    expect(notesOf(mixed, { longer: 'centre' })).toEqual(
      expect.arrayContaining([
        '2 files were resampled from 16000 Hz to 8000 Hz.',
        '6 files are shorter than 0.25 s and end in silence.',
        '2 files are longer than 0.25 s and were cut to their middle.',
        '2 files have several channels, which were averaged.',
      ]),
    );
    const spoken = Object.fromEntries(
      Object.entries(plain()).map(([name, bytes]) => [name.replace(/(\d+)\.wav/, 's$1_nohash_0.wav'), bytes]),
    );
    expect(new Set(['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'].map(partOfSpeaker))).toContain('test');
    expect(notesOf(spoken)).toContain('The files name 8 speakers; none of them is in both parts.');
  });

  it('are cut, or filled up with silence', () => {
    const long = Int16Array.from({ length: 25 }, (_, i) => i + 1);
    const parts = (longer: 'start' | 'centre' | 'pieces', of = long) =>
      clipsOf(of, 10, longer).map(({ clip, from }) => [from, clip[0], clip[9]]);
    expect(parts('start')).toEqual([[0, 1, 10]]);
    expect(parts('centre')).toEqual([[7, 8, 17]]);
    expect(parts('pieces')).toEqual([
      [0, 1, 10],
      [10, 11, 20],
    ]);
    expect(parts('pieces', long.subarray(0, 4))).toEqual([[0, 1, 0]]);
    const found = read(plain(5000), { longer: 'pieces' });
    expect([found.train.count, found.test.count]).toEqual([24, 8]);
  });

  it('keep the parts and leave out folders that begin with an underscore', () => {
    const plan = wav.configure!(options).plan(
      [
        'train/a/1.wav',
        'train/b/1.WAV',
        'test/a/1.wave',
        'test/b/2.wav',
        'train/_background_noise_/x.wav',
        'train/a/1.txt',
      ],
      'here',
    );
    expect(plan.map(({ name, split, label }) => `${split} ${label} ${name}`)).toEqual([
      'train 0 train/a/1.wav',
      'train 1 train/b/1.WAV',
      'test 0 test/a/1.wave',
      'test 1 test/b/2.wav',
    ]);
    expect(() => wav.plan(['1.wav', '2.wav'], 'the folder x')).toThrow(
      'the folder x has sound files, but not in one folder for each class, e.g. yes/1.wav and no/1.wav',
    );
    expect(() => wav.plan(['a/1.png'], 'the folder x')).toThrow('the folder x has no sound files (.wav)');
    expect(() => wav.configure!({ bands: 1 })).toThrow(/bands/);
  });

  it('that differ too much in their rate are refused', () => {
    const files = { ...plain(), 'a/fast.wav': waveFile(pcm, { rate: 700_000 }) };
    expect(() => read(files)).toThrow('a/fast.wav has 700000 Hz, which is too far from 8000 Hz');
  });
});
