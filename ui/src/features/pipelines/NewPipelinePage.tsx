// A pipeline of the org's own, for files: begun from an example, finished in the editor.
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { pipelinesQuery } from "../../api/pipelines.ts";
import { shapeOf } from "../../lib/csv-shape.ts";
import { prettyJson } from "../../lib/json-pretty.ts";
import { org } from "../../lib/paths.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { SetUpForm, SetUpPage } from "../../ui/SetUp.tsx";
import { beginDraft } from "../../ui/useDraft.ts";
import classes from "./NewPipeline.module.css";
import { columnName, proposeSpec } from "./propose.ts";
import { SampleInput } from "./SampleInput.tsx";
import { keepSample, type Sample } from "./useSample.ts";

export function NewPipelinePage() {
  return (
    <SetUpPage
      list={{ label: "Pipelines", to: org.pipelines() }}
      needs="manage pipelines"
      title="Describe a file"
      context="A pipeline says what a kind of file looks like and what its columns mean. Nothing is read until it is saved and turned on."
    >
      <Form />
    </SetUpPage>
  );
}

type Example = { sample: Sample; text: string };

function Form() {
  const go = useGo();
  const pipelines = useQuery(pipelinesQuery);
  const [title, setTitle] = useState("");
  const [typedName, setName] = useState<string | null>(null);
  const [dsp, setDsp] = useState("");
  const [example, setExample] = useState<Example | null>(null);
  const name = typedName ?? nameOf(title);
  const taken = pipelines.data?.items.some(({ pipeline }) => pipeline === name) ?? false;
  const shape = example === null ? null : shapeOf(example.text);
  const ready = title.trim() !== "" && name !== "" && dsp !== "" && !taken;

  const begin = () => {
    const file = example && shape ? { name: example.sample.name, shape } : null;
    beginDraft(name, prettyJson(proposeSpec({ name, title: title.trim(), dsp }, file)));
    if (example) keepSample(name, example.sample);
    go(org.editPipeline(name));
  };
  return (
    <SetUpForm
      verb="Continue"
      ready={ready}
      back={org.pipelines()}
      onSubmit={begin}
      remark={
        !example && (
          <p className="small quieter">
            Without an example you begin with a template. A manifest from elsewhere can be pasted
            over it.
          </p>
        )
      }
    >
      <TextInput
        label="Title"
        placeholder="The Trade Desk, daily"
        required
        withAsterisk={false}
        maxLength={80}
        autoComplete="off"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <div className={classes.pair}>
        <TextInput
          label="Name"
          description="Stands in histories; cannot be changed later."
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={taken ? "There is a pipeline of this name." : null}
          onChange={(event) => setName(cleaned(event.currentTarget.value))}
        />
        <TextInput
          label="Platform"
          description="Whose figures they are: ttd, amazon, meta."
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          maxLength={31}
          value={dsp}
          onChange={(event) => setDsp(cleaned(event.currentTarget.value))}
        />
      </div>
      <SampleInput
        label="Example file"
        description="A first description is made from its header. The file stays in this browser."
        name={example?.sample.name ?? null}
        onRead={(sample, text) => setExample({ sample, text })}
        onForget={() => setExample(null)}
      />
      {example && <Found shape={shape} />}
    </SetUpForm>
  );
}

function Found({ shape }: { shape: ReturnType<typeof shapeOf> }) {
  if (shape === null) {
    return (
      <p className="small" role="status">
        No table was recognised in this file. You can continue and describe it yourself.
      </p>
    );
  }
  return (
    <p className="small quiet" role="status">
      {shape.header.length} columns:{" "}
      <span className={classes.headers}>{shape.header.join(", ")}</span>
    </p>
  );
}

const cleaned = (text: string) => text.toLowerCase().replace(/[^a-z0-9_]+/g, "_");

function nameOf(title: string): string {
  return title.trim() === "" ? "" : columnName(title);
}
