import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EscposAdapter } from '#hardware/escpos/escpos-types.ts';
import type { RealTimeStatus } from '#hardware/escpos/status-requests.ts';
import { StatusStream, type StatusMessage } from '#hardware/escpos/status-stream.ts';
import { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { bytesOf, EPSON_OPTIONS, hex } from './captured.ts';

const realTime = fc.constantFrom('12', '16', '1A', '1E', '32', '52', '72', '7E');
const automatic = fc.constantFrom('14 00 00 0F', '3C 00 00 0F', '1C 00 0F 0F', '10 08 03 00');
const processId = fc
  .string({ unit: fc.constantFrom(...'0123456789ABCXYZ'), minLength: 4, maxLength: 4 })
  .map((id) => `37 22 ${hex(Buffer.from(id))} 00`);
const information = fc.constant('5F 45 50 53 4F 4E 00');
const inTurn = fc.constantFrom('00', '03', '0C', '02');
const messages = fc.array(fc.oneof(realTime, automatic, processId, information, inTurn), {
  maxLength: 30,
});

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('the answers of a printer', () => {
  it('come out one by one however the stream is cut, with flow control anywhere between', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(6), { maxLength: 60 }), (list, lengths) => {
        const bytes = bytesOf(list.join(' '));
        const whole = new StatusStream().push(bytes);
        expect(whole).toHaveLength(list.length);
        expect(whole.some((each) => each.kind === 'garbage')).toBe(false);
        const pieces = new StatusStream();
        const cutUp = cut(bytes, lengths).flatMap((chunk) => [
          ...pieces.push(chunk),
          ...pieces.push(Buffer.from([0x13, 0x11])),
        ]);
        expect(cutUp.filter((each) => each.kind !== 'flow')).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('any bytes at all: nothing throws, nothing is hoarded, and a good answer is heard again', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const stream = new StatusStream();
        let heard = 0;
        let length = 0;
        for (const chunk of chunks) {
          heard += stream.push(chunk).length;
          length += chunk.length;
        }
        expect(heard).toBeLessThanOrEqual(length);
        const after = [
          ...stream.push(Buffer.alloc(90, 0)),
          ...stream.push(bytesOf('37 22 41 30 30 31 00')),
        ];
        expect(after).toContainEqual({ kind: 'process-id', id: 'A001' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('a message that breaks off is garbage, and the next one is not lost with it', () => {
    const heard: StatusMessage[] = new StatusStream().push(bytesOf('14 00 12 37 22 41 80 16'));
    expect(heard.map((each) => each.kind).join(' ')).toBe(
      'garbage garbage real-time garbage garbage garbage garbage real-time',
    );
  });
});

describe('TillPrinter.getStatuses', () => {
  it('asks one question at a time and gives the answers their names', () => {
    const asked: string[] = [];
    let answer: (bytes: Buffer) => void = () => undefined;
    const adapter: EscposAdapter = {
      write: (bytes) => void asked.push(hex(bytes)),
      read: (listener) => void (answer = listener),
      close: () => undefined,
    };
    let heard: readonly RealTimeStatus[] = [];
    new TillPrinter(adapter, EPSON_OPTIONS).getStatuses((statuses) => void (heard = statuses));
    expect(asked).toEqual(['10 04 01']);
    answer(bytesOf('14 00 00 0F 1A'));
    answer(bytesOf('32'));
    answer(bytesOf('12'));
    expect(heard).toEqual([]);
    answer(bytesOf('7E'));
    expect(asked).toEqual(['10 04 01', '10 04 02', '10 04 03', '10 04 04']);
    expect(heard).toMatchObject([
      { name: 'PrinterStatus', online: false },
      { name: 'OfflineCauseStatus', paperEndStop: true },
      { name: 'ErrorCauseStatus', autocutterError: false },
      { name: 'RollPaperSensorStatus', paperOut: true, nearEnd: true },
    ]);
  });
});
