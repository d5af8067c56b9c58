import { syncContract, type SyncCall, type SyncInput, type SyncOutput } from '#contract/sync.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { LinkProblem, ServerLink, Timer } from './ports.ts';

/**
 * Asks the server and believes nothing: the wait ends at `timeoutMs` whatever the link does, and an
 * answer that is not exactly what the contract says is no answer.
 */
export async function askServer<Call extends SyncCall>(
  link: ServerLink,
  timer: Timer,
  name: Call,
  input: SyncInput<Call>,
  timeoutMs: number,
): Promise<Result<SyncOutput<Call>, LinkProblem>> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<Result<unknown, LinkProblem>>();
  const cancel = timer.after(timeoutMs, () =>
    giveUp(err({ code: 'timeout', detail: `${name} took longer than ${timeoutMs} ms` })),
  );
  const answer = await Promise.race([call(link, name, input, timeoutMs), late]);
  cancel();
  if (!answer.ok) return answer;
  const output = syncContract[name].output.safeParse(answer.value);
  if (output.success) return ok(output.data as SyncOutput<Call>);
  const where = output.error.issues[0]?.path.join('.') ?? '';
  return err({ code: 'bad-answer', detail: `${name}: ${where}`.slice(0, 200) });
}

async function call<Call extends SyncCall>(
  link: ServerLink,
  name: Call,
  input: SyncInput<Call>,
  timeoutMs: number,
): Promise<Result<unknown, LinkProblem>> {
  try {
    return await link.call(name, input, timeoutMs);
  } catch {
    return err({ code: 'unreachable', detail: `${name}: the link itself failed` });
  }
}
