/** How long the browser has to begin with a file before its memory is given back. */
const keptMs = 60_000;

/** Hands a text to whoever sits at the screen, as a file of that name. */
export function downloadCsv(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keptMs);
}
