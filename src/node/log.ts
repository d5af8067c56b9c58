/** What a log line may carry beside its event. Objects and people do not belong in a log. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export type LogLevel = 'info' | 'warn' | 'error';

/** Writes one JSON line per event. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Where lines go and what time it is; both given, so that tests see them. */
export interface LogEnvironment {
  write(line: string): void;
  nowMs(): number;
  /** Carried by every line, such as the process's role. */
  readonly fields?: LogFields;
}

/** Longest text of one field; the rest is cut. */
const FIELD_LENGTH_MAX = 2000;

/** Makes a log. Every field passes `redact`, whoever logs it. */
export function createLog(environment: LogEnvironment): Log {
  const write = (level: LogLevel, event: string, fields: LogFields = {}): void => {
    const line: Record<string, unknown> = {
      at: new Date(environment.nowMs()).toISOString(),
      level,
      event: redact(event),
    };
    for (const [name, value] of Object.entries({ ...environment.fields, ...fields })) {
      line[name] = redactField(value);
    }
    environment.write(`${JSON.stringify(line)}\n`);
  };
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  };
}

const LONG_DIGITS = /[0-9](?:[ .-]?[0-9]){11,}/g;

/**
 * Takes out anything with twelve or more digits in a row, also when grouped by blanks, dots or
 * dashes: payment card numbers, member card numbers, long phone numbers.
 */
export function redact(text: string): string {
  return text.slice(0, FIELD_LENGTH_MAX).replace(LONG_DIGITS, '[redacted]');
}

/** An error's message, fit for a log field; never its stack's arguments. */
export function errorText(error: unknown): string {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

function redactField(value: string | number | boolean | null): string | number | boolean | null {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number' && Math.abs(value) >= 1e11) return '[redacted]';
  return value;
}
