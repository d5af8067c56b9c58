import { describe, expect, it } from 'vitest';
import { childLog } from '#shell/child-log.ts';
import type { Log } from '#till/ports.ts';

function logged(pieces: readonly string[]): unknown[] {
  const lines: unknown[] = [];
  const at =
    (level: string): Log['info'] =>
    (event, fields) =>
      void lines.push([level, event, fields]);
  const write = childLog('devices', { info: at('info'), warn: at('warn'), error: at('error') });
  for (const piece of pieces) write(piece);
  return lines;
}

describe('what a child process writes', () => {
  it('keeps its event and fields in the till’s log, with the child’s name, however it is cut', () => {
    const line =
      '{"at":"2026-11-21T10:00:00.000Z","level":"warn","event":"printer-silent","role":"devices","ms":12}\n';
    const expected = [['warn', 'printer-silent', { ms: 12, process: 'devices' }]];
    expect(logged([line])).toEqual(expected);
    expect(logged([...line])).toEqual(expected);
    expect(logged([`${line}${line}`])).toEqual([...expected, ...expected]);
  });

  it('keeps a crash’s last words as text, and nothing endless', () => {
    expect(logged(['Error: no device\n\n{"half":\n'])).toEqual([
      ['info', 'process-output', { process: 'devices', text: 'Error: no device' }],
      ['info', 'process-output', { process: 'devices', text: '{"half":' }],
    ]);
    const [entry] = logged([`${'x'.repeat(100_000)}\n`]) as [[string, string, { text: string }]];
    expect(entry[2].text).toHaveLength(4000);
  });

  it('leaves out what is no plain value', () => {
    expect(logged(['{"level":"info","event":"a","list":[1],"ok":true}\n'])).toEqual([
      ['info', 'a', { ok: true, process: 'devices' }],
    ]);
  });
});
