import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beepReport } from '#hardware/scanner/hid-device.ts';
import { describeHidPos } from '#hardware/scanner/hid-descriptor.ts';
import type { HidPosLayout } from '#hardware/scanner/hid-descriptor.ts';
import {
  createHidPosAssembler,
  guessHidPosReport,
  readHidPosReport,
} from '#hardware/scanner/hid-report.ts';
import { hidPosReports } from '#test/hardware/support/hid-reports.ts';
import { SCANNER_DESCRIPTOR } from '#test/hardware/support/umockdev.ts';

const described = describeHidPos(SCANNER_DESCRIPTOR);

describe('a report descriptor', () => {
  it('says where a common scanner puts what', () => {
    expect(described).toEqual({
      inputs: [
        {
          reportId: 2,
          lengthAt: 1,
          aimAt: 2,
          dataAt: 5,
          dataLength: 56,
          continued: { byte: 63, bit: 0 },
        },
      ],
      trigger: {
        reportId: 4,
        length: 2,
        goodBeep: { byte: 1, bit: 6 },
        errorBeep: { byte: 1, bit: 7 },
      },
    });
  });

  it('of a scanner with another layout is followed', () => {
    // No report id, no count, data first, then the identifier and a whole byte of flags.
    const descriptor = Buffer.from(
      '058C0902A101150026FF0075089520 09FE820201 950309FB09FC09FD8102 25017501950109FF8102950781 03C0'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    const { inputs, trigger } = describeHidPos(descriptor);
    expect(inputs).toEqual([
      {
        reportId: 0,
        lengthAt: null,
        aimAt: 32,
        dataAt: 0,
        dataLength: 32,
        continued: { byte: 35, bit: 0 },
      },
    ]);
    expect(trigger).toBe(null);
    const report = Buffer.alloc(36);
    report.write('8690504000013', 0, 'latin1');
    report.write(']E0', 32, 'latin1');
    expect(readHidPosReport(report, inputs)).toEqual({
      identifier: ']E0',
      data: new Uint8Array(Buffer.from('8690504000013')),
      continued: false,
    });
  });

  it('that is broken or foreign describes nothing, and never throws', () => {
    expect(describeHidPos(new Uint8Array())).toEqual({ inputs: [], trigger: null });
    const keyboard = Buffer.from(
      '05010906A101050719E029E71500250175019508810295017508810395057501C0',
      'hex',
    );
    expect(describeHidPos(keyboard).inputs).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void describeHidPos(bytes)),
      { numRuns: 5_000 },
    );
    fc.assert(
      fc.property(fc.nat(SCANNER_DESCRIPTOR.length - 1), fc.nat(255), (at, value) => {
        const mutated = Buffer.from(SCANNER_DESCRIPTOR);
        mutated[at] = value;
        const { inputs } = describeHidPos(mutated);
        for (const layout of inputs) readHidPosReport(Buffer.alloc(64, 0xff), [layout]);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('HID POS reports', () => {
  it('carry any text, read by descriptor or by guess', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (text) => {
        for (const read of [
          (report: Uint8Array) => readHidPosReport(report, described.inputs),
          guessHidPosReport,
        ]) {
          const assembler = createHidPosAssembler();
          const whole = hidPosReports(']Q1', text).map((report) => {
            const parsed = read(report);
            return parsed === null ? null : assembler.push(parsed);
          });
          expect(whole.at(-1)).toEqual({
            text: `]Q1${Buffer.from(text, 'utf8').toString('utf8')}`,
          });
          expect(whole.slice(0, -1).every((part) => part === null)).toBe(true);
        }
      }),
    );
  });

  it('with a letter across two reports are decoded once', () => {
    const assembler = createHidPosAssembler();
    const [first, second] = hidPosReports(']Q1', `${'A'.repeat(55)}ğB`).map((report) =>
      readHidPosReport(report, described.inputs),
    );
    if (!first || !second) throw new Error('two reports');
    expect(assembler.push(first)).toBe(null);
    expect(assembler.push(second)).toEqual({ text: `]Q1${'A'.repeat(55)}ğB` });
  });

  it('in an old code page fall back to Windows-1254', () => {
    const assembler = createHidPosAssembler();
    const data = Uint8Array.from([0xfe, 0x65, 0x6b, 0x65, 0x72]);
    expect(assembler.push({ identifier: '', data, continued: false })).toEqual({ text: 'şeker' });
  });

  it('without a count end at the first unused byte', () => {
    const report = hidPosReports(']C0', 'ABC')[0];
    if (report === undefined) throw new Error('a report');
    report[1] = 0;
    expect(guessHidPosReport(report)).toMatchObject({ data: new Uint8Array(Buffer.from('ABC')) });
  });

  it('of something else are no scan', () => {
    expect(guessHidPosReport(Buffer.from([2, 5, 0, 0, 0, 1, 2, 3, 4]))).toBe(null);
    expect(readHidPosReport(Buffer.from([9, 1, 2, 3]), described.inputs)).toBe(null);
    expect(readHidPosReport(Buffer.from([2, 3]), described.inputs)).toBe(null);
  });

  it('never throw and never grow past one code’s length', () => {
    const layout = fc.record<HidPosLayout>({
      reportId: fc.constantFrom(0, 2),
      lengthAt: fc.option(fc.nat(70)),
      aimAt: fc.option(fc.nat(70)),
      dataAt: fc.nat(70),
      dataLength: fc.nat(70),
      continued: fc.option(fc.record({ byte: fc.nat(70), bit: fc.nat(7) })),
    });
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 30 }),
        fc.array(layout, { maxLength: 3 }),
        (reports, layouts) => {
          const assembler = createHidPosAssembler();
          for (const report of reports) {
            for (const parsed of [readHidPosReport(report, layouts), guessHidPosReport(report)]) {
              if (parsed !== null) assembler.push(parsed);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
    const assembler = createHidPosAssembler();
    const data = new Uint8Array(56).fill(65);
    for (let index = 0; index < 10_000; index += 1)
      assembler.push({ identifier: '', data, continued: true });
    expect(assembler.push({ identifier: '', data, continued: false })).toEqual({ text: null });
  });
});

describe('the beep', () => {
  it('is one bit of the trigger report, or nothing where the scanner has none', () => {
    expect(beepReport(described.trigger, 'good')).toEqual(Buffer.from([4, 0x40]));
    expect(beepReport(described.trigger, 'error')).toEqual(Buffer.from([4, 0x80]));
    expect(beepReport(null, 'good')).toBe(null);
    expect(
      beepReport(
        { reportId: 0, length: 1, goodBeep: { byte: 0, bit: 1 }, errorBeep: null },
        'good',
      ),
    ).toEqual(Buffer.from([0, 2]));
    expect(
      beepReport(
        { reportId: 0, length: 1, goodBeep: { byte: 0, bit: 1 }, errorBeep: null },
        'error',
      ),
    ).toBe(null);
  });
});
