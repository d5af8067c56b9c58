import { memberCommand, pointsCommand, saleCommand, timeCommand } from './commands.ts';
import type { Fields } from './parts.ts';
import { ledgerQuestion } from './questions.ts';

const shapes: readonly Fields[] = [
  ...[...saleCommand.options, ...pointsCommand.options, ...memberCommand.options],
  ...[...timeCommand.options, ...ledgerQuestion.options],
].map(({ shape }) => shape);

/** Each command and question by its name, with the fields it has. */
const byName = new Map(
  shapes.map((shape) => [Object(shape['command'] ?? shape['ask']).value, shape] as const),
);

/**
 * A command or question with what it has in common with the others of its file.
 *
 * The instant, the programme or the member of a whole list need not stand in each row: of what is
 * common a row takes the fields it has, and what it says itself goes first. An unknown name stays as
 * it is, for the schema to refuse.
 */
export function withCommon(of: Fields, common: Fields): Fields {
  const shape = byName.get(of['command'] ?? of['ask']) ?? {};
  const known = Object.entries(common).filter(([key]) => key in shape);
  return { ...Object.fromEntries(known), ...of };
}
