import { dataMatrixModules, pdf417Modules, qrModules } from './barcode-bars.ts';
import { drawSymbol, lineIsFree } from './drawing-effects.ts';
import type { PrintEngine } from './print-engine.ts';

const QR_LEVELS: Readonly<Record<number, 'L' | 'M' | 'Q' | 'H'>> = {
  48: 'L',
  49: 'M',
  50: 'Q',
  51: 'H',
};
/** GS ( k: QR codes, PDF417 and Data Matrix, stored part by part, then printed. */
export function symbolFunction(engine: PrintEngine, bytes: Uint8Array): void {
  const [symbol, number, first = 0] = bytes.subarray(5);
  const data = bytes.slice(8);
  if (symbol === 0x31) qrFunction(engine, number ?? 0, first, data);
  else if (symbol === 0x30) pdf417Function(engine, number ?? 0, first, data);
  else if (symbol === 0x36) dataMatrixFunction(engine, number ?? 0, first, data);
  else engine.problem(`GS ( k of symbol ${symbol} is not drawn by this printer`);
}

function qrFunction(engine: PrintEngine, number: number, first: number, data: Uint8Array): void {
  const { qr } = engine.settings;
  switch (number) {
    case 0x41:
      if (first !== 0x32) engine.problem('only QR model 2 is drawn');
      return;
    case 0x43:
      qr.moduleDots = Math.min(16, Math.max(1, first));
      return;
    case 0x45:
      qr.level = QR_LEVELS[first] ?? 'L';
      return;
    case 0x50:
      qr.data = data;
      return;
    case 0x51: {
      const modules = qrModules(qr.data, qr.level);
      if (modules === null) engine.problem('no QR code is stored, or it holds too much');
      else if (lineIsFree(engine, 'GS ( k'))
        drawSymbol(engine, modules, qr.moduleDots, qr.moduleDots);
      return;
    }
    default:
      engine.problem(`GS ( k function ${number} of QR is unknown`);
  }
}

function pdf417Function(
  engine: PrintEngine,
  number: number,
  first: number,
  data: Uint8Array,
): void {
  const { pdf417 } = engine.settings;
  switch (number) {
    case 0x41:
      pdf417.columns = first;
      return;
    case 0x43:
      pdf417.moduleDots = Math.min(8, Math.max(2, first));
      return;
    case 0x44:
      pdf417.rowModules = Math.min(8, Math.max(2, first));
      return;
    case 0x42:
    case 0x45:
    case 0x46:
      return;
    case 0x50:
      pdf417.data = data;
      return;
    case 0x51: {
      const modules = pdf417Modules(pdf417.data, pdf417.columns);
      if (modules === null) engine.problem('no PDF417 is stored, or it holds too much');
      else if (lineIsFree(engine, 'GS ( k')) {
        drawSymbol(engine, modules, pdf417.moduleDots, pdf417.moduleDots * pdf417.rowModules);
      }
      return;
    }
    default:
      engine.problem(`GS ( k function ${number} of PDF417 is unknown`);
  }
}

function dataMatrixFunction(
  engine: PrintEngine,
  number: number,
  first: number,
  data: Uint8Array,
): void {
  const { dataMatrix } = engine.settings;
  switch (number) {
    case 0x42:
      if (first !== 0) engine.problem('only square Data Matrix is drawn');
      return;
    case 0x43:
      dataMatrix.moduleDots = Math.min(16, Math.max(2, first));
      return;
    case 0x50:
      dataMatrix.data = data;
      return;
    case 0x51: {
      const modules = dataMatrixModules(dataMatrix.data);
      if (modules === null) engine.problem('no Data Matrix is stored, or it holds too much');
      else if (lineIsFree(engine, 'GS ( k'))
        drawSymbol(engine, modules, dataMatrix.moduleDots, dataMatrix.moduleDots);
      return;
    }
    default:
      engine.problem(`GS ( k function ${number} of Data Matrix is unknown`);
  }
}
