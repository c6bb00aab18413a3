export function domId(noun: string, id: string | number): string {
  return `${noun}-${id}`;
}
