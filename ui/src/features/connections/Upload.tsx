// Handing files over: choose or drop them, see them go, and why one did not.
import { Button, CloseButton, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, type DragEvent, useRef, useState } from "react";
import { bytes } from "../../lib/bytes.ts";
import { fullSentence } from "../../lib/sentence.ts";
import classes from "./Drop.module.css";
import { type Sending, useUploads } from "./useUploads.ts";

export function Upload({ connectionId }: { connectionId: string }) {
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const uploads = useUploads(connectionId, () => {
    void queries.invalidateQueries({ queryKey: ["connections", connectionId, "files"] });
    void queries.invalidateQueries({ queryKey: ["syncs"] });
  });
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    uploads.send([...(event.currentTarget.files ?? [])]);
    // So that the same file can be chosen again.
    event.currentTarget.value = "";
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    uploads.send([...event.dataTransfer.files]);
  };
  return (
    <section className={classes.section} aria-labelledby="upload">
      <h2 id="upload">Deliver a file</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first */}
      <div
        className={classes.zone}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Button onClick={() => input.current?.click()}>Choose files</Button>
        <p className="small quieter">
          or drop them here. CSV in UTF-8, up to 10 MB each. The same file twice is read once.
        </p>
        <input
          ref={input}
          type="file"
          multiple
          accept=".csv,.tsv,.txt,text/csv"
          aria-label="Files to deliver"
          className="sr-only"
          tabIndex={-1}
          onChange={onChange}
        />
      </div>
      {uploads.items.length > 0 && (
        <ul className={classes.uploads} aria-label="Uploads">
          {uploads.items.map((item) => (
            <Item key={item.id} item={item} onEnd={() => uploads.end(item.id)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ item, onEnd }: { item: Sending; onEnd: () => void }) {
  const { file, share, error } = item;
  return (
    <li>
      <div className={classes.upload}>
        <span className={classes.uploadName}>{file.name}</span>
        <span className="quieter num">
          {error ? bytes(file.size) : `${Math.round(share * 100)} % of ${bytes(file.size)}`}
        </span>
        <CloseButton
          size="sm"
          aria-label={error ? `Dismiss ${file.name}` : `Stop ${file.name}`}
          onClick={onEnd}
        />
      </div>
      {error ? (
        <p role="alert" className={classes.problem}>
          {fullSentence(error)}
        </p>
      ) : (
        <Progress value={share * 100} size={4} aria-label={`${file.name}, sent`} />
      )}
    </li>
  );
}
