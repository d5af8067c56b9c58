import { expect, test } from 'vitest';
import { engineError } from '#server/database/engine-error.ts';

test('an error of WebAssembly’s file system without a text gets one', () => {
  const thrown = Object.assign(new Error(''), { name: 'ErrnoError', errno: 54 });
  expect(engineError(thrown).message).toBe(
    'The embedded database failed: ErrnoError {"name":"ErrnoError","errno":54}',
  );
});

test('what is no error becomes one, and an error that says something stays', () => {
  expect(engineError({ status: 1 }).message).toBe('The embedded database failed: {"status":1}');
  const said = new Error('No space left');
  expect(engineError(said)).toBe(said);
});
