/** The services write messages to follow a colon; on a page they begin a sentence. */
export function sentence(message: string): string {
  return message.charAt(0).toLocaleUpperCase() + message.slice(1);
}
