// A file at hand that a pipeline is tried on before anything came. It stays in this browser beside
// the draft, so that both are there again after a reload.
import { useLocalStorage } from "@mantine/hooks";

export type Sample = {
  name: string;
  /** The bytes, as a dry run takes them. */
  base64: string;
  /** Only the beginning of the file fits. */
  shortened: boolean;
};

const LARGEST_BYTES = 512 << 10;
const LINE_FEED = 10;

export function useSample(pipeline: string) {
  const [sample, set, forget] = useLocalStorage<Sample | null>({
    key: keyOf(pipeline),
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return { sample, set, forget };
}

/** For a pipeline whose editor is not open yet. */
export function keepSample(pipeline: string, sample: Sample) {
  localStorage.setItem(keyOf(pipeline), JSON.stringify(sample));
}

const keyOf = (pipeline: string) => `pipeline-sample:${pipeline}`;

/** The beginning of a file, up to the end of a line. */
export async function readSample(file: File): Promise<{ sample: Sample; text: string }> {
  const all = new Uint8Array(await file.slice(0, LARGEST_BYTES).arrayBuffer());
  const shortened = file.size > LARGEST_BYTES;
  const bytes = shortened ? all.slice(0, all.lastIndexOf(LINE_FEED) + 1) : all;
  return {
    sample: { name: file.name, base64: base64Of(bytes), shortened },
    text: new TextDecoder().decode(bytes),
  };
}

function base64Of(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return btoa(letters.join(""));
}
