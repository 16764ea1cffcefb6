// What differs, path by path: before above after, marked by sign as well as by colour.
import type { Change } from "../lib/json-changes.ts";
import classes from "./ChangesList.module.css";

const SHOWN_CHARACTERS = 600;

type Props = { changes: readonly Change[]; none: string };

export function ChangesList({ changes, none }: Props) {
  if (changes.length === 0) return <p className={classes.none}>{none}</p>;
  return (
    <ul className={classes.list}>
      {changes.map((change) => (
        <li key={change.path} className={classes.change}>
          <code className={classes.path}>{pathWords(change.path)}</code>
          {"before" in change && <Side sign="−" word="Before" value={change.before} />}
          {"after" in change && <Side sign="+" word="After" value={change.after} />}
        </li>
      ))}
    </ul>
  );
}

function Side({ sign, word, value }: { sign: string; word: string; value: unknown }) {
  return (
    <pre className={classes.side} data-sign={sign}>
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{word}: </span>
      <code>{shortJson(value)}</code>
    </pre>
  );
}

/** `/columns/clicks/required` reads as `columns › clicks › required`. */
function pathWords(path: string): string {
  const keys = path.split("/").slice(1);
  const words = keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return words.length === 0 ? "The whole document" : words.join(" › ");
}

/** One line where it fits, several where it does not, and never without an end. */
function shortJson(value: unknown): string {
  const line = JSON.stringify(value) ?? "";
  const text = line.length > 60 ? JSON.stringify(value, null, 2) : line;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} …` : text;
}
