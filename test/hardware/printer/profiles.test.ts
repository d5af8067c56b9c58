import { describe, expect, it } from 'vitest';
import { PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';

/** Numbers of CP857 and Windows-1254 by maker and model, as measured and collected for the reference. */
const TURKISH_PAGES: readonly (readonly [maker: string, model: RegExp, string])[] = [
  ['Epson', /^TM-(T20|T82|L90|P|m30|T88V|T70II)/, '13/48'],
  ['Epson', /^TM-(T70$|T88II$|T88III|T88IV)/, '-/-'],
  ['Zjiang', /^(ZJ-8220|POS-5890|POS-8360)/, '61/91'],
  ['Zjiang', /^ZJ-5870/, '-/-'],
  ['Netum', /./, '61/91'],
  ['PBM', /./, '61/-'],
  ['Rongta', /./, '29/32'],
  ['Youku', /./, '29/32'],
  ['Kefar', /./, '39/-'],
  ['YHD', /./, '24/-'],
  ['Wincor Nixdorf', /./, '12/16'],
  ['HP', /./, '12/-'],
  ['Star', /./, '12/-'],
  ['Citizen', /./, '8/-'],
  ['Fujitsu', /./, '8/-'],
  ['Seiko', /./, '13/48'],
  ['Bixolon', /^SRP-(S300|350$)/, '-/-'],
  ['Bixolon', /^SRP-350III/, '37/25'],
  ['Munbyn', /./, '-/-'],
  ['Xprinter', /./, '-/-'],
  ['Metapace', /./, '-/-'],
  ['Sunmi', /./, '13/-'],
  ['EPOS', /./, '13/48'],
  ['Generic', /./, '13/48'],
];

describe('the catalogue of printers', () => {
  it('knows at least 40 profiles, wide and narrow', () => {
    const narrow = PRINTER_PROFILES.filter((each) => each.paperMm === 58);
    expect(PRINTER_PROFILES.length).toBeGreaterThanOrEqual(40);
    expect(narrow.length).toBeGreaterThanOrEqual(8);
  });

  it('names every model once', () => {
    const names = PRINTER_PROFILES.flatMap((each) => each.models.map((m) => `${each.maker} ${m}`));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(PRINTER_PROFILES.map((each) => [each.id, each] as const))(
    'has the Turkish pages of %s as collected, and says no other',
    (_, { maker, models, codePages, textPage }) => {
      const row = TURKISH_PAGES.find(([m, model]) => m === maker && model.test(models[0]));
      expect(`${codePages.cp857 ?? '-'}/${codePages.windows1254 ?? '-'}`).toBe(row?.[2]);
      // Where there is a Turkish page, Turkish is text; drawn text is for printers without one.
      expect(textPage === 'cp857').toBe(codePages.cp857 !== undefined);
      const numbers = Object.values(codePages);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(codePages.cp437).toBe(0);
    },
  );
});
