/**
 * Where a HID POS scanner puts what in its reports. Offsets count from the report's first byte, the
 * report id included where the device numbers its reports.
 */
export interface HidPosLayout {
  /** 0 where the device does not number its reports. */
  readonly reportId: number;
  /** How many data bytes are used; null where the report does not say (unused ones are NUL). */
  readonly lengthAt: number | null;
  /** The three characters of the AIM identifier; null where the device sends none. */
  readonly aimAt: number | null;
  readonly dataAt: number;
  readonly dataLength: number;
  /** The bit that says the code goes on in the next report; null where there is none. */
  readonly continued: BitPlace | null;
}

/** Where to write to make the scanner beep. */
export interface HidPosTrigger {
  readonly reportId: number;
  /** Bytes of the report, its id included. */
  readonly length: number;
  readonly goodBeep: BitPlace | null;
  readonly errorBeep: BitPlace | null;
}

export interface BitPlace {
  readonly byte: number;
  readonly bit: number;
}

/** What a report descriptor says about scanning. */
export interface HidPosDescription {
  readonly inputs: readonly HidPosLayout[];
  readonly trigger: HidPosTrigger | null;
}

/** Usages as page and id in one number. Source: HID Usage Tables 1.5, pages 0x01 and 0x8C. */
const USAGE = {
  byteCount: 0x01_003b,
  goodBeep: 0x8c_0086,
  errorBeep: 0x8c_0085,
  aimFirst: 0x8c_00fb,
  data: 0x8c_00fe,
  continued: 0x8c_00ff,
} as const;

const DESCRIPTOR_BYTES_MAX = 4_096;
const FIELDS_MAX = 4_096;
const REPORT_BITS_MAX = 65_536;

interface Field {
  readonly kind: 'input' | 'output';
  readonly reportId: number;
  readonly usage: number;
  readonly bitOffset: number;
  readonly bitSize: number;
  /** How many fields of the same usage follow without a break, this one included. */
  readonly count: number;
}

/**
 * Reads a report descriptor. Never throws: what is broken or foreign describes nothing.
 *
 * Source: Device Class Definition for HID 1.11, 6.2.2.
 */
export function describeHidPos(descriptor: Uint8Array): HidPosDescription {
  const fields = fieldsOf(descriptor.subarray(0, DESCRIPTOR_BYTES_MAX));
  const inputIds = new Set(
    fields.filter((field) => field.kind === 'input').map((field) => field.reportId),
  );
  return {
    inputs: [...inputIds].flatMap((reportId) => layoutOf(fields, reportId) ?? []),
    trigger: triggerOf(fields),
  };
}

function layoutOf(fields: readonly Field[], reportId: number): HidPosLayout | null {
  const find = (usage: number): Field | undefined =>
    fields.find(
      (field) => field.kind === 'input' && field.reportId === reportId && field.usage === usage,
    );
  const data = find(USAGE.data);
  if (data === undefined || data.bitSize !== 8 || data.bitOffset % 8 !== 0) return null;
  const byteOf = (field: Field | undefined): number | null =>
    field === undefined || field.bitOffset % 8 !== 0 || field.bitSize !== 8
      ? null
      : field.bitOffset / 8;
  const continued = find(USAGE.continued);
  return {
    reportId,
    lengthAt: byteOf(find(USAGE.byteCount)),
    aimAt: byteOf(find(USAGE.aimFirst)),
    dataAt: data.bitOffset / 8,
    dataLength: data.count,
    continued: continued === undefined ? null : placeOf(continued),
  };
}

function triggerOf(fields: readonly Field[]): HidPosTrigger | null {
  const outputs = fields.filter((field) => field.kind === 'output');
  const good = outputs.find((field) => field.usage === USAGE.goodBeep);
  const error = outputs.find((field) => field.usage === USAGE.errorBeep);
  const reportId = (good ?? error)?.reportId;
  if (reportId === undefined) return null;
  const bits = outputs
    .filter((field) => field.reportId === reportId)
    .map((field) => field.bitOffset + field.bitSize * field.count);
  return {
    reportId,
    length: Math.ceil(Math.max(...bits) / 8),
    goodBeep: good === undefined ? null : placeOf(good),
    errorBeep: error?.reportId === reportId ? placeOf(error) : null,
  };
}

function placeOf(field: Field): BitPlace {
  return { byte: Math.floor(field.bitOffset / 8), bit: field.bitOffset % 8 };
}

interface Globals {
  readonly usagePage: number;
  readonly size: number;
  readonly count: number;
  readonly reportId: number;
}

/** The items that matter: their prefix without the size bits. */
const ITEM = {
  input: 0x80,
  output: 0x90,
  feature: 0xb0,
  collection: 0xa0,
  endCollection: 0xc0,
  usagePage: 0x04,
  reportSize: 0x74,
  reportId: 0x84,
  reportCount: 0x94,
  push: 0xa4,
  pop: 0xb4,
  usage: 0x08,
  usageMinimum: 0x18,
  usageMaximum: 0x28,
} as const;

function fieldsOf(descriptor: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  const ends = new Map<string, number>();
  const stack: Globals[] = [];
  let globals: Globals = { usagePage: 0, size: 0, count: 0, reportId: 0 };
  let usages: number[] = [];
  let minimum: number | null = null;
  for (const { tag, value, size } of itemsOf(descriptor)) {
    switch (tag) {
      case ITEM.usagePage:
        globals = { ...globals, usagePage: value };
        break;
      case ITEM.reportSize:
        globals = { ...globals, size: value };
        break;
      case ITEM.reportCount:
        globals = { ...globals, count: value };
        break;
      case ITEM.reportId:
        globals = { ...globals, reportId: value };
        break;
      case ITEM.push:
        if (stack.length < 16) stack.push(globals);
        break;
      case ITEM.pop:
        globals = stack.pop() ?? globals;
        break;
      case ITEM.usage:
        usages.push(fullUsage(globals.usagePage, value, size));
        break;
      case ITEM.usageMinimum:
        minimum = fullUsage(globals.usagePage, value, size);
        break;
      case ITEM.usageMaximum:
        usages.push(...usageRange(minimum, fullUsage(globals.usagePage, value, size)));
        break;
      case ITEM.input:
      case ITEM.output:
        addFields(fields, ends, tag === ITEM.input ? 'input' : 'output', globals, usages);
        usages = [];
        break;
      case ITEM.feature:
      case ITEM.collection:
      case ITEM.endCollection:
        usages = [];
        break;
      default:
        break;
    }
    if (fields.length > FIELDS_MAX || usages.length > FIELDS_MAX) return [];
  }
  return fields;
}

/** A four-byte usage carries its page with it. */
function fullUsage(usagePage: number, value: number, size: number): number {
  return size === 4 ? value : usagePage * 0x1_0000 + value;
}

function usageRange(minimum: number | null, maximum: number): readonly number[] {
  if (minimum === null || maximum < minimum || maximum - minimum > 255) return [];
  return Array.from({ length: maximum - minimum + 1 }, (_, index) => minimum + index);
}

/** Gives each usage its place. When there are fewer usages than fields the last one has the rest. */
function addFields(
  fields: Field[],
  ends: Map<string, number>,
  kind: Field['kind'],
  { size, count, reportId }: Globals,
  usages: readonly number[],
): void {
  const key = `${kind} ${reportId}`;
  const start = ends.get(key) ?? (reportId === 0 ? 0 : 8);
  const end = Math.min(start + size * count, REPORT_BITS_MAX);
  for (const [index, usage] of usages.slice(0, count).entries()) {
    const isLast = index === usages.length - 1;
    const bitOffset = start + index * size;
    if (bitOffset + size > end) break;
    // A broken descriptor may claim gigabytes: what lies past the longest report is not there.
    const room = size === 0 ? 1 : Math.floor((end - bitOffset) / size);
    fields.push({
      kind,
      reportId,
      usage,
      bitOffset,
      bitSize: size,
      count: isLast ? Math.min(count - index, room) : 1,
    });
  }
  ends.set(key, end);
}

interface Item {
  readonly tag: number;
  readonly value: number;
  readonly size: number;
}

function* itemsOf(descriptor: Uint8Array): Generator<Item> {
  let position = 0;
  while (position < descriptor.length) {
    const prefix = descriptor[position] ?? 0;
    if (prefix === 0xfe) {
      position += 3 + (descriptor[position + 1] ?? 0);
      continue;
    }
    const size = [0, 1, 2, 4][prefix & 3] ?? 0;
    if (position + 1 + size > descriptor.length) return;
    let value = 0;
    for (let index = size; index > 0; index -= 1)
      value = value * 256 + (descriptor[position + index] ?? 0);
    yield { tag: prefix & 0xfc, value, size };
    position += 1 + size;
  }
}
