/** What Stryker hands over of Babel's syntax tree; only what is looked at here. */
interface Node {
  readonly type: string;
  readonly test?: unknown;
  readonly callee?: { readonly type: string; readonly name?: string };
  readonly argument?: Node | null;
  readonly consequent?: readonly Node[];
}

interface Path {
  readonly node: Node;
  readonly key: string | number;
  readonly parent: Node | undefined;
}

const calls = (node: Node | null | undefined, name: string): boolean =>
  node?.type === 'CallExpression' && node.callee?.name === name;

/** A `default:` that ends in `assertNever`: the compiler proves that nothing gets there. */
function isUnreachable({ node }: Path): boolean {
  if (node.type !== 'SwitchCase' || node.test !== null) return false;
  return (node.consequent ?? []).some(
    (statement) => statement.type === 'ReturnStatement' && calls(statement.argument, 'assertNever'),
  );
}

/** The message of an `assert`: it is for the person who reads the bug report. */
function isMessage({ node, key, parent }: Path): boolean {
  return node.type === 'StringLiteral' && key === 1 && calls(parent, 'assert');
}

/** Faults that are not seeded, each kind with its reason; Stryker loads this as a plugin. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'unreachable',
    value: {
      shouldIgnore(path: Path): string | undefined {
        if (isUnreachable(path)) return 'the compiler proves that nothing gets here';
        return isMessage(path) ? 'the message of an assertion' : undefined;
      },
    },
  },
] as const;
