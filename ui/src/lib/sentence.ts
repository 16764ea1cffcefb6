/** A message as a sentence of its own, before another one. */
export function fullSentence(message: string): string {
  const text = sentence(message.trim());
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** The services write messages to follow a colon; on a page they begin a sentence. */
export function sentence(message: string): string {
  return message.charAt(0).toLocaleUpperCase() + message.slice(1);
}

/** `line_item_id` reads as "Line item id". */
export function plain(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
