// Files on their way, one after the other; those that arrived leave the list, refused ones say why.
import { useRef, useState } from "react";
import { uploadFile } from "../../api/deliveries.ts";
import { ApiError } from "../../api/errors.ts";

export type Sending = { id: number; file: File; share: number; error: string | null };

const LARGEST_BYTES = 10 << 20;

export function useUploads(connectionId: string, onArrived: () => void) {
  const [items, setItems] = useState<readonly Sending[]>([]);
  const count = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  const change = (id: number, part: Partial<Sending>) =>
    setItems((now) => now.map((item) => (item.id === id ? { ...item, ...part } : item)));
  const remove = (id: number) => setItems((now) => now.filter((item) => item.id !== id));

  const sendOne = async ({ id, file }: Sending) => {
    const stop = stops.current.get(id);
    if (stop === undefined || stop.signal.aborted) return;
    const onProgress = (share: number) => change(id, { share });
    try {
      await uploadFile({ connectionId, file, onProgress, signal: stop.signal });
      remove(id);
      onArrived();
    } catch (error) {
      if (!stop.signal.aborted) change(id, { error: wordsOf(error) });
    } finally {
      stops.current.delete(id);
    }
  };

  const send = async (files: readonly File[]) => {
    const fresh = files.map((file): Sending => {
      count.current += 1;
      return { id: count.current, file, share: 0, error: refusal(file) };
    });
    setItems((now) => [...now, ...fresh]);
    const sound = fresh.filter(({ error }) => error === null);
    for (const { id } of sound) stops.current.set(id, new AbortController());
    for (const item of sound) await sendOne(item);
  };

  return {
    items,
    send: (files: readonly File[]) => void send(files),
    /** Stops it if it is on its way. */
    end: (id: number) => {
      stops.current.get(id)?.abort();
      remove(id);
    },
  };
}

/** What the cell would say anyway, before megabytes are sent for it. */
function refusal({ size }: File): string | null {
  if (size === 0) return "The file is empty";
  if (size > LARGEST_BYTES) {
    return "The file has more than 10 MB; deliver it in parts, or into the folder";
  }
  return null;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something failed in this page; choose the file again";
  return error.temporary ? `${error.message} Choose the file again in a moment` : error.message;
}
