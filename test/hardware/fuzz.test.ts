import { describe, expect, it } from 'vitest';
import { StatusStream } from '#hardware/escpos/status-stream.ts';
import { describeHidPos } from '#hardware/scanner/hid-descriptor.ts';
import {
  createHidPosAssembler,
  guessHidPosReport,
  readHidPosReport,
} from '#hardware/scanner/hid-report.ts';
import { createSerialFramer } from '#hardware/scanner/serial-framer.ts';
import { SVG_LENGTH_MAX, svgOf } from '#hardware/virtual/svg.ts';
import { SCAN_LENGTH_MAX } from '#scan/settings.ts';
import { hidPosReports } from '#test/hardware/support/hid-reports.ts';
import { SCANNER_DESCRIPTOR } from '#test/hardware/support/umockdev.ts';
import { bench } from '#test/hardware/virtual/workshop.ts';
import {
  bytesOfText,
  FUZZ_SEED,
  FUZZ_STREAMS,
  FUZZ_TIMEOUT_MS,
  inPieces,
  mutated,
} from '#test/scan/support/mutate.ts';
import { createRandom, type Random } from '#test/scan/support/random.ts';
import { printStream, statusStream } from './support/stream-grammars.ts';

function eachStream(
  grammar: (random: Random) => readonly number[],
  check: (bytes: number[], random: Random) => void,
): void {
  const random = createRandom(FUZZ_SEED);
  for (let stream = 0; stream < FUZZ_STREAMS; stream += 1) {
    const bytes = mutated(grammar(random), random);
    try {
      check(bytes, random);
    } catch (error) {
      const shown = Buffer.from(bytes).toString('hex');
      throw new Error(`stream ${stream} of seed ${FUZZ_SEED}: ${shown}`, { cause: error });
    }
  }
}

/** The longest report a descriptor may describe, and a byte for its number. */
const REPORT_BYTES_MAX = 8_193;
const codes = ['8690504000013', 'https://r.example/İğş', 'x'.repeat(200), ''];

describe(`any of ${FUZZ_STREAMS} broken streams`, () => {
  it(
    'of HID reports joins to codes no longer than one may be, and nothing stays behind',
    () => {
      const { inputs } = describeHidPos(SCANNER_DESCRIPTOR);
      const assembler = createHidPosAssembler();
      const grammar = (random: Random): number[] =>
        hidPosReports(random.pick([']E0', ']Q1', '???']), random.pick(codes)).flatMap((report) => [
          ...report,
        ]);
      eachStream(grammar, (bytes) => {
        for (let at = 0; at < bytes.length; at += 64) {
          const report = Uint8Array.from(bytes.slice(at, at + 64));
          const guessed = guessHidPosReport(report);
          if (guessed !== null && guessed.data.length > 56) expect.fail('more data than it holds');
          const read = readHidPosReport(report, inputs);
          const whole = read === null ? null : assembler.push(read);
          if ((whole?.text?.length ?? 0) > SCAN_LENGTH_MAX + 3) expect.fail('too long a code');
          if (whole !== null && assembler.isOpen()) expect.fail('a code that did not end');
        }
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'of a HID descriptor is described or passed over',
    () => {
      eachStream(
        () => [...SCANNER_DESCRIPTOR],
        (bytes) => {
          const { inputs, trigger } = describeHidPos(Uint8Array.from(bytes));
          if ((trigger?.length ?? 0) > REPORT_BYTES_MAX) expect.fail('a beep of no size');
          for (const { dataAt, dataLength } of inputs)
            if (dataAt + dataLength > REPORT_BYTES_MAX) expect.fail('a report of no size');
        },
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'of a serial line is cut into the same codes however it arrives',
    () => {
      const grammar = (random: Random): number[] =>
        Array.from({ length: random.integer(1, 4) }, () =>
          bytesOfText(random.pick(codes) + random.pick(['\r', '\r\n', '\t', '\n', ''])),
        ).flat();
      eachStream(grammar, (bytes, random) => {
        const whole = createSerialFramer();
        const frames = [...whole.push(Uint8Array.from(bytes)), whole.flush()?.frame];
        const cut = createSerialFramer();
        const pieces = inPieces(bytes, random).flatMap((piece) => cut.push(piece));
        const other = [...pieces, cut.flush()?.frame];
        if (JSON.stringify(frames) !== JSON.stringify(other)) expect.fail('depends on the pieces');
        const text = frames.flatMap((frame) => [...(frame ?? [])]);
        const sent = bytes.filter((byte) => byte !== 9 && byte !== 10 && byte !== 13);
        if (text.join() !== sent.join()) expect.fail('lost or made up a byte');
        if (whole.isOpen()) expect.fail('something stays behind');
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'of a printer’s answers is taken apart the same however it arrives, byte for byte accounted for',
    () => {
      eachStream(statusStream, (bytes, random) => {
        const messages = new StatusStream().push(Uint8Array.from(bytes));
        const cut = new StatusStream();
        const other = inPieces(bytes, random).flatMap((piece) => cut.push(piece));
        if (JSON.stringify(messages) !== JSON.stringify(other))
          expect.fail('depends on the pieces');
        if (messages.length > bytes.length) expect.fail('more messages than bytes');
        const healed = new StatusStream();
        healed.push(Uint8Array.from(bytes));
        // Whatever came before, an end of block and two whole answers later the stream is in step.
        const after = healed.push(Uint8Array.from([0, 0, 0, 0x12, 0x12]));
        if (after.filter(({ kind }) => kind === 'real-time').length < 1) expect.fail('out of step');
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'of print commands is printed or refused, in bounded memory, and all of it can be shown',
    () => {
      eachStream(printStream, (bytes) => {
        const made = bench();
        const taken = made.printer.receive(Uint8Array.from(bytes));
        if (taken !== bytes.length || made.printer.bufferedBytes !== 0) expect.fail('hoards bytes');
        if (made.printer.trace.lines.length > 2_000) expect.fail('hoards its trace');
        made.printer.tear();
        for (const strip of made.strips)
          if (svgOf(strip).svg.length > SVG_LENGTH_MAX) expect.fail('too large a picture');
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});
