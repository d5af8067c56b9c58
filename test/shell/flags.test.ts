import { describe, expect, it } from 'vitest';
import { POLE_PROFILES } from '#hardware/pole/pole-profile.ts';
import { PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import { parseFlags } from '#shell/flags.ts';
import flagTable from '#shell/flags.json' with { type: 'json' };

const refusal = (...args: string[]): string => {
  const parsed = parseFlags(args);
  return parsed.ok ? 'accepted' : parsed.error;
};

describe('the command line', () => {
  it('has a default for everything', () => {
    expect(parseFlags([])).toEqual({
      ok: true,
      value: {
        data: null,
        port: null,
        server: null,
        lan: null,
        pairingCode: null,
        tillName: 'Till 1',
        printer: null,
        printerProfile: null,
        scanners: [],
        pole: null,
        poleProfile: null,
        ownShop: false,
        kiosk: false,
        open: true,
      },
    });
  });

  it('takes --setup and --no-demo for a shop of one’s own', () => {
    expect(parseFlags(['--setup'])).toMatchObject({ ok: true, value: { ownShop: true } });
    expect(parseFlags(['--no-demo'])).toMatchObject({ ok: true, value: { ownShop: true } });
  });

  it('opens the till’s own server to the shop’s network only when asked to', () => {
    expect(parseFlags(['--lan'])).toMatchObject({
      value: { lan: { host: '0.0.0.0', port: 7443 } },
    });
    expect(parseFlags(['--lan-port', '9000', '--lan-host', '192.0.2.7'])).toMatchObject({
      value: { lan: { host: '192.0.2.7', port: 9000 } },
    });
    expect(refusal('--lan', '--server', 'https://192.0.2.7')).toContain('Leave one of the two out');
    expect(refusal('--lan-host', 'till.local')).toContain('needs an address');
    expect(refusal('--lan-port', '0')).toContain('1 to 65535');
  });

  it('refuses a server that others on the network could listen to, and no other', () => {
    for (const clear of ['http://192.0.2.7:8080', 'http://example.com', 'http://10.0.0.1']) {
      expect(refusal('--server', clear)).toContain('not encrypted');
    }
    for (const fine of ['https://192.0.2.7:7443', 'http://127.0.0.1:1', 'http://[::1]:1']) {
      expect(refusal('--server', fine)).toBe('accepted');
    }
  });

  it('reads every flag, with a blank or an equals sign', () => {
    const parsed = parseFlags([
      '--data=/var/till',
      '--port',
      '8080',
      '--server',
      'https://loyalty.example.com',
      '--printer',
      'tcp://192.0.2.7:9100',
      '--printer-profile',
      'epson-tm-t20',
      '--scanner',
      'serial:/dev/ttyUSB0',
      '--scanner',
      'hid',
      '--pole=serial:/dev/ttyS1',
      '--web',
      '--kiosk',
      '--no-open',
    ]);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        data: '/var/till',
        port: 8080,
        server: 'https://loyalty.example.com',
        printer: 'tcp://192.0.2.7:9100',
        printerProfile: 'epson-tm-t20',
        scanners: ['serial:/dev/ttyUSB0', 'hid'],
        pole: 'serial:/dev/ttyS1',
        kiosk: true,
        open: false,
      },
    });
  });

  it('names the nearest flag for one it does not know', () => {
    expect(refusal('--pinter', 'virtual')).toContain('Did you mean --printer?');
    expect(refusal('--sever', 'x')).toContain('Did you mean --server?');
    expect(refusal('--noopen')).toContain('Did you mean --no-open?');
    expect(refusal('-p')).toContain('Unknown flag -p');
  });

  it('refuses what would run a till on something else than was meant', () => {
    expect(refusal('--port', '0')).toContain('1 to 65535');
    expect(refusal('--port', '8080.5')).toContain('1 to 65535');
    expect(refusal('--server', 'loyalty.example.com')).toContain('--server needs an address');
    expect(refusal('--server', 'ftp://example.com')).toContain('--server needs an address');
    expect(refusal('--printer', 'LPT1')).toContain('--printer LPT1 is none of');
    expect(refusal('--printer-profile', 'epson-tm-t8')).toContain('Did you mean epson-tm-t82?');
    expect(refusal('--pole', 'COM3')).toContain('--pole COM3 is none of');
    expect(refusal('--pole-profile', 'cd522')).toContain('Did you mean cd5220?');
    expect(refusal('--scanner', 'usb')).toContain('--scanner usb is none of');
    expect(refusal('--data')).toContain('--data needs a value');
    expect(refusal('--data', '--web')).toContain('--data needs a value');
    expect(refusal('--web=yes')).toContain('--web takes no value');
    expect(refusal('--data', 'a', '--data', 'b')).toContain('given twice');
    expect(refusal('virtual')).toContain('is not a flag');
    expect(refusal('--till-name', ' ')).toContain('--till-name');
  });

  it('lists every printer profile there is, in its help', () => {
    const { choices = [] } = flagTable.find(({ name }) => name === 'printer-profile') ?? {};
    expect(choices).toEqual(PRINTER_PROFILES.map(({ id }) => id));
    const poles = flagTable.find(({ name }) => name === 'pole-profile')?.choices ?? [];
    expect(poles).toEqual(POLE_PROFILES.map(({ id }) => id));
  });
});
