const DATA_BYTES = 56;

/** The 64-byte reports a HID POS scanner sends for a text: id, count, AIM identifier, data, continued. */
export function hidPosReports(identifier: string, text: string): readonly Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  const reports: Buffer[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += DATA_BYTES) {
    const data = bytes.subarray(start, start + DATA_BYTES);
    const report = Buffer.alloc(64);
    report[0] = 2;
    report[1] = data.length;
    report.write(identifier, 2, 'latin1');
    data.copy(report, 5);
    report[61] = 0x73;
    report[63] = start + DATA_BYTES < bytes.length ? 1 : 0;
    reports.push(report);
  }
  return reports;
}
