// Lines of a file as they were received, with the one that matters marked. What is in them is
// text, whatever it looks like.
import classes from "./FileLines.module.css";

export type FileLine = { number: number; text: string; shortened?: boolean };

type Props = {
  lines: readonly FileLine[];
  /** The first line of the file, where it is not among the others. */
  header?: FileLine | null | undefined;
  marked?: number | null | undefined;
  label: string;
};

export function FileLines({ lines, header, marked, label }: Props) {
  const isApart = header != null && !lines.some(({ number }) => number === header.number);
  return (
    <section
      className={classes.frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table className={classes.lines}>
        <tbody>
          {isApart && <Row line={header} gap={lines.length > 0} />}
          {lines.map((line) => (
            <Row key={line.number} line={line} marked={line.number === marked} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = { line: FileLine; marked?: boolean; gap?: boolean };

function Row({ line, marked = false, gap = false }: RowProps) {
  return (
    <tr data-marked={marked || undefined} data-gap={gap || undefined}>
      <th scope="row">
        {marked && <span className="sr-only">This line: </span>}
        {line.number}
      </th>
      <td>
        {line.text}
        {line.shortened && " …"}
      </td>
    </tr>
  );
}
