// Collects what was measured beside its goal, and prints both as a table.

const shown = (value, unit) =>
  `${typeof value === 'number' ? Math.round(value * 100) / 100 : value}${unit && ` ${unit}`}`;

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
    this.#rows.push({ goal, what, value: shown(value, unit), limit: `${limit}`, pass: passes ? 'yes' : 'NO' });
    process.stdout.write(`${passes ? 'pass' : 'FAIL'}  ${goal}  ${what}: ${shown(value, unit)} (goal ${limit})\n`);
    if (!passes && notes !== '') process.stdout.write(`      ${notes}\n`);
  }

  /** What is worth knowing and has no goal of its own. */
  tell(goal, what, value, unit) {
    this.#rows.push({ goal, what, value: shown(value, unit), limit: '', pass: '' });
    process.stdout.write(`      ${goal}  ${what}: ${shown(value, unit)}\n`);
  }

  /** Prints the table and sets the exit code. */
  end() {
    const rows = this.#rows.sort((a, b) => Number(a.goal) - Number(b.goal));
    const wide = (key, least) => Math.max(least, ...rows.map((row) => row[key].length));
    const sizes = { what: wide('what', 4), value: wide('value', 5), limit: wide('limit', 4) };
    process.stdout.write('\n');
    for (const row of [{ goal: '#', what: 'what', value: 'value', limit: 'goal', pass: 'pass' }, ...rows]) {
      const cells = [
        String(row.goal).padStart(2),
        row.what.padEnd(sizes.what),
        row.value.padEnd(sizes.value),
        row.limit.padEnd(sizes.limit),
      ];
      process.stdout.write(`| ${cells.join(' | ')} | ${row.pass.padEnd(4)} |\n`);
    }
    const [passed, failed] = ['yes', 'NO'].map((which) => rows.filter(({ pass }) => pass === which).length);
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
}
