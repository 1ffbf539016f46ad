interface ChoiceProps<Value extends string> {
  /** What is chosen, for screen readers. */
  name: string;
  /** Value → what it is called. */
  options: Readonly<Partial<Record<Value, string>>>;
  chosen: Value;
  choose: (to: Value) => void;
}

/** A few values side by side, one of them chosen. */
export function Choice<Value extends string>({
  name,
  options,
  chosen,
  choose,
}: ChoiceProps<Value>) {
  return (
    <div class="settings-choice" role="radiogroup" aria-label={name}>
      {(Object.entries(options) as [Value, string][]).map(([value, called]) => (
        <label key={value}>
          <input
            type="radio"
            class="said"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => choose(value)}
          />
          <span>{called}</span>
        </label>
      ))}
    </div>
  );
}
