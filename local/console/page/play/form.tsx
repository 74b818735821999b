/** Fields of the forms, each with its label. */
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

interface FieldProps<Value> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** Names that are shown as they are. */
export const choices = (names: readonly string[]): (readonly [string, string])[] =>
  names.map((name) => [name, name] as const);

/** A field whose value outlives the form. */
export const kept = <Value,>(of: Signal<Value>) => ({
  value: of.value,
  onChange: (value: Value) => {
    of.value = value;
  },
});

export function Choice(props: FieldProps<string> & { options: readonly (readonly [string, string])[] }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        onChange={({ currentTarget }) => {
          props.onChange(currentTarget.value);
        }}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Text(props: FieldProps<string> & { suggestions?: readonly string[]; maxLength?: number }): JSX.Element {
  const id = useId();
  return (
    <div class="field wide">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        spellcheck={false}
        list={`${id}-list`}
        maxLength={props.maxLength}
        value={props.value}
        onInput={({ currentTarget }) => {
          props.onChange(currentTarget.value);
        }}
      />
      <datalist id={`${id}-list`}>
        {props.suggestions?.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </div>
  );
}

/**
 * A number within bounds; what is outside of them is pulled in, so that no wrong action can be made. What is typed stays
 * as it is until the field is left: the form is drawn again each second, and half a number is often below the least.
 */
export function Amount(props: FieldProps<number> & { min: number; max: number; unit?: string }): JSX.Element {
  const id = useId();
  const { min, max, value } = props;
  const [typed, setTyped] = useState<string>();
  const leave = (): void => {
    setTyped(undefined);
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <span class="with-unit">
        <input
          id={id}
          type="number"
          min={min}
          max={max}
          value={typed ?? value}
          onInput={({ currentTarget: { value: text } }) => {
            setTyped(text);
            if (text !== '') props.onChange(Math.round(Math.max(min, Math.min(max, Number(text)))));
          }}
          onChange={leave}
          onBlur={leave}
        />
        {props.unit !== undefined && <span class="muted small">{props.unit}</span>}
      </span>
    </div>
  );
}
