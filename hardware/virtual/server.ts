import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textOf, type PaperStrip } from './paper.ts';
import { servePaperPage, type PaperPage } from './page-server.ts';
import { svgOf } from './svg.ts';
import { serveVirtualPrinter } from './tcp-server.ts';
import { EPSON_LIKE_80 } from './virtual-printer.ts';

/**
 * A virtual network printer from the command line: prints what it prints as text, shows it on a page, and
 * saves it as SVG.
 *
 *     node hardware/virtual/server.ts --port 9100 --save paper
 */
const HELP = `A virtual ESC/POS printer on TCP.
  --port N    port to listen on (9100)
  --host H    address to listen on (127.0.0.1)
  --page N    port of the page that shows the paper (any free one)
  --width N   dots across the paper: 576, 512 or 384 (576)
  --save DIR  saves every receipt there as SVG
  --help      this text`;
const MARGIN_DOTS = 64;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9100' },
    host: { type: 'string', default: '127.0.0.1' },
    page: { type: 'string', default: '0' },
    width: { type: 'string', default: '576' },
    save: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

let saved = 0;
let paperPage: PaperPage | null = null;

async function show(strip: PaperStrip): Promise<void> {
  process.stdout.write(`\n${textOf(strip)}\n`);
  paperPage?.show(svgOf(strip).svg);
  if (values.save === undefined) return;
  await mkdir(values.save, { recursive: true });
  saved += 1;
  const file = join(values.save, `receipt-${String(saved).padStart(4, '0')}.svg`);
  await writeFile(file, svgOf(strip).svg);
  process.stdout.write(`${file}\n`);
}

function whole(text: string, name: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  process.stderr.write(`--${name} is a whole number from ${least} to ${most}, not "${text}"\n`);
  process.exit(64);
}

function endTaken(error: unknown, what: string, flag: string): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const why = code === 'EADDRINUSE' ? 'another program listens there' : code;
  process.stderr.write(`${what}: ${why}. Choose another ${flag}.\n`);
  process.exit(1);
}

if (values.help) {
  process.stdout.write(`${HELP}\n`);
} else {
  const widthDots = whole(values.width, 'width', 96, 1_024);
  const port = whole(values.port, 'port', 0, 65_535);
  const server = await serveVirtualPrinter({
    ...EPSON_LIKE_80,
    widthDots,
    paperWidthDots: widthDots + MARGIN_DOTS,
    host: values.host,
    port,
    onStrip: (strip) => void show(strip),
    onDrawer: () => {
      process.stdout.write('[drawer]\n');
      server.printer.setMechanism({ drawerPinHigh: false });
      paperPage?.tell();
    },
  }).catch((error: unknown) => endTaken(error, `No printer at ${values.host}:${port}`, '--port'));
  const address = `tcp://${values.host}:${server.port}`;
  const page = await servePaperPage({
    printer: server.printer,
    port: whole(values.page, 'page', 0, 65_535),
    address,
  }).catch((error: unknown) => endTaken(error, `No page at 127.0.0.1:${values.page}`, '--page'));
  paperPage = page;
  process.stdout.write(`Virtual printer ready at ${address}\nIts paper is at ${page.url}\n`);
  const stop = (): void =>
    void Promise.all([page.close(), server.close()]).then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
