import { describe, expect, it, onTestFinished } from 'vitest';
import { codePageLadder, ladderLetters, paperWidths } from '#contract/printer-pairing.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { virtualWire } from '#hardware/printer/make-transport.ts';
import { paired, pairingBytes } from '#hardware/printer/pairing.ts';
import { DEFAULT_PROFILE, PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import type { PrinterProfile } from '#hardware/printer/profile.ts';
import { textOf, type PaperStrip } from '#hardware/virtual/paper.ts';
import { printed, startDeviceWorker } from '#test/hardware/support/device-worker.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';
import { TURKISH_RECEIPT } from './receipts.ts';
import { stagePrinter } from './stage.ts';

/** What comes out of a machine of `real`, whatever the till believes. */
function paperOf(bytes: Buffer, real: PrinterProfile): string {
  const strips: PaperStrip[] = [];
  const { printer } = virtualWire(real, (strip) => void strips.push(strip));
  printer.receive(bytes);
  printer.tear();
  return strips.map(textOf).join('\n');
}

const turkish = PRINTER_PROFILES.filter(({ codePages }) => codePages.cp857 !== undefined);

describe('the ladder of code pages', () => {
  it('has a rung for every number any known printer uses, each once', () => {
    const rungs = codePageLadder.map(({ page, number }) => `${page} ${number}`);
    const known = PRINTER_PROFILES.flatMap(({ codePages }) => [
      ...(codePages.cp857 === undefined ? [] : [`cp857 ${codePages.cp857}`]),
      ...(codePages.windows1254 === undefined ? [] : [`windows1254 ${codePages.windows1254}`]),
    ]);
    expect(new Set(rungs)).toEqual(new Set(known));
    expect(new Set(rungs).size).toBe(rungs.length);
  });

  it.each(turkish.map((each) => [each.id, each] as const))(
    'printed by %s while nothing is known of it, shows the rungs that are its own, and pairs it',
    async (_, real) => {
      const paper = paperOf(pairingBytes('code-pages', DEFAULT_PROFILE).bytes, real);
      const right = codePageLadder.filter(({ rung }) =>
        paper.split('\n').includes(`${String(rung).padStart(2)}  ${ladderLetters}`),
      );
      expect(right.map(({ page, number }) => [page, number])).toEqual(
        (['cp857', 'windows1254'] as const).flatMap((page) => {
          const number = real.codePages[page];
          return number === undefined ? [] : [[page, number]];
        }),
      );
      for (const codePage of right) {
        const believed = paired({ ...real, codePages: { cp437: 0 } }, { codePage, columns: null });
        const { bytes } = await layoutReceipt(TURKISH_RECEIPT, believed);
        expect(paperOf(bytes, real)).toContain('KAZANDIĞINIZ');
      }
    },
  );
});

describe('the rulers', () => {
  it.each(PRINTER_PROFILES.map((each) => [each.id, each] as const))(
    'show how wide the paper of %s is',
    (_, real) => {
      const rows = paperOf(pairingBytes('widths', DEFAULT_PROFILE).bytes, real).split('\n');
      const fitting = paperWidths.filter(({ columns }) =>
        rows.some((row) => row.length === columns && row.endsWith(`|${columns}`)),
      );
      // The virtual printer's letters are 12 dots wide.
      const widest = Math.floor(real.widthDots / 12);
      expect(fitting.at(-1)?.columns).toBe(
        paperWidths.findLast(({ columns }) => columns <= widest)?.columns,
      );
    },
  );

  it('pair a printer with its width', () => {
    const narrow = paired(DEFAULT_PROFILE, { codePage: null, columns: 32 });
    expect(narrow).toMatchObject({ paperMm: 58, widthDots: 384, columnsA: 32, columnsB: 42 });
    expect(paired(DEFAULT_PROFILE, { codePage: null, columns: null })).toEqual(DEFAULT_PROFILE);
  });
});

describe('the device process', () => {
  it('prints a ladder, and receipts by the rung that was right', async () => {
    const printer = await stagePrinter({ codePages: new Map([[61, 'cp857']]) });
    const first = startDeviceWorker(['--printer', printer.address]);
    onTestFinished(() => first.stop());
    const ladder = { jobId: 'ladder', page: 'code-pages' } as const;
    await expect
      .poll(async () => (await first.call.pairing(ladder)).state, { timeout: PATIENCE_MS })
      .toBe('confirmed');
    expect(printer.receipts[0]).toContain(` 2  ${ladderLetters}`);
    await first.stop();

    const pairing = JSON.stringify({ codePage: { page: 'cp857', number: 61 } });
    const second = startDeviceWorker(['--printer', printer.address, '--printer-pairing', pairing]);
    onTestFinished(() => second.stop());
    const document = { ...TURKISH_RECEIPT, lines: [...TURKISH_RECEIPT.lines] };
    await printed(second, { jobId: 'receipt', document });
    expect(printer.receipts[1]).toContain('KAZANDIĞINIZ');
  });
});
