import { type ReactNode, useEffect, useState } from 'react';
import { Field } from '#renderer/setup/field.tsx';

/** How long nobody types before it is searched. */
const pauseMs = 250;
/** Most characters that are searched for. */
const lengthMax = 80;

/** A line to search members with: it searches by itself once nobody types any more. */
export function MemberSearch(props: {
  readonly label: string;
  readonly hint?: string;
  readonly onSearch: (text: string) => void;
}): ReactNode {
  const { label, hint, onSearch } = props;
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, onSearch]);
  return (
    <Field
      label={label}
      hint={hint}
      value={text}
      onChange={(next) => setText(next.slice(0, lengthMax))}
      part="member-search"
    />
  );
}
