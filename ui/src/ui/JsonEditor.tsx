// A text area with line numbers, colours and marked lines. The text is a plain text area on top
// of its coloured copy, so that typing, undo and assistive tools work as everywhere.
import {
  type ChangeEvent,
  type KeyboardEvent,
  memo,
  type Ref,
  useImperativeHandle,
  useRef,
} from "react";
import classes from "./JsonEditor.module.css";
import { indentAfter, partsOf } from "./json-parts.ts";

const LINE_HEIGHT = 20;
const LINES_ABOVE = 4;

export type EditorHandle = { jump: (place: { line: number; start: number; end: number }) => void };

type Props = {
  text: string;
  onChange: (text: string) => void;
  /** Ctrl-S or Cmd-S. */
  onSave?: () => void;
  label: string;
  /** Lines with something wrong on them. */
  marked: ReadonlySet<number>;
  describedBy?: string | undefined;
  className?: string | undefined;
  readOnly?: boolean;
  ref?: Ref<EditorHandle>;
};

export function JsonEditor({
  text,
  onChange,
  onSave,
  label,
  marked,
  describedBy,
  readOnly,
  className = "",
  ref,
}: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const lines = text.split("\n");
  useImperativeHandle(ref, () => ({
    jump: ({ line, start, end }) => {
      area.current?.focus({ preventScroll: true });
      area.current?.setSelectionRange(start, end);
      const top = Math.max(0, (line - 1 - LINES_ABOVE) * LINE_HEIGHT);
      frame.current?.scrollTo({ top, left: 0 });
      // Where the page is taller than the window, the editor itself may be out of sight.
      frame.current?.scrollIntoView({ block: "nearest" });
    },
  }));

  /** A new line keeps the indent of the one above, one step deeper after an opening mark. */
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && onSave) {
      event.preventDefault();
      return onSave();
    }
    if (event.key !== "Enter" || event.shiftKey || readOnly) return;
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    event.preventDefault();
    const added = `\n${indentAfter(value.slice(0, selectionStart))}`;
    insert(event.currentTarget, added, selectionStart, selectionEnd);
  };
  return (
    <div ref={frame} className={`${classes.frame} ${className}`}>
      <div className={classes.gutter} aria-hidden="true">
        {lines.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <span key={index} data-marked={marked.has(index + 1) || undefined}>
            {index + 1}
          </span>
        ))}
      </div>
      <div className={classes.paper}>
        <pre className={classes.colours} aria-hidden="true">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <Line key={index} text={line} marked={marked.has(index + 1)} />
          ))}
        </pre>
        <textarea
          ref={area}
          className={classes.area}
          aria-label={label}
          aria-describedby={describedBy}
          aria-invalid={marked.size > 0}
          value={text}
          readOnly={readOnly}
          onChange={(event: ChangeEvent<HTMLTextAreaElement>) =>
            onChange(event.currentTarget.value)
          }
          onKeyDown={onKeyDown}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
        />
      </div>
    </div>
  );
}

const Line = memo(function Line({ text, marked }: { text: string; marked: boolean }) {
  return (
    <span className={classes.line} data-marked={marked || undefined}>
      {partsOf(text).map(({ kind, text: part }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one line, drawn anew with it
        <span key={index} data-kind={kind}>
          {part}
        </span>
      ))}
      {"\n"}
    </span>
  );
});

/** As typed, so that the browser's own undo knows it; where that is not offered, set. */
function insert(area: HTMLTextAreaElement, added: string, start: number, end: number) {
  if (document.execCommand?.("insertText", false, added)) return;
  area.setRangeText(added, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
