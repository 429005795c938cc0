// Collects what was measured beside its goal, and prints both as a table.

export class Report {
  #rows = [];

  /** `value` is measured; `limit` is `<= 5`, `>= 58`, or a plain value that it must equal. */
  add(goal, what, value, limit, unit = '', notes = '') {
    const [, operator, number] = /^(<=|>=)?\s*(.*)$/.exec(String(limit));
    const passes =
      operator === '<='
        ? value <= Number(number)
        : operator === '>='
          ? value >= Number(number)
          : String(value) === number;
    const shown = typeof value === 'number' ? Math.round(value * 100) / 100 : value;
    this.#rows.push({ goal, what, value: `${shown}${unit && ` ${unit}`}`, limit: `${limit}`, passes });
    process.stdout.write(`${passes ? 'pass' : 'FAIL'}  ${goal}  ${what}: ${shown} ${unit} (goal ${limit})\n`);
    if (!passes && notes !== '') process.stdout.write(`      ${notes}\n`);
  }

  /** What is worth knowing and has no goal of its own. */
  tell(goal, what, value, unit) {
    const shown = `${Math.round(value * 100) / 100} ${unit}`;
    this.#rows.push({ goal, what, value: shown, limit: '', passes: null });
    process.stdout.write(`      ${goal}  ${what}: ${shown}\n`);
  }

  /** Prints the table and sets the exit code. */
  end() {
    const rows = this.#rows.sort((a, b) => Number(a.goal) - Number(b.goal));
    const wide = (key, least) => Math.max(least, ...rows.map((row) => row[key].length));
    const sizes = { what: wide('what', 4), value: wide('value', 5), limit: wide('limit', 4) };
    process.stdout.write('\n');
    for (const row of [{ goal: '#', what: 'what', value: 'value', limit: 'goal', passes: 'pass' }, ...rows]) {
      const pass = { true: 'yes', false: 'NO', null: '' }[row.passes] ?? row.passes;
      const cells = [
        String(row.goal).padStart(2),
        row.what.padEnd(sizes.what),
        row.value.padEnd(sizes.value),
        row.limit.padEnd(sizes.limit),
      ];
      process.stdout.write(`| ${cells.join(' | ')} | ${pass.padEnd(4)} |\n`);
    }
    const [passed, failed] = [true, false].map((which) => rows.filter(({ passes }) => passes === which).length);
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
}
