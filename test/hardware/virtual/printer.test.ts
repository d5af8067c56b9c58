import { describe, expect, it } from 'vitest';
import { textOf } from '#hardware/virtual/paper.ts';
import { ascii, bench, bytes } from './workshop.ts';

describe('a virtual printer prints', () => {
  it('text on the code page that was chosen, and says when there is no such page', () => {
    const { printer, strips, problems } = bench();
    printer.receive(
      bytes('1B 40 1B 74 0D 98 A7 9F 0A 1B 74 30 DD F0 FE 0A 1B 74 63 98 0A 1D 56 00'),
    );
    expect(textOf(strips[0] ?? expect.fail('no strip'))).toBe('İğş\nİğş\n\uFFFD');
    expect(problems()).toEqual(['code page 99 is not in this printer']);
  });

  it('a line longer than the paper goes on below', () => {
    const { printer, strips } = bench();
    printer.receive(bytes(ascii('x'.repeat(50)), '0A 1D 56 00'));
    expect(textOf(strips[0] ?? expect.fail('no strip'))).toBe(`${'x'.repeat(48)}\nxx`);
    expect(strips[0]?.heightDots).toBe(60);
  });

  it('larger characters take more columns and lift the line', () => {
    const { printer, strips } = bench();
    printer.receive(bytes('1D 21 11', ascii('AB'), '1D 21 00', ascii('c'), '0A 1D 56 00'));
    expect(strips[0]?.marks).toMatchObject([
      { text: 'AB', x: 0, y: 0, cellWidth: 24, cellHeight: 48, scaleX: 2, scaleY: 2 },
      { text: 'c', x: 48, y: 24, cellWidth: 12, cellHeight: 24 },
    ]);
    expect(strips[0]?.heightDots).toBe(48);
  });

  it('centred and right-aligned lines, inside the margins that were set', () => {
    const { printer, strips } = bench();
    printer.receive(
      bytes(
        '1D 4C 18 00 1D 57 00 02 1B 61 01',
        ascii('AB'),
        '0A 1B 61 02',
        ascii('AB'),
        '0A 1D 56 00',
      ),
    );
    expect(strips[0]?.marks.map((each) => each.kind === 'text' && each.x)).toEqual([
      24 + 244,
      24 + 488,
    ]);
  });

  it('bold, underlined, reversed and small text as such', () => {
    const { printer, strips } = bench();
    printer.receive(
      bytes(
        '1B 45 01',
        ascii('a'),
        '1B 45 00 1B 2D 02',
        ascii('b'),
        '1B 2D 00 1D 42 01',
        ascii('c'),
        '1D 42 00 1B 4D 01',
        ascii('d'),
        '0A 1D 56 01',
      ),
    );
    expect(strips[0]?.marks).toMatchObject([
      { text: 'a', bold: true, underline: 0, inverted: false, font: 'A' },
      { text: 'b', bold: false, underline: 2, inverted: false },
      { text: 'c', underline: 0, inverted: true },
      { text: 'd', inverted: false, font: 'B', cellWidth: 9, cellHeight: 17 },
    ]);
    expect(strips[0]?.cut).toBe('partial');
  });

  it('ESC @ forgets every setting and the unfinished line', () => {
    const { printer, strips } = bench();
    printer.receive(
      bytes('1D 21 11 1B 61 02', ascii('lost'), '1B 40', ascii('kept'), '0A 1D 56 00'),
    );
    expect(strips[0]?.marks).toMatchObject([{ text: 'kept', x: 0, cellWidth: 12 }]);
  });

  it('pictures in all four commands', () => {
    const { printer, strips, problems } = bench();
    printer.receive(bytes('1D 76 30 03 01 00 02 00 80 01'));
    printer.receive(bytes('1D 28 4C 0B 00 30 70 30 01 01 31 01 00 01 00 80 1D 28 4C 02 00 30 32'));
    printer.receive(
      bytes('1D 38 4C 0B 00 00 00 30 70 30 02 01 31 01 00 01 00 80 1D 28 4C 02 00 30 32'),
    );
    printer.receive(bytes('1B 2A 21 01 00 80 00 00 0A 1D 56 00'));
    expect(problems()).toEqual([]);
    expect(strips[0]?.marks).toMatchObject([
      { kind: 'dots', scaleX: 2, scaleY: 2, bitmap: { width: 8, height: 2 } },
      { kind: 'dots', scaleX: 1, scaleY: 1, bitmap: { width: 1, height: 1 } },
      { kind: 'dots', scaleX: 2, scaleY: 1, bitmap: { width: 1, height: 1 } },
      { kind: 'dots', bitmap: { width: 1, height: 24 } },
    ]);
  });

  it('kicks the drawer and beeps, in turn and in real time', () => {
    const made = bench();
    made.printer.receive(bytes('1B 70 00 19 FA 1B 70 01 3C 78 1B 42 02 01 10 14 01 00 01'));
    expect(made.drawer).toEqual([2, 5, 2]);
    expect(made.beeps).toBe(1);
  });
});

describe('a virtual printer makes mistakes visible', () => {
  it.each([
    ['1D 5A 02', 'GS Z is no command of this printer'],
    ['1B 4C', 'ESC L is not drawn by this printer'],
    ['07', 'control byte 0x07 means nothing here'],
    ['41 1D 56 00', 'a cut with text waiting in the line is ignored'],
    ['41 1B 61 01', 'ESC a in the middle of a line is ignored'],
    ['1D 77 01', 'a barcode module of 1 dots is out of 2 to 6'],
    ['1D 6B 02 31 32 00', 'GS k 2 does not take this data, and prints nothing'],
    ['1D 6B 49 04 41 42 43 44', 'GS k 73 does not take this data, and prints nothing'],
    ['1D 28 6B 03 00 31 51 30', 'no QR code is stored, or it holds too much'],
    ['1D 76 30 00 FF FF FF FF', "GS v 0 of 4294836233 bytes is longer than the printer's memory"],
  ])('%s', (hex, problem) => {
    const { printer, problems } = bench();
    printer.receive(bytes(hex));
    expect(problems()[0]).toBe(problem);
  });

  it('in the margin of the paper too', () => {
    const { printer, strips } = bench();
    printer.receive(bytes('1D 5A', '0A 1D 56 00'));
    expect(strips[0]?.marks).toMatchObject([
      { kind: 'problem', y: 0, message: 'GS Z is no command of this printer' },
    ]);
  });

  it('a stream that never cuts is kept within bounds', () => {
    const { printer, strips } = bench();
    for (let line = 0; line < 3_000; line += 1) printer.receive(bytes(ascii('line'), '0A'));
    printer.tear();
    expect(strips[0]?.heightDots).toBe(12_000);
    expect(strips[0]?.marks.at(-1)).toMatchObject({
      kind: 'problem',
      message: '2600 more marks are not shown',
    });
    expect(printer.trace.lines.length).toBeLessThanOrEqual(2_000);
  });
});

describe('a virtual printer answers', () => {
  it('DLE EOT 1 to 4 by its state, even while it cannot print', () => {
    const { printer, answers } = bench();
    const ask = bytes('10 04 01 10 04 02 10 04 03 10 04 04');
    printer.receive(ask);
    expect(answers()).toBe('16 12 12 12');
    printer.setMechanism({ paper: 'out' });
    printer.receive(ask);
    expect(answers()).toBe('1E 32 12 7E');
    printer.setMechanism({ paper: 'near-end', coverOpen: true, drawerPinHigh: false });
    printer.receive(ask);
    expect(answers()).toBe('1A 16 12 1E');
    printer.setMechanism({ paper: 'ok', coverOpen: false, cutterJammed: true });
    printer.receive(ask);
    expect(answers()).toBe('1A 52 1A 12');
  });

  it('tells changes unasked once GS a has enabled it', () => {
    const { printer, answers } = bench();
    printer.setMechanism({ coverOpen: true });
    printer.setMechanism({ coverOpen: false });
    expect(answers()).toBe('');
    printer.receive(bytes('1D 61 0F'));
    expect(answers()).toBe('14 00 00 0F');
    printer.setMechanism({ coverOpen: true });
    expect(answers()).toBe('3C 00 00 0F');
    printer.setMechanism({ coverOpen: false, paper: 'out' });
    expect(answers()).toBe('1C 00 0F 0F');
    printer.receive(bytes('1D 61 00'));
    printer.setMechanism({ paper: 'ok' });
    expect(answers()).toBe('14 00 00 0F');
    printer.setMechanism({ headHot: true });
    expect(answers()).toBe('');
  });

  it('GS ( H only when everything before it is printed', () => {
    const { printer, answers, strips } = bench();
    printer.setMechanism({ coverOpen: true });
    printer.receive(bytes(ascii('receipt'), '0A 1D 56 00 1D 28 48 06 00 30 30 41 30 30 31'));
    expect(answers()).toBe('');
    expect(strips).toHaveLength(0);
    printer.setMechanism({ coverOpen: false });
    expect(strips).toHaveLength(1);
    expect(answers()).toBe('37 22 41 30 30 31 00');
  });

  it('GS r in turn, and GS I with its name', () => {
    const { printer, answers } = bench();
    printer.loadPaper(500);
    printer.receive(bytes('1D 72 01 1D 49 43'));
    expect(answers()).toBe('03 5F 56 69 72 74 75 61 6C 00');
  });
});

describe('a virtual printer that cannot print', () => {
  it('fills its buffer, stops reading, and goes on where it stopped when the cover closes', () => {
    const made = bench({ bufferBytes: 64 });
    made.printer.setMechanism({ coverOpen: true });
    const job = bytes(ascii('0123456789'.repeat(10)), '0A 1D 56 00');
    const taken = made.printer.receive(job);
    expect([taken, made.printer.bufferedBytes, made.printer.receive(job.subarray(taken))]).toEqual([
      64, 64, 0,
    ]);
    made.printer.setMechanism({ coverOpen: false });
    expect([made.rooms, made.printer.bufferedBytes]).toEqual([1, 0]);
    made.printer.receive(job.subarray(taken));
    expect(textOf(made.strips[0] ?? expect.fail('no strip')).replaceAll('\n', '')).toBe(
      '0123456789'.repeat(10),
    );
  });

  it('runs low and then out of paper in the middle of a job, and finishes it on the new roll', () => {
    const { printer, strips, answers } = bench();
    printer.receive(bytes('1D 61 0F'));
    printer.loadPaper(870);
    answers();
    for (let line = 0; line < 32; line += 1) printer.receive(bytes(ascii('line'), '0A'));
    printer.receive(bytes('1D 56 00'));
    expect(answers()).toBe('14 00 03 0F 1C 00 0F 0F');
    expect(strips).toHaveLength(0);
    printer.loadPaper(10_000);
    expect(textOf(strips[0] ?? expect.fail('no strip')).split('\n')).toHaveLength(32);
  });

  it('forgets its buffers on DLE ENQ 2 and DLE DC4 8, and says so', () => {
    const { printer, answers, strips } = bench();
    printer.setMechanism({ cutterJammed: true });
    printer.receive(bytes(ascii('lost'), '0A 10 05 02'));
    expect(printer.mechanism.cutterJammed).toBe(false);
    printer.setMechanism({ coverOpen: true });
    printer.receive(bytes(ascii('lost too'), '10 14 08 01 03 14 01 06 02 08'));
    expect(answers()).toBe('37 25 00');
    printer.setMechanism({ coverOpen: false });
    printer.receive(bytes(ascii('kept'), '0A 1D 56 00'));
    expect(textOf(strips[0] ?? expect.fail('no strip'))).toBe('kept');
  });

  it('power off and on loses what was in it and nothing after', () => {
    const { printer, strips } = bench();
    printer.receive(bytes(ascii('half'), '1D 76 30 00 48 00 10 00', ascii('dots')));
    printer.restart();
    printer.receive(bytes(ascii('whole'), '0A 1D 56 00'));
    expect(textOf(strips[0] ?? expect.fail('no strip'))).toBe('whole');
  });
});
