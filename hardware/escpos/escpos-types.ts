import type { EventEmitter } from 'node:events';

/** What escpos asks of a device. `write` only takes the bytes over; it owes the printer nothing yet. */
export interface EscposAdapter {
  write(bytes: Buffer, done?: (error: Error | null) => void): void;
  read?(listener: (bytes: Buffer) => void): void;
  close(done?: (error: Error | null) => void, options?: unknown): void;
}
/** What escpos itself is told. */
export interface EscposOptions {
  readonly width?: number;
  readonly encoding?: string;
}
/** Left, centre, right. */
export type Alignment = 'lt' | 'ct' | 'rt';
/** Built-in fonts: A 12×24 dots, B and C smaller. */
export type FontName = 'a' | 'b' | 'c';
/** Bold and underline of one or two dots; ESC/POS has no italics. */
export type TextStyle = 'NORMAL' | 'B' | 'U' | 'U2' | 'BU' | 'BU2';
/** Control characters by escpos’ names; GLF prints without feeding. */
export type FeedControl = 'LF' | 'GLF' | 'FF' | 'CR' | 'HT' | 'VT';
/** INIT and RESET both are ESC @, the only reset ESC/POS has. */
export type HardwareControl = 'INIT' | 'SELECT' | 'RESET';
/** The four real-time statuses, DLE EOT 1 to 4. */
export type StatusName =
  | 'PrinterStatus'
  | 'OfflineCauseStatus'
  | 'ErrorCauseStatus'
  | 'RollPaperSensorStatus';
/** Symbologies printers draw themselves. */
export type BarcodeType = 'EAN13' | 'EAN8' | 'CODE39' | 'ITF' | 'CODE128';
/** How a barcode is drawn. */
export interface BarcodeOptions {
  /** Dots a module, 2 to 6. */
  readonly width?: number;
  /** Dots, 1 to 255. */
  readonly height?: number;
  readonly position?: 'OFF' | 'ABV' | 'BLW' | 'BTH';
  readonly font?: 'A' | 'B';
  /** Code 128 only: which set the data starts in; chosen by content when left out. */
  readonly set?: 'B' | 'C';
  /** Function A (NUL at the end) for printers older than function B (length in front). */
  readonly terminated?: boolean;
}
/** One cell of a row. */
export interface TableCell {
  readonly text: string;
  readonly align?: 'LEFT' | 'CENTER' | 'RIGHT';
  /** Share of the line, 0 to 1; or `cols` characters; or an equal share. */
  readonly width?: number;
  readonly cols?: number;
  readonly style?: TextStyle;
}
/** Black and white dots. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** Rows from the top, each padded to whole bytes; the highest bit is the leftmost dot; 1 is black. */
  readonly data: Uint8Array;
}

/** How escpos makes a printer. */
export interface EscposPrinterConstructor {
  new (adapter: EscposAdapter, options?: EscposOptions): EscposPrinter;
}

/** An escpos printer as `TillPrinter` meets it. CONFORMANCE.md says which methods are replaced. */
export interface EscposPrinter extends EventEmitter {
  readonly adapter: EscposAdapter;
  readonly buffer: { write(bytes: Buffer | string): unknown; flush(): Buffer };
  encoding: string;
  width: number;

  model(name: null): this;
  setCharacterCodeTable(page: number): this;
  marginBottom(size: number): this;
  marginLeft(size: number): this;
  marginRight(size: number): this;
  print(content: Buffer | string): this;
  println(content: string): this;
  newLine(): this;
  text(content: string): this;
  drawLine(): this;
  table(cells: readonly string[]): this;
  tableCustom(
    cells: readonly TableCell[],
    options?: { readonly size?: readonly [number, number] },
  ): this;
  pureText(content: string): this;
  encode(encoding: string): this;
  feed(lines?: number): this;
  control(name: FeedControl): this;
  align(alignment: Alignment): this;
  font(family: FontName): this;
  _getStyle(style: TextStyle): string;
  style(style: TextStyle): this;
  /** Multiples less one: 0 is normal, 1 is double, to 7. */
  size(width: number, height: number): this;
  spacing(dots?: number): this;
  lineSpace(dots?: number): this;
  hardware(name: HardwareControl): this;
  barcode(code: string, type: BarcodeType, options?: BarcodeOptions): this;
  qrcode(content: string, version?: null, level?: 'L' | 'M' | 'Q' | 'H', size?: number): this;
  qrimage(
    content: string,
    options?: { readonly level?: 'L' | 'M' | 'Q' | 'H'; readonly size?: number },
  ): this;
  image(image: Bitmap, density?: 's8' | 'd8' | 's24' | 'd24'): this | Promise<this>;
  raster(image: Bitmap, mode?: 'normal' | 'dw' | 'dh' | 'dwdh'): this;
  cashdraw(pin?: 2 | 5): this;
  beep(times: number, lengthUnits: number): this;
  flush(done?: (error: Error | null) => void): this;
  cut(partial?: boolean, feed?: number): this;
  close(done?: (error: Error | null) => void, options?: unknown): this;
  color(color: 0 | 1): this;
  setReverseColors(on: boolean): this;
  raw(bytes: Buffer | string): this;
  getStatus(name: StatusName, callback: (status: unknown) => void): this;
  getStatuses(callback: (statuses: unknown) => void): this;
}
