import { onlyFollows } from './database.ts';

/**
 * Statements of one transaction that are sent without waiting for each other.
 *
 * The database runs them in the order they were sent, so that a later one sees what an earlier one
 * did; only answers are waited for together. While it works, this thread is free for the next push.
 */
export interface Pipeline {
  /** Notes a statement that was sent; its failure is thrown by `done`, wherever its answer is used. */
  send<Value>(answer: Promise<Value>): Promise<Value>;
  /**
   * Waits for everything that was sent. Throws the first failure that is one: the others say no more
   * than that the transaction had failed already, and may be those of work that was begun earlier.
   */
  done(): Promise<void>;
}

/** Makes one. Whoever sends must call `done` before the transaction ends, also after a failure. */
function createPipeline(): Pipeline {
  const sent: Promise<unknown>[] = [];
  return {
    send(answer) {
      answer.catch(() => undefined);
      sent.push(answer);
      return answer;
    },
    async done() {
      const failures: unknown[] = [];
      // An answer may have sent more.
      while (sent.length > 0) {
        for (const outcome of await Promise.allSettled(sent.splice(0))) {
          if (outcome.status === 'rejected') failures.push(outcome.reason);
        }
      }
      if (failures.length > 0) throw failures.find((one) => !onlyFollows(one)) ?? failures[0];
    },
  };
}

/** Runs work that sends statements ahead, and waits for all of them, whatever becomes of it. */
export async function inPipeline<Value>(work: (line: Pipeline) => Promise<Value>): Promise<Value> {
  const line = createPipeline();
  let value: Value;
  try {
    value = await work(line);
  } catch (error) {
    await line.done();
    throw error;
  }
  await line.done();
  return value;
}
