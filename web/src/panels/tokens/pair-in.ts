/** What a text of this panel is to others: "name, tag", as a claim is sent here, or one tag. */
export function pairIn(text: string): { name: string; tag: string } {
  const [name = '', tag = '', ...more] = text.split(',').map((part) => part.trim());
  return name !== '' && tag !== '' && more.length === 0
    ? { name, tag }
    : { name: '', tag: text.trim() };
}
