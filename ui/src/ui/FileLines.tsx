// Lines of a file as they were received, with the one that matters marked. What is in them is
// text, whatever it looks like.
import classes from "./FileLines.module.css";

export type FileLine = { line: number; text: string };

type Props = { lines: readonly FileLine[]; marked?: number | null | undefined; label: string };

export function FileLines({ lines, marked, label }: Props) {
  return (
    <section
      className={classes.frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table className={classes.lines}>
        <tbody>
          {lines.map(({ line, text }) => (
            <tr key={line} data-marked={line === marked || undefined}>
              <th scope="row">
                {line === marked && <span className="sr-only">This line: </span>}
                {line}
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
