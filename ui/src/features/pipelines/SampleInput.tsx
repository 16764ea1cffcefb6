// Choosing a file of one's own to try a pipeline on.
import { Button, CloseButton } from "@mantine/core";
import { type ChangeEvent, useId, useRef } from "react";
import classes from "./NewPipeline.module.css";
import { readSample, type Sample } from "./useSample.ts";

type Props = {
  label: string;
  description?: string;
  /** Of the file that is chosen. */
  name: string | null;
  onRead: (sample: Sample, text: string) => void;
  onForget: () => void;
};

export function SampleInput({ label, description, name, onRead, onForget }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.currentTarget.files ?? [];
    event.currentTarget.value = "";
    if (file) void readSample(file).then(({ sample, text }) => onRead(sample, text));
  };
  return (
    <div className={classes.sample}>
      <label htmlFor={id} className={classes.label}>
        {label}
      </label>
      {description && <p className="tiny quieter">{description}</p>}
      <div className="row">
        <Button variant="default" size="compact-md" onClick={() => input.current?.click()}>
          {name === null ? "Choose a file" : "Choose another"}
        </Button>
        {name !== null && (
          <>
            <span className={classes.chosen}>{name}</span>
            <CloseButton size="sm" aria-label={`Take ${name} away`} onClick={onForget} />
          </>
        )}
      </div>
      <input
        ref={input}
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className="sr-only"
        tabIndex={-1}
        onChange={onChange}
      />
    </div>
  );
}
