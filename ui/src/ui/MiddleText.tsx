// A name that is cut in its middle when there is no room: names of orders and line items differ
// at their end as often as at their beginning.
import classes from "./MiddleText.module.css";

const TAIL = 10;

type Props = { text: string; className?: string | undefined };

export function MiddleText({ text, className = "" }: Props) {
  const letters = [...text];
  const cut = Math.max(0, letters.length - TAIL);
  return (
    <span className={`${classes.text} ${className}`} title={text}>
      <span className={classes.head} aria-hidden="true">
        {letters.slice(0, cut).join("")}
      </span>
      <span className={classes.tail} aria-hidden="true">
        {letters.slice(cut).join("")}
      </span>
      <span className="sr-only">{text}</span>
    </span>
  );
}
